/* SPDX-License-Identifier: Apache-2.0 */
#include "base/macros.h"
#include "base/random.h"
#include "isolate/death_record.h"

#include "cases.h"

#define SECOND NS_PER_SECOND

static struct random dice;

static unsigned int die(struct death_records *records, const char *plugin,
	const char *only, const char *blamed, int64_t now_ns)
{
	struct death death = { plugin, only, blamed, now_ns, 0 };

	death_records_add(records, &death, &dice);
	return death.n;
}

static void the_first_death_makes_nobody_wait(void **state)
{
	struct death_records records = { 0 };

	(void)state;
	assert_int_equal(death_records_wait(&records, "a", NULL, SECOND), 0);
	assert_int_equal(die(&records, "a", NULL, NULL, SECOND), 1);
	assert_int_equal(death_records_wait(&records, "a", NULL, SECOND), 0);
	death_records_finish(&records);
}

static void further_deaths_wait_longer_and_many_park_it(void **state)
{
	struct death_records records = { 0 };
	int64_t now_ns = SECOND, most_ns = DEATH_FIRST_NS;

	(void)state;
	die(&records, "a", NULL, NULL, now_ns);
	for (unsigned int n = 2; n < DEATH_MANY; n++) {
		int64_t wait_ns;

		assert_int_equal(die(&records, "a", NULL, NULL, now_ns), n);
		wait_ns = death_records_wait(&records, "a", NULL, now_ns);
		assert_in_range(wait_ns, 1, most_ns);
		most_ns *= 2;
	}
	assert_int_equal(die(&records, "a", NULL, NULL, now_ns), DEATH_MANY);
	assert_int_equal(
		death_records_wait(&records, "a", NULL, now_ns), DEATH_PARKED_NS);
	assert_int_equal(
		death_records_wait(&records, "a", NULL, now_ns + DEATH_PARKED_NS), 0);
	death_records_finish(&records);
}

static void deaths_of_long_ago_do_not_count(void **state)
{
	struct death_records records = { 0 };

	(void)state;
	for (int i = 0; i < 3 * DEATH_MANY; i++)
		assert_int_equal(
			die(&records, "a", NULL, NULL, SECOND + i * DEATH_WINDOW_NS), 1);
	death_records_finish(&records);
}

static void each_kind_of_child_has_a_record_of_its_own(void **state)
{
	struct death_records records = { 0 };

	(void)state;
	assert_int_equal(die(&records, "a", NULL, "x", SECOND), 1);
	assert_int_equal(die(&records, "a", NULL, "x", SECOND), 2);
	assert_int_equal(die(&records, "b", NULL, NULL, SECOND), 1);
	assert_int_equal(die(&records, "a", "x", NULL, SECOND), 1);
	assert_int_equal(death_records_wait(&records, "b", NULL, SECOND), 0);
	death_records_finish(&records);
}

static void who_is_blamed_is_counted(void **state)
{
	struct death_records records = { 0 };

	(void)state;
	assert_int_equal(death_records_blame(&records, "x"), 0);
	die(&records, "a", NULL, "x", SECOND);
	die(&records, "a", NULL, "y", SECOND);
	die(&records, "a", NULL, "x", SECOND);
	assert_int_equal(death_records_blame(&records, "x"), 2);
	assert_int_equal(death_records_blame(&records, "y"), 1);
	death_records_finish(&records);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(the_first_death_makes_nobody_wait),
	cmocka_unit_test(further_deaths_wait_longer_and_many_park_it),
	cmocka_unit_test(deaths_of_long_ago_do_not_count),
	cmocka_unit_test(each_kind_of_child_has_a_record_of_its_own),
	cmocka_unit_test(who_is_blamed_is_counted),
};

CASES_MAIN(cases)
