/* SPDX-License-Identifier: Apache-2.0 */
#include "base/complaint.h"
#include "base/macros.h"

#include "cases.h"

static void the_first_failure_and_growing_intervals_are_told(void **state)
{
	struct complaint complaint = { 0 };
	int64_t told_at[16];
	size_t n = 0;

	(void)state;
	for (int64_t second = 0; second < 4 * 3600; second++) {
		if (complaint_fails(&complaint, second * NS_PER_SECOND))
			told_at[n++] = second;
	}
	assert_int_equal(n, 9);
	assert_int_equal(told_at[0], 0);
	assert_int_equal(told_at[1], 60);
	assert_int_equal(told_at[2], 180);
	assert_int_equal(told_at[3], 420);
	assert_int_equal(told_at[8] - told_at[7], 3600);
}

static void the_recovery_is_told_once(void **state)
{
	struct complaint complaint = { 0 };
	uint64_t failures;
	int64_t span_ns;

	(void)state;
	assert_false(complaint_recovers(&complaint, 1, &failures, &span_ns));
	complaint_fails(&complaint, 10);
	complaint_fails(&complaint, 20);
	assert_true(complaint_recovers(&complaint, 40, &failures, &span_ns));
	assert_int_equal(failures, 2);
	assert_int_equal(span_ns, 30);
	assert_false(complaint_recovers(&complaint, 50, &failures, &span_ns));
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(the_first_failure_and_growing_intervals_are_told),
	cmocka_unit_test(the_recovery_is_told_once),
};

CASES_MAIN(cases)
