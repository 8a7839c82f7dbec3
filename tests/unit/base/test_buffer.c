/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"
#include "base/cleanup.h"

#include "cases.h"

static void appends_are_one_text(void **state)
{
	CLEANUP(buffer_finish) struct buffer buffer = { 0 };

	(void)state;
	buffer_append_text(&buffer, "a");
	buffer_append_byte(&buffer, 'b');
	buffer_append_format(&buffer, "%d-%s", 42, "c");
	assert_string_equal(buffer_text(&buffer), "ab42-c");
	assert_int_equal(buffer.size, 6);
	buffer_cut(&buffer, 2);
	assert_string_equal(buffer_text(&buffer), "ab");
}

static void a_limit_fails_for_good_until_it_is_cleared(void **state)
{
	CLEANUP(buffer_finish) struct buffer buffer = { .limit = 4 };

	(void)state;
	buffer_append_text(&buffer, "1234");
	assert_false(buffer_failed(&buffer));
	buffer_append_byte(&buffer, '5');
	assert_true(buffer_failed(&buffer));
	buffer_cut(&buffer, 0);
	buffer_append_byte(&buffer, '6');
	assert_true(buffer_failed(&buffer));
	assert_null(buffer_text(&buffer));
	buffer_clear(&buffer);
	buffer_append_text(&buffer, "7");
	assert_false(buffer_failed(&buffer));
	assert_int_equal(buffer.size, 1);
}

static void a_size_that_overflows_fails(void **state)
{
	CLEANUP(buffer_finish) struct buffer buffer = { 0 };

	(void)state;
	buffer_append_byte(&buffer, 'x');
	assert_null(buffer_reserve(&buffer, SIZE_MAX));
	assert_true(buffer_failed(&buffer));
}

static void the_text_can_be_taken(void **state)
{
	struct buffer buffer = { 0 };
	CLEANUP_FREE char *text = NULL;

	(void)state;
	buffer_append_text(&buffer, "mine");
	text = buffer_take_text(&buffer);
	assert_string_equal(text, "mine");
	assert_null(buffer.data);
	assert_int_equal(buffer.size, 0);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(appends_are_one_text),
	cmocka_unit_test(a_limit_fails_for_good_until_it_is_cleared),
	cmocka_unit_test(a_size_that_overflows_fails),
	cmocka_unit_test(the_text_can_be_taken),
};

CASES_MAIN(cases)
