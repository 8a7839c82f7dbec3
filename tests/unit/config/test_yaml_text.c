/* SPDX-License-Identifier: Apache-2.0 */
/* Texts are quoted where any reader of YAML could take them for something else. */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "config/yaml_text.h"

#include "cases.h"

static void texts_are_plain_only_where_nobody_can_misread_them(void **state)
{
	static const struct {
		const char *text, *written;
	} rows[] = {
		{ "word", "word" },
		{ "/var/lib/x_y-1.2@z+%d", "/var/lib/x_y-1.2@z+%d" },
		{ "https://example.org/a", "https://example.org/a" },
		{ "a:b", "a:b" },
		{ "a:", "\"a:\"" },
		{ "a: b", "\"a: b\"" },
		{ "a:1", "\"a:1\"" },
		{ "a b", "\"a b\"" },
		{ "a#b", "\"a#b\"" },
		{ "", "\"\"" },
		{ "~", "\"~\"" },
		{ "null", "\"null\"" },
		{ "Yes", "\"Yes\"" },
		{ "off", "\"off\"" },
		{ "n", "\"n\"" },
		{ "true", "\"true\"" },
		{ "trues", "trues" },
		{ "10", "\"10\"" },
		{ "1e3", "\"1e3\"" },
		{ ".5", "\".5\"" },
		{ "-a", "\"-a\"" },
		{ "%a", "\"%a\"" },
		{ "*a", "\"*a\"" },
		{ "***", "\"***\"" },
		{ "a\"b\\c", "\"a\\\"b\\\\c\"" },
		{ "a\nb\tc\r\033\177", "\"a\\nb\\tc\\x0d\\x1b\\x7f\"" },
		{ "\xc3\xa4", "\"\xc3\xa4\"" },
		{ "\xc2\x85", "\"\\u0085\"" },
		{ "\xe2\x80\xa8\xef\xbb\xbf", "\"\\u2028\\ufeff\"" },
		{ "\xff", "\"\\ufffd\"" },
		{ "${env:A}", "\"$${env:A}\"" },
		{ "$${x} $", "\"$$${x} $\"" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(buffer_finish) struct buffer written = { 0 };

		yaml_append_text(&written, rows[i].text);
		assert_string_equal(buffer_text(&written), rows[i].written);
	}
}

static void references_mean_nothing_in_keys(void **state)
{
	CLEANUP(buffer_finish) struct buffer written = { 0 };

	(void)state;
	yaml_append_key(&written, "${x}");
	assert_string_equal(buffer_text(&written), "\"${x}\"");
}

static void comments_are_one_line(void **state)
{
	CLEANUP(buffer_finish) struct buffer written = { 0 };

	(void)state;
	yaml_append_comment(&written, "a\nb\r\xe2\x80\xa9\xff\xc3\xa4\177");
	assert_string_equal(buffer_text(&written), "a?b???\xc3\xa4?");
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(texts_are_plain_only_where_nobody_can_misread_them),
	cmocka_unit_test(references_mean_nothing_in_keys),
	cmocka_unit_test(comments_are_one_line),
};

CASES_MAIN(cases)
