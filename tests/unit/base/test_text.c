/* SPDX-License-Identifier: Apache-2.0 */
#include "base/macros.h"
#include "base/text.h"

#include "cases.h"

static void the_nearest_name_is_one_that_may_be_meant(void **state)
{
	static const char *const names[] = { "interval", "timeout", "id", "plugin",
		"labels" };
	static const struct {
		const char *typed, *nearest;
	} rows[] = {
		{ "intervall", "interval" },
		{ "inteval", "interval" },
		{ "intreval", "interval" },
		{ "tiemout", "timeout" },
		{ "ids", "id" },
		{ "pluggin", "plugin" },
		{ "frequency", NULL },
		{ "xyz", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		const char *nearest = text_nearest(rows[i].typed, names, LENGTH(names));

		if (rows[i].nearest)
			assert_string_equal(nearest, rows[i].nearest);
		else
			assert_null(nearest);
	}
}

static void names_begin_with_a_letter_and_are_short(void **state)
{
	(void)state;
	assert_true(text_is_name("esp.email.delivered", 64, "."));
	assert_true(text_is_name("a1_b", 64, ""));
	assert_false(text_is_name("a.b", 64, ""));
	assert_false(text_is_name("", 64, ""));
	assert_false(text_is_name("1a", 64, ""));
	assert_false(text_is_name("Ab", 64, ""));
	assert_true(text_is_name("abcd", 4, ""));
	assert_false(text_is_name("abcde", 4, ""));
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(the_nearest_name_is_one_that_may_be_meant),
	cmocka_unit_test(names_begin_with_a_letter_and_are_short),
};

CASES_MAIN(cases)
