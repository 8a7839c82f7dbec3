/* SPDX-License-Identifier: Apache-2.0 */
/* Every way in which a file is no YAML, word by word. */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "config/document.h"
#include "config/report.h"

#include "cases.h"

#include <string.h>

struct row {
	const char *text, *printed;
};

static void check_text(const char *text, size_t size, const char *printed)
{
	CLEANUP(document_sets_destroy) struct document_set *set = document_set_create();
	CLEANUP(report_finish) struct report report = { 0 };
	CLEANUP(buffer_finish) struct buffer actual = { 0 };
	const struct document *document = document_parse(set, "f", text, size, &report);

	assert_non_null(document);
	report_print(&report, set, false, &actual);
	assert_string_equal(buffer_text(&actual), printed);
	assert_null(document->root);
	assert_int_equal(set->n_nodes, 0);
}

static void check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_text(rows[i].text, strlen(rows[i].text), rows[i].printed);
}

static void tabs_are_no_indentation(void **state)
{
	static const char message[] = "a tab is no indentation in YAML; use spaces\n";
	static const struct {
		const char *text, *place, *snippet;
	} rows[] = {
		{ "a:\n\tb: 1\n", "f:2:1", "    2 | \tb: 1\n      | ^\n" },
		{ "\ta: 1\n", "f:1:1", "    1 | \ta: 1\n      | ^\n" },
		{ "a:\n  b: 1\n\tc: 2\n", "f:3:1", "    3 | \tc: 2\n      | ^\n" },
		{ "a:\n  b: 1\n \t\tc: 2\n", "f:3:2",
			"    3 |  \t\tc: 2\n      |  ^~\n" },
		{ "a:\n  - x\n\t- y\n", "f:3:1", "    3 | \t- y\n      | ^\n" },
		{ "a: foo\n\tbar: 1\n", "f:2:1", "    2 | \tbar: 1\n      | ^\n" },
		{ "a: |\n\tx\n", "f:2:1", "    2 | \tx\n      | ^\n" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(buffer_finish) struct buffer printed = { 0 };

		buffer_append_format(&printed, "%s: error: %s%s", rows[i].place, message,
			rows[i].snippet);
		check_text(rows[i].text, strlen(rows[i].text), buffer_text(&printed));
	}
}

static void texts_are_utf8_without_control_characters(void **state)
{
	static const struct row rows[] = {
		{ "a: \"x\xff\"\n", "f:1:6: error: the byte 0xff is not UTF-8; save the "
				    "file as UTF-8\n"
				    "    1 | a: \"x\xef\xbf\xbd\"\n"
				    "      |      ^\n" },
		{ "a: \xc3\xa4\nb: caf\xe9\n", "f:2:7: error: the byte 0xe9 is not "
					       "UTF-8; save the file as UTF-8\n"
					       "    2 | b: caf\xef\xbf\xbd\n"
					       "      |       ^\n" },
		{ "\xff\xfe"
		  "a",
			"f:1:1: error: the file is UTF-16; save it as UTF-8\n"
			"    1 | \xef\xbf\xbd\xef\xbf\xbd"
			"a\n"
			"      | ^\n" },
		{ "a: \"x\033[31m\"\n",
			"f:1:6: error: the control character U+001B is invisible; remove "
			"it, or write it as \"\\x1b\" in double quotes\n"
			"    1 | a: \"x?[31m\"\n"
			"      |      ^\n" },
		{ "a: 1\rb: 2\n",
			"f:1:5: error: the control character U+000D is invisible; remove "
			"it, or write it as \"\\x0d\" in double quotes\n"
			"    1 | a: 1?b: 2\n"
			"      |     ^\n" },
		{ "a: \x7f\n",
			"f:1:4: error: the control character U+007F is invisible; remove "
			"it, or write it as \"\\x7f\" in double quotes\n"
			"    1 | a: ?\n"
			"      |    ^\n" },
		{ "a: 1 # \xc2\x85\n",
			"f:1:8: error: the control character U+0085 is invisible; remove "
			"it\n"
			"    1 | a: 1 # \xef\xbf\xbd\n"
			"      |        ^\n" },
		{ "a: 1 # \xe2\x80\xa8 b: 2\n", "f:1:8: error: the line separator U+2028 "
						"is invisible; remove it\n"
						"    1 | a: 1 # \xe2\x80\xa8 b: 2\n"
						"      |        ^\n" },
		{ "a: 1\n\xef\xbb\xbf"
		  "b: 2\n",
			"f:2:1: error: a byte order mark in the middle of a file; remove "
			"it\n"
			"    2 | \xef\xbb\xbf"
			"b: 2\n"
			"      | ^\n" },
	};

	(void)state;
	check_rows(rows, LENGTH(rows));
	check_text("a: \0b\n", 7,
		"f:1:4: error: the control character U+0000 is invisible; remove it, or "
		"write it as \"\\x00\" in double quotes\n"
		"    1 | a: ?b\n"
		"      |    ^\n");
}

static void structure_that_is_broken_is_told_in_plain_words(void **state)
{
	static const struct row rows[] = {
		{ "a: b: c\n", "f:1:5: error: no ':' is expected here; quote a text that "
			       "contains "
			       "': ' and check the indentation\n"
			       "    1 | a: b: c\n"
			       "      |     ^\n" },
		{ "a: 1\n  b: 2\n", "f:2:4: error: no ':' is expected here; quote a text "
				    "that contains "
				    "': ' and check the indentation\n"
				    "    2 |   b: 2\n"
				    "      |    ^\n" },
		{ "a: 1\nbcd\ne: 2\n",
			"f:2:1: error: a key without ':'; write it as 'key: value'\n"
			"    2 | bcd\n"
			"      | ^\n" },
		{ "a: - b\n",
			"f:1:4: error: no '- ' is expected here; a list begins on a line "
			"of its own\n"
			"    1 | a: - b\n"
			"      |    ^\n" },
		{ "a: @b\n",
			"f:1:4: error: no text begins with this character; put it in "
			"quotes\n"
			"    1 | a: @b\n"
			"      |    ^\n" },
		{ "a: %b\n",
			"f:1:4: error: no text begins with this character; put it in "
			"quotes\n"
			"    1 | a: %b\n"
			"      |    ^\n" },
		{ "x: 1\na:\n    b: 1\n  c: 2\n", "f:4:3: error: wrong indentation or "
						  "quotes: expected a key of the "
						  "mapping that begins on line 1\n"
						  "    4 |   c: 2\n"
						  "      |   ^\n" },
		{ "a: \"b\" c\n", "f:1:8: error: wrong indentation or quotes: expected a "
				  "key of the "
				  "mapping that begins on line 1\n"
				  "    1 | a: \"b\" c\n"
				  "      |        ^\n" },
		{ "- a\nb: 1\n",
			"f:2:1: error: wrong indentation: expected '- ' of the list that "
			"begins on line 1\n"
			"    2 | b: 1\n"
			"      | ^\n" },
		{ "a: [1, 2\nb: 3\n", "f:2:2: error: expected ',' or ']' in the list "
				      "that begins on line "
				      "1\n"
				      "    2 | b: 3\n"
				      "      |  ^\n" },
		{ "a: {x: 1\n",
			"f:2:1: error: expected ',' or '}' in the mapping that begins on "
			"line 1\n"
			"    2 | \n"
			"      | ^\n" },
		{ "a: ]\n", "f:1:4: error: expected a value\n"
			    "    1 | a: ]\n"
			    "      |    ^\n" },
		{ "  a: 1\nb: 2\n",
			"f:2:1: error: expected the end of the file; check the "
			"indentation\n"
			"    2 | b: 2\n"
			"      | ^\n" },
		{ "a: 1\n---\nb: 2\n", "f:2:1: error: a second document; a configuration "
				       "file holds one\n"
				       "    2 | ---\n"
				       "      | ^~~\n" },
		{ "a: &\n", "f:1:5: error: expected a name of letters and digits after "
			    "'&' or "
			    "'*'; quote a text that begins with them\n"
			    "    1 | a: &\n"
			    "      |     ^\n" },
		{ "a: *\n", "f:1:5: error: expected a name of letters and digits after "
			    "'&' or "
			    "'*'; quote a text that begins with them\n"
			    "    1 | a: *\n"
			    "      |     ^\n" },
		{ "a: >0\n x\n",
			"f:1:5: error: the indentation of a block text is 1 to 9\n"
			"    1 | a: >0\n"
			"      |     ^\n" },
		{ "a: >x\n x\n", "f:1:5: error: expected the end of the line\n"
				 "    1 | a: >x\n"
				 "      |     ^\n" },
	};

	(void)state;
	check_rows(rows, LENGTH(rows));
}

static void quotes_that_are_wrong_are_told_where_they_begin(void **state)
{
	static const struct row rows[] = {
		{ "a: \"b\nc: 2\n",
			"f:1:4: error: a quoted text without its closing quote\n"
			"    1 | a: \"b\n"
			"      |    ^\n" },
		{ "a: 'b\n---\n",
			"f:1:4: error: a quoted text without its closing quote\n"
			"    1 | a: 'b\n"
			"      |    ^\n" },
		{ "a: \"\\q\"\n",
			"f:1:5: error: no escape that is known in double quotes; write "
			"'\\\\' for a backslash\n"
			"    1 | a: \"\\q\"\n"
			"      |     ^\n" },
		{ "a: \"\\xg0\"\n",
			"f:1:7: error: expected hexadecimal digits after the backslash\n"
			"    1 | a: \"\\xg0\"\n"
			"      |       ^\n" },
		{ "a: \"\\ud800\"\n",
			"f:1:7: error: this escape is no Unicode character\n"
			"    1 | a: \"\\ud800\"\n"
			"      |       ^\n" },
	};

	(void)state;
	check_rows(rows, LENGTH(rows));
}

static void what_we_do_not_use_of_yaml_is_told(void **state)
{
	static const struct row rows[] = {
		{ "%TAG ! x\n---\na: 1\n",
			"f:1:1: error: the directive %TAG means nothing here; remove it\n"
			"    1 | %TAG ! x\n"
			"      | ^\n" },
		{ "%FOO\n---\na: 1\n",
			"f:1:5: error: directives mean nothing here; quote a text that "
			"begins with '%'\n"
			"    1 | %FOO\n"
			"      |     ^\n" },
		{ "%YAML 2.0\n---\na: 1\n",
			"f:1:1: error: this is YAML of another version; 1.1 and 1.2 are "
			"known\n"
			"    1 | %YAML 2.0\n"
			"      | ^\n" },
		{ "%YAML x\n---\na: 1\n",
			"f:1:7: error: expected %YAML 1.1 or %YAML 1.2\n"
			"    1 | %YAML x\n"
			"      |       ^\n" },
		{ "a: !<tag\n",
			"f:1:9: error: tags mean nothing here; quote a text that begins "
			"with '!'\n"
			"    1 | a: !<tag\n"
			"      |         ^\n" },
		{ "a: !e!x y\n",
			"f:1:4: error: tags mean nothing here; quote a text that begins "
			"with '!'\n"
			"    1 | a: !e!x y\n"
			"      |    ^\n" },
	};

	(void)state;
	check_rows(rows, LENGTH(rows));
}

/* Nobody knows which of its values are secrets. */
static void a_broken_file_shows_no_line_that_may_hold_a_secret(void **state)
{
	static const struct row rows[] = {
		{ "api_key: \"canary\n",
			"f:1:10: error: a quoted text without its closing quote\n"
			"    1 | api_key: ***\n"
			"      |          ^~~\n" },
		{ "- {id: a, Password: can, x: @canary}\n",
			"f:1:29: error: no text begins with this character; put it in "
			"quotes\n"
			"    1 | - {id: a, Password: ***\n"
			"      |                     ^~~\n" },
		{ "key: |\n  AAAA\n canary: x\n", "f:3:2: error: wrong indentation or "
						  "quotes: expected a key of the "
						  "mapping that begins on line 1\n"
						  "    3 |  canary: ***\n"
						  "      |  ^\n" },
		{ "key: |\n  AAAA\n canary\n", "f:3:2: error: wrong indentation or "
					       "quotes: expected a key of the "
					       "mapping that begins on line 1\n"
					       "    3 |  ***\n"
					       "      |  ^~~\n" },
		{ "a:\n  key: |\n    AAAA\n  canary\n",
			"f:4:3: error: a key without ':'; write it as 'key: value'\n"
			"    4 |   ***\n"
			"      |   ^~~\n" },
		{ "tokens:\n  - name: x\n    value: @canary\n",
			"f:3:12: error: no text begins with this character; put it in "
			"quotes\n"
			"    3 |     value: ***\n"
			"      |            ^~~\n" },
		{ "options:\n  url: http://u:canary@h\n  x: @canary\n",
			"f:3:6: error: no text begins with this character; put it in "
			"quotes\n"
			"    3 |   x: ***\n"
			"      |      ^~~\n" },
		{ "token: a\nhost: @b\n",
			"f:2:7: error: no text begins with this character; put it in "
			"quotes\n"
			"    2 | host: @b\n"
			"      |       ^\n" },
	};

	(void)state;
	check_rows(rows, LENGTH(rows));
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(tabs_are_no_indentation),
	cmocka_unit_test(texts_are_utf8_without_control_characters),
	cmocka_unit_test(structure_that_is_broken_is_told_in_plain_words),
	cmocka_unit_test(quotes_that_are_wrong_are_told_where_they_begin),
	cmocka_unit_test(what_we_do_not_use_of_yaml_is_told),
	cmocka_unit_test(a_broken_file_shows_no_line_that_may_hold_a_secret),
};

CASES_MAIN(cases)
