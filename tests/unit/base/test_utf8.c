/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cleanup.h"
#include "base/macros.h"
#include "base/utf8.h"

#include "cases.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"

static void invalid_bytes_are_replaced_one_by_one(void **state)
{
	static const struct {
		const char *given, *repaired;
	} rows[] = {
		{ "plain", "plain" },
		{ "\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa6",
			"\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa6" },
		{ "a\xff"
		  "b",
			"a" REPLACEMENT "b" },
		{ "\xc0\xaf", REPLACEMENT REPLACEMENT }, /* overlong '/' */
		{ "\xed\xa0\x80", REPLACEMENT REPLACEMENT REPLACEMENT }, /* a surrogate */
		{ "\xf4\x90\x80\x80", REPLACEMENT REPLACEMENT REPLACEMENT REPLACEMENT },
		{ "\xe2\x82", REPLACEMENT REPLACEMENT }, /* cut off */
		{ "\x80", REPLACEMENT },
		{ "\xef\xbf\xbf", "\xef\xbf\xbf" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(buffer_finish) struct buffer out = { 0 };

		utf8_append_repaired(&out, rows[i].given, strlen(rows[i].given));
		assert_string_equal(buffer_text(&out), rows[i].repaired);
		assert_int_equal(
			utf8_valid_prefix((const char *)out.data, out.size), out.size);
	}
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(invalid_bytes_are_replaced_one_by_one),
};

CASES_MAIN(cases)
