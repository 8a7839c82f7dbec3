/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of series: given out, given back, given out again. */
#include "host/series_table.h"

#include "base/buffer.h"
#include "base/text.h"

#include "cases.h"

#include <errno.h>
#include <stdio.h>

static uint32_t add(struct series_table *table, uint32_t i)
{
	char text[32];
	uint32_t number = UINT32_MAX;

	snprintf(text, sizeof(text), "series %u", i);
	assert_int_equal(series_table_add(table, 0, slice_of(text), &number), 0);
	return number;
}

static void the_same_definition_has_the_same_number(void **state)
{
	struct series_table table;

	(void)state;
	series_table_init(&table, 1000);
	for (uint32_t round = 0; round < 3; round++) {
		for (uint32_t i = 0; i < 500; i++)
			assert_int_equal(add(&table, i), i);
	}
	assert_int_equal(table.n_live, 500);
	series_table_finish(&table);
}

static void a_forgotten_number_waits_until_its_part_is_closed(void **state)
{
	struct series_table table;

	(void)state;
	series_table_init(&table, 10);
	for (uint32_t i = 0; i < 3; i++)
		add(&table, i);
	series_table_forget(&table, 1);
	assert_null(series_table_at(&table, 1));
	/* The part may still hold samples of it: a new series gets a new number. */
	assert_int_equal(add(&table, 3), 3);
	series_table_close_part(&table);
	assert_int_equal(add(&table, 4), 1);
	assert_int_equal(add(&table, 1), 4);
	series_table_finish(&table);
}

static void numbers_given_back_in_the_next_part_wait_for_its_end(void **state)
{
	struct series_table table;

	(void)state;
	series_table_init(&table, 10);
	for (uint32_t i = 0; i < 4; i++)
		add(&table, i);
	series_table_forget(&table, 0);
	series_table_forget(&table, 1);
	series_table_close_part(&table);
	series_table_forget(&table, 2);
	assert_int_equal(add(&table, 10), 1);
	series_table_forget(&table, 3);
	assert_int_equal(add(&table, 11), 0);
	/* 2 and 3 are not at hand yet. */
	assert_int_equal(add(&table, 12), 4);
	series_table_close_part(&table);
	assert_true(add(&table, 13) < 4);
	assert_true(add(&table, 14) < 4);
	assert_int_equal(table.n_live, 5);
	series_table_finish(&table);
}

static void the_limit_counts_those_that_live(void **state)
{
	struct series_table table;
	uint32_t number;

	(void)state;
	series_table_init(&table, 2);
	add(&table, 0);
	add(&table, 1);
	assert_int_equal(series_table_add(&table, 0, slice_of("more"), &number), -ENOSPC);
	assert_int_equal(add(&table, 1), 1);
	series_table_forget(&table, 0);
	assert_int_equal(series_table_add(&table, 0, slice_of("more"), &number), 0);
	series_table_finish(&table);
}

static void forgetting_what_is_not_there_does_nothing(void **state)
{
	struct series_table table;

	(void)state;
	series_table_init(&table, 10);
	add(&table, 0);
	series_table_forget(&table, 7);
	series_table_forget(&table, UINT32_MAX);
	series_table_forget(&table, 0);
	series_table_forget(&table, 0);
	assert_int_equal(table.n_live, 0);
	series_table_close_part(&table);
	assert_int_equal(add(&table, 1), 0);
	assert_int_equal(add(&table, 2), 1);
	series_table_finish(&table);
}

static void thousands_come_and_go(void **state)
{
	struct series_table table;

	(void)state;
	series_table_init(&table, 100);
	for (uint32_t i = 0; i < 10000; i++) {
		uint32_t number = add(&table, i);

		assert_true(number < 200);
		series_table_forget(&table, number);
		if (i % 100 == 99)
			series_table_close_part(&table);
	}
	assert_int_equal(table.n_live, 0);
	series_table_finish(&table);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(the_same_definition_has_the_same_number),
	cmocka_unit_test(a_forgotten_number_waits_until_its_part_is_closed),
	cmocka_unit_test(numbers_given_back_in_the_next_part_wait_for_its_end),
	cmocka_unit_test(the_limit_counts_those_that_live),
	cmocka_unit_test(forgetting_what_is_not_there_does_nothing),
	cmocka_unit_test(thousands_come_and_go),
};

CASES_MAIN(cases)
