/* SPDX-License-Identifier: Apache-2.0 */
#include "base/random.h"
#include "cases.h"
#include "deliver/relp_parser.h"
#include "deliver/relp_window.h"

static void add(struct relp_window *window, uint32_t first, uint32_t n)
{
	for (; n > 0; n--, first = relp_txnr_next(first))
		relp_window_add(window, first);
}

static void it_is_empty_once_all_were_answered(void **state)
{
	struct relp_window window = { 0 };

	(void)state;
	add(&window, 7, 3);
	assert_true(relp_window_answer(&window, 7));
	assert_true(relp_window_answer(&window, 9));
	assert_int_equal(window.n, 2); /* 8 and what was sent behind it */
	assert_true(relp_window_answer(&window, 8));
	assert_int_equal(window.n, 0);
}

static void an_answer_to_nothing_that_waits_is_refused(void **state)
{
	struct relp_window window = { 0 };

	(void)state;
	assert_false(relp_window_answer(&window, 1));
	add(&window, 5, 3);
	assert_false(relp_window_answer(&window, 4));
	assert_false(relp_window_answer(&window, 8));
	assert_true(relp_window_answer(&window, 6));
	assert_false(relp_window_answer(&window, 6));
	assert_true(relp_window_answer(&window, 5));
	assert_false(relp_window_answer(&window, 5));
	assert_int_equal(window.n, 1);
}

static void numbers_begin_anew_behind_the_last(void **state)
{
	struct relp_window window = { 0 };

	(void)state;
	assert_int_equal(relp_txnr_next(0), 1);
	assert_int_equal(relp_txnr_next(RELP_MAX_TXNR), 1);
	add(&window, RELP_MAX_TXNR - 1, 5);
	assert_true(relp_window_answer(&window, 1));
	assert_true(relp_window_answer(&window, RELP_MAX_TXNR - 1));
	assert_true(relp_window_answer(&window, RELP_MAX_TXNR));
	assert_int_equal(window.n, 2);
	assert_false(relp_window_answer(&window, RELP_MAX_TXNR));
	assert_true(relp_window_answer(&window, 2));
	assert_true(relp_window_answer(&window, 3));
	assert_int_equal(window.n, 0);
}

static void a_full_window_is_answered_in_any_order_again_and_again(void **state)
{
	struct relp_window window = { 0 };
	struct random random;
	uint32_t txnr = RELP_MAX_TXNR - 3 * RELP_WINDOW;

	(void)state;
	random_seed(&random, 1);
	for (int round = 0; round < 10; round++) {
		uint32_t order[RELP_WINDOW];

		for (uint32_t i = 0; i < RELP_WINDOW; i++) {
			uint32_t k = (uint32_t)random_below(&random, i + 1);

			order[i] = order[k];
			order[k] = txnr;
			add(&window, txnr, 1);
			txnr = relp_txnr_next(txnr);
		}
		assert_int_equal(window.n, RELP_WINDOW);
		for (uint32_t i = 0; i < RELP_WINDOW; i++)
			assert_true(relp_window_answer(&window, order[i]));
		assert_int_equal(window.n, 0);
	}
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(it_is_empty_once_all_were_answered),
	cmocka_unit_test(an_answer_to_nothing_that_waits_is_refused),
	cmocka_unit_test(numbers_begin_anew_behind_the_last),
	cmocka_unit_test(a_full_window_is_answered_in_any_order_again_and_again),
};

CASES_MAIN(cases)
