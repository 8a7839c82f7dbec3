/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "config/document.h"
#include "config/report.h"

#include "cases.h"

#include <string.h>

static const struct document *parse(
	struct document_set *set, const char *text, struct report *report)
{
	const struct document *document =
		document_parse(set, "f.yaml", text, strlen(text), report);

	assert_non_null(document);
	return document;
}

static void check_node(const struct node *node, enum node_kind kind, unsigned int line,
	unsigned int column, unsigned int width)
{
	assert_non_null(node);
	assert_int_equal(node->kind, kind);
	assert_string_equal(node->place.file, "f.yaml");
	assert_int_equal(node->place.line, line);
	assert_int_equal(node->place.column, column);
	assert_int_equal(node->width, width);
}

static void every_node_knows_its_place(void **state)
{
	CLEANUP(document_sets_destroy) struct document_set *set = document_set_create();
	CLEANUP(report_finish) struct report report = { 0 };
	const struct node *root, *list;

	(void)state;
	root = parse(set,
		"# a comment\n"
		"plain: word\n"
		"quoted: \"t\\u00e4xt\"\n"
		"list:\n"
		"  - 1\n"
		"  -\n"
		"flow: {a: [b, c], d: e}\n"
		"block: |\n"
		"  x\n"
		"  y\n"
		"gr\xc3\xbc\xc3\x9f: \xc3\xa4\n"
		"empty:\n",
		&report)
		       ->root;
	assert_int_equal(report.n, 0);
	check_node(root, NODE_MAPPING, 2, 1, 1);
	assert_int_equal(root->n_entries, 7);
	check_node(root->entries[0].key, NODE_SCALAR, 2, 1, 5);
	check_node(node_find(root, "plain"), NODE_SCALAR, 2, 8, 4);
	assert_true(node_find(root, "plain")->is_plain);
	check_node(node_find(root, "quoted"), NODE_SCALAR, 3, 9, 11);
	assert_false(node_find(root, "quoted")->is_plain);
	assert_string_equal(node_find(root, "quoted")->text, "t\xc3\xa4xt");
	assert_int_equal(node_find(root, "quoted")->size, 5);
	list = node_find(root, "list");
	check_node(list, NODE_SEQUENCE, 5, 3, 1);
	check_node(list->items[0], NODE_SCALAR, 5, 5, 1);
	check_node(list->items[1], NODE_SCALAR, 6, 4, 1);
	assert_true(node_is_null(list->items[1]));
	check_node(node_find(root, "flow"), NODE_MAPPING, 7, 7, 17);
	check_node(node_find(node_find(root, "flow"), "a"), NODE_SEQUENCE, 7, 11, 6);
	check_node(node_find(root, "block"), NODE_SCALAR, 8, 8, 1);
	assert_string_equal(node_find(root, "block")->text, "x\ny\n");
	check_node(node_find(root, "gr\xc3\xbc\xc3\x9f"), NODE_SCALAR, 11, 7, 1);
	check_node(node_find(root, "empty"), NODE_SCALAR, 12, 7, 1);
	assert_null(node_find(root, "nothing"));
	assert_null(node_find(list, "nothing"));
}

static void nothing_is_null_where_it_has_no_quotes(void **state)
{
	static const struct {
		const char *text;
		bool is_null;
	} rows[] = {
		{ "a:", true },
		{ "a: ~", true },
		{ "a: null", true },
		{ "a: NULL", true },
		{ "a: \"\"", false },
		{ "a: 'null'", false },
		{ "a: nul", false },
		{ "a: []", false },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(document_sets_destroy)
		struct document_set *set = document_set_create();
		CLEANUP(report_finish) struct report report = { 0 };
		const struct node *root = parse(set, rows[i].text, &report)->root;

		if (node_is_null(node_find(root, "a")) != rows[i].is_null)
			fail_msg("%s", rows[i].text);
	}
}

static void files_without_content_have_no_root(void **state)
{
	static const char *const texts[] = { "", "\n\n", "# only\n# comments\n",
		"\xef\xbb\xbf", "\xef\xbb\xbf# with a mark\n" };

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++) {
		CLEANUP(document_sets_destroy)
		struct document_set *set = document_set_create();
		CLEANUP(report_finish) struct report report = { 0 };
		const struct document *document = parse(set, texts[i], &report);

		assert_null(document->root);
		assert_true(document->is_parsed);
		assert_int_equal(report.n, 0);
	}
}

static void marks_and_line_ends_of_other_systems_are_fine(void **state)
{
	CLEANUP(document_sets_destroy) struct document_set *set = document_set_create();
	CLEANUP(report_finish) struct report report = { 0 };
	const struct document *document;
	const char *line;
	size_t size;

	(void)state;
	document =
		parse(set, "\xef\xbb\xbf%YAML 1.2\r\n---\r\na: b\r\nc: d\r\n", &report);
	assert_int_equal(report.n, 0);
	check_node(node_find(document->root, "a"), NODE_SCALAR, 3, 4, 1);
	check_node(node_find(document->root, "c"), NODE_SCALAR, 4, 4, 1);
	assert_true(document_line(document, 4, &line, &size));
	assert_int_equal(size, 4);
	assert_memory_equal(line, "c: d", 4);
}

static void lines_are_found_by_their_number(void **state)
{
	CLEANUP(document_sets_destroy) struct document_set *set = document_set_create();
	CLEANUP(report_finish) struct report report = { 0 };
	const struct document *document = parse(set, "a: b\n\nc: d", &report);
	const char *line;
	size_t size;

	(void)state;
	assert_true(document_line(document, 1, &line, &size));
	assert_int_equal(size, 4);
	assert_true(document_line(document, 2, &line, &size));
	assert_int_equal(size, 0);
	assert_true(document_line(document, 3, &line, &size));
	assert_memory_equal(line, "c: d", 4);
	assert_false(document_line(document, 4, &line, &size));
	assert_false(document_line(document_add(set, "unread"), 1, &line, &size));
}

static void documents_of_a_set_are_found_by_name(void **state)
{
	CLEANUP(document_sets_destroy) struct document_set *set = document_set_create();
	char name[32];

	(void)state;
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "%d.yaml", i);
		assert_non_null(document_add(set, name));
	}
	assert_int_equal(set->n, 40);
	assert_string_equal(document_find(set, "39.yaml")->name, "39.yaml");
	assert_null(document_find(set, "40.yaml"));
	document_set_destroy(NULL);
}

static void keys_are_compared_with_their_size(void **state)
{
	CLEANUP(document_sets_destroy) struct document_set *set = document_set_create();
	CLEANUP(report_finish) struct report report = { 0 };
	const struct node *root = parse(set, "\"a\\0b\": 1\na: 2\n", &report)->root;

	(void)state;
	assert_int_equal(report.n, 0);
	assert_int_equal(root->n_entries, 2);
	assert_string_equal(node_find(root, "a")->text, "2");
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(every_node_knows_its_place),
	cmocka_unit_test(nothing_is_null_where_it_has_no_quotes),
	cmocka_unit_test(files_without_content_have_no_root),
	cmocka_unit_test(marks_and_line_ends_of_other_systems_are_fine),
	cmocka_unit_test(lines_are_found_by_their_number),
	cmocka_unit_test(documents_of_a_set_are_found_by_name),
	cmocka_unit_test(keys_are_compared_with_their_size),
};

CASES_MAIN(cases)
