/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "config/document.h"
#include "config/report.h"

#include "cases.h"

#include <string.h>

static struct place at(const char *file, unsigned int line, unsigned int column)
{
	return (struct place){ file, line, column };
}

static void problems_come_in_the_order_of_files_lines_and_columns(void **state)
{
	CLEANUP(document_sets_destroy) struct document_set *set = document_set_create();
	CLEANUP(report_finish) struct report report = { 0 };
	CLEANUP(buffer_finish) struct buffer printed = { 0 };

	(void)state;
	document_add(set, "main.yaml");
	document_add(set, "b.yaml");
	document_add(set, "a.yaml");
	report_error(&report, at("z.yaml", 1, 1), 1, "9");
	report_error(&report, at("a.yaml", 1, 1), 1, "8");
	report_error(&report, at("b.yaml", 10, 1), 1, "7");
	report_error(&report, at("b.yaml", 9, 20), 1, "5");
	report_warning(&report, at("b.yaml", 9, 20), 1, "6");
	report_error(&report, at("b.yaml", 9, 3), 1, "4");
	report_error(&report, at("main.yaml", 99, 1), 1, "3");
	report_error(&report, at("main.yaml", 1, 1), 1, "2");
	report_error(&report, at(NULL, 0, 0), 1, "1");
	report_print(&report, set, false, &printed);
	assert_string_equal(buffer_text(&printed), "error: 1\n"
						   "main.yaml:1:1: error: 2\n"
						   "main.yaml:99:1: error: 3\n"
						   "b.yaml:9:3: error: 4\n"
						   "b.yaml:9:20: error: 5\n"
						   "b.yaml:9:20: warning: 6\n"
						   "b.yaml:10:1: error: 7\n"
						   "a.yaml:1:1: error: 8\n"
						   "z.yaml:1:1: error: 9\n");
	assert_int_equal(report.n_errors, 8);
	assert_int_equal(report.n_warnings, 1);
}

static void a_report_outlives_the_documents(void **state)
{
	CLEANUP(report_finish) struct report report = { 0 };
	CLEANUP(buffer_finish) struct buffer printed = { 0 };
	char name[] = "f.yaml";

	(void)state;
	report_error(&report, at(name, 2, 1), 1, "b");
	report_error(&report, at(name, 1, 1), 1, "a");
	memset(name, 'x', sizeof(name) - 1);
	report_print(&report, NULL, false, &printed);
	assert_string_equal(
		buffer_text(&printed), "f.yaml:1:1: error: a\nf.yaml:2:1: error: b\n");
}

static void only_so_many_problems_are_kept(void **state)
{
	CLEANUP(report_finish) struct report report = { 0 };
	CLEANUP(buffer_finish) struct buffer printed = { 0 };
	const char *end;

	(void)state;
	for (unsigned int i = 0; i < REPORT_MAX_PROBLEMS + 7; i++)
		report_error(&report, at("f", i + 1, 1), 1, "x");
	assert_int_equal(report.n, REPORT_MAX_PROBLEMS);
	assert_int_equal(report.n_errors, REPORT_MAX_PROBLEMS + 7);
	report_print(&report, NULL, false, &printed);
	end = strstr(buffer_text(&printed), "7 more");
	assert_non_null(end);
	assert_string_equal(end, "7 more problems are not shown\n");
}

static void what_a_terminal_would_obey_is_replaced(void **state)
{
	CLEANUP(report_finish) struct report report = { 0 };
	CLEANUP(buffer_finish) struct buffer printed = { 0 };
	static const char first[] = "a?[2Jb:1:1: error: x?y?]0;z?\xef\xbf\xbd\n";
	char large[2000];

	(void)state;
	memset(large, 'a', sizeof(large) - 1);
	large[sizeof(large) - 1] = '\0';
	report_error(&report, at("a\033[2Jb", 1, 1), 1, "x\ny\033]0;z\007\xff");
	report_error(&report, at("b", 1, 1), 1, "%s", large);
	report_print(&report, NULL, false, &printed);
	assert_memory_equal(buffer_text(&printed), first, strlen(first));
	assert_true(printed.size < 800);
	assert_memory_equal(printed.data + printed.size - 6, "aa...\n", 6);
}

struct snippet {
	const char *text;
	unsigned int column, width;
	const char *printed;
};

static void check_snippet(const struct snippet *row)
{
	CLEANUP(document_sets_destroy) struct document_set *set = document_set_create();
	CLEANUP(report_finish) struct report report = { 0 };
	CLEANUP(report_finish) struct report ignored = { 0 };
	CLEANUP(buffer_finish) struct buffer printed = { 0 };

	document_parse(set, "f", row->text, strlen(row->text), &ignored);
	report_error(&report, at("f", 1, row->column), row->width, "x");
	report_print(&report, set, false, &printed);
	assert_string_equal(buffer_text(&printed), row->printed);
}

#define TEN   "0123456789"
#define FIFTY TEN TEN TEN TEN TEN
#define DOTS  "          "

static void the_mark_stands_below_what_is_meant(void **state)
{
	static const struct snippet rows[] = {
		{ "key: value\n", 6, 5,
			"f:1:6: error: x\n    1 | key: value\n      |      ^~~~~\n" },
		/* Columns are characters, not bytes. */
		{ "\xc3\xa4\xc3\xb6: \xe2\x82\xac\n", 5, 1,
			"f:1:5: error: x\n    1 | \xc3\xa4\xc3\xb6: \xe2\x82\xac\n"
			"      |     ^\n" },
		/* A tab is as wide below as above. */
		{ "a:\tb\n", 4, 1, "f:1:4: error: x\n    1 | a:\tb\n      |   \t^\n" },
		/* Behind the end of the line is right there. */
		{ "a:\n", 3, 1, "f:1:3: error: x\n    1 | a:\n      |   ^\n" },
		{ "a:\n", 90, 9, "f:1:90: error: x\n    1 | a:\n      |   ^\n" },
		{ "a: b\n", 4, 400, "f:1:4: error: x\n    1 | a: b\n      |    ^\n" },
		/* Long lines are cut. */
		{ "a: " FIFTY FIFTY FIFTY "\n", 4, 2,
			"f:1:4: error: x\n    1 | a: " FIFTY FIFTY
			"01234567890123456...\n      |    ^~\n" },
		{ "a: " FIFTY FIFTY FIFTY "\n", 150, 2,
			"f:1:150: error: x\n    1 | ...6789" TEN TEN TEN TEN "\n      |"
			" " DOTS DOTS DOTS DOTS "   ^~\n" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++)
		check_snippet(&rows[i]);
}

static void a_line_that_nobody_wrote_is_not_shown(void **state)
{
	CLEANUP(document_sets_destroy) struct document_set *set = document_set_create();
	CLEANUP(report_finish) struct report report = { 0 };
	CLEANUP(buffer_finish) struct buffer printed = { 0 };
	char text[2100];

	(void)state;
	memset(text, 'a', sizeof(text));
	document_parse(set, "f", text, sizeof(text), &report);
	report_error(&report, at("f", 1, 1), 1, "x");
	report_print(&report, set, false, &printed);
	assert_string_equal(buffer_text(&printed), "f:1:1: error: x\n");
}

static void colours_are_for_terminals(void **state)
{
	CLEANUP(document_sets_destroy) struct document_set *set = document_set_create();
	CLEANUP(report_finish) struct report report = { 0 };
	CLEANUP(buffer_finish) struct buffer printed = { 0 };

	(void)state;
	document_parse(set, "f", "a: b\n", 5, &report);
	report_error(&report, at("f", 1, 4), 1, "x");
	report_warning(&report, at("f", 1, 4), 1, "y");
	report_print(&report, set, true, &printed);
	assert_string_equal(buffer_text(&printed),
		"\033[1mf:1:4:\033[0m \033[1;31merror:\033[0m x\n"
		"    1 | a: b\n"
		"      | \033[1;32m   ^\033[0m\n"
		"\033[1mf:1:4:\033[0m \033[1;35mwarning:\033[0m y\n"
		"    1 | a: b\n"
		"      | \033[1;32m   ^\033[0m\n");
}

static void masked_parts_are_not_shown(void **state)
{
	CLEANUP(document_sets_destroy) struct document_set *set = document_set_create();
	CLEANUP(report_finish) struct report report = { 0 };
	CLEANUP(buffer_finish) struct buffer printed = { 0 };
	static const char text[] = "a: canary\n"
				   "b: {c: canary, d: 1}  # e\n"
				   "f: |\n"
				   "  canary\n"
				   "  canary\n"
				   "g: h\n";
	const struct node *root;

	(void)state;
	root = document_parse(set, "f", text, strlen(text), &report)->root;
	document_mask(set, node_find(root, "a"));
	document_mask(set, node_find(node_find(root, "b"), "c"));
	document_mask(set, node_find(root, "f"));
	for (unsigned int line = 1; line <= 6; line++)
		report_error(&report, at("f", line, line == 2 ? 19 : 4), 1, "x");
	report_print(&report, set, false, &printed);
	assert_string_equal(buffer_text(&printed), "f:1:4: error: x\n"
						   "    1 | a: ***\n"
						   "      |    ^~~\n"
						   "f:2:19: error: x\n"
						   "    2 | b: {c: ***, d: 1}  # e\n"
						   "      |                ^\n"
						   "f:3:4: error: x\n"
						   "    3 | f: ***\n"
						   "      |    ^~~\n"
						   "f:4:4: error: x\n"
						   "    4 | ***\n"
						   "      | ^~~\n"
						   "f:5:4: error: x\n"
						   "    5 | ***\n"
						   "      | ^~~\n"
						   "f:6:4: error: x\n"
						   "    6 | g: h\n"
						   "      |    ^\n");
}

static void a_file_full_of_secrets_shows_no_line(void **state)
{
	CLEANUP(document_sets_destroy) struct document_set *set = document_set_create();
	CLEANUP(report_finish) struct report report = { 0 };
	CLEANUP(buffer_finish) struct buffer printed = { 0 };
	const struct node *root;

	(void)state;
	root = document_parse(set, "f", "a: b\n", 5, &report)->root;
	for (int i = 0; i <= DOCUMENT_MAX_MASKS; i++)
		document_mask(set, node_find(root, "a"));
	report_error(&report, at("f", 1, 1), 1, "x");
	report_print(&report, set, false, &printed);
	assert_string_equal(buffer_text(&printed), "f:1:1: error: x\n");
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(problems_come_in_the_order_of_files_lines_and_columns),
	cmocka_unit_test(a_report_outlives_the_documents),
	cmocka_unit_test(only_so_many_problems_are_kept),
	cmocka_unit_test(what_a_terminal_would_obey_is_replaced),
	cmocka_unit_test(the_mark_stands_below_what_is_meant),
	cmocka_unit_test(a_line_that_nobody_wrote_is_not_shown),
	cmocka_unit_test(colours_are_for_terminals),
	cmocka_unit_test(masked_parts_are_not_shown),
	cmocka_unit_test(a_file_full_of_secrets_shows_no_line),
};

CASES_MAIN(cases)
