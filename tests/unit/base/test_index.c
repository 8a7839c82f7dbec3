/* SPDX-License-Identifier: Apache-2.0 */
#include "base/checksum.h"
#include "base/index.h"
#include "base/random.h"

#include "cases.h"

enum { N_VALUES = 2000 };

static bool equal_number(const void *context, uint32_t value)
{
	return *(const uint32_t *)context == value;
}

static uint64_t few_hashes(uint32_t value)
{
	return value % 64; /* long chains and wrap-around */
}

/* Against a plain array: random adds and removes, all found or not as they should. */
static void behaves_like_a_set_also_with_colliding_hashes(void **state)
{
	static bool present[N_VALUES];
	struct index index = { 0 };
	struct random random;
	size_t n = 0;

	(void)state;
	random_seed(&random, 7);
	for (int step = 0; step < 20000; step++) {
		uint32_t value = (uint32_t)random_below(&random, N_VALUES);

		if (present[value]) {
			index_remove(&index, few_hashes(value), value);
			n--;
		} else {
			assert_int_equal(index_add(&index, few_hashes(value), value), 0);
			n++;
		}
		present[value] = !present[value];
		assert_int_equal(index.n, n);
		value = (uint32_t)random_below(&random, N_VALUES);
		assert_int_equal(
			index_find(&index, few_hashes(value), equal_number, &value),
			present[value] ? value : INDEX_NONE);
	}
	for (uint32_t value = 0; value < N_VALUES; value++)
		assert_int_equal(
			index_find(&index, few_hashes(value), equal_number, &value),
			present[value] ? value : INDEX_NONE);
	index_finish(&index);
}

static void an_empty_index_finds_nothing(void **state)
{
	struct index index = { 0 };
	uint32_t value = 1;

	(void)state;
	assert_int_equal(index_find(&index, 1, equal_number, &value), INDEX_NONE);
	index_remove(&index, 1, 1);
	index_finish(&index);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(behaves_like_a_set_also_with_colliding_hashes),
	cmocka_unit_test(an_empty_index_finds_nothing),
};

CASES_MAIN(cases)
