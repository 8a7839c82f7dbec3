/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are made to exhaust end in an error, soon and small: one that explodes
 * runs into the time limit of its case. */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "config/document.h"
#include "config/report.h"
#include "scene.h"

#include "cases.h"

#include <stdlib.h>
#include <string.h>

/* Parses what buffer holds and frees it; expects one error that ends with a text. */
static void check_bomb(struct buffer *text, const char *place, const char *message)
{
	struct document_set *set = document_set_create();
	struct report report = { 0 };
	CLEANUP(buffer_finish) struct buffer head = { 0 };

	assert_false(buffer_failed(text));
	assert_non_null(
		document_parse(set, "f", (const char *)text->data, text->size, &report));
	assert_true(report.n >= 1);
	buffer_append_format(&head, "%s:%u:%u", report.problems[0].place.file,
		report.problems[0].place.line, report.problems[0].place.column);
	assert_string_equal(buffer_text(&head), place);
	assert_string_equal(report.problems[0].message, message);
	assert_null(set->documents[0]->root);
	assert_int_equal(set->n_nodes, 0);
	document_set_destroy(set);
	report_finish(&report);
	buffer_finish(text);
}

static const char too_many[] =
	"more than 100000 nodes in all files, those behind an alias counted each time";
static const char too_deep[] = "more than 32 mappings and lists in each other";

static void a_billion_laughs_are_counted(void **state)
{
	struct buffer text = { 0 };

	(void)state;
	buffer_append_text(&text, "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol]\n");
	for (int i = 1; i < 20; i++)
		buffer_append_format(&text,
			"a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i,
			i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
	check_bomb(&text, "f:6:15", too_many);
}

static void merges_are_counted(void **state)
{
	struct buffer text = { 0 };

	(void)state;
	buffer_append_text(&text, "base: &base\n");
	for (int i = 0; i < 1000; i++)
		buffer_append_format(&text, "  k%d: 1\n", i);
	for (int i = 0; i < 1000; i++)
		buffer_append_format(&text, "m%d: {<<: *base}\n", i);
	check_bomb(&text, "f:1050:11", too_many);
}

static void many_small_nodes_are_too_many(void **state)
{
	struct buffer text = { 0 };

	(void)state;
	for (int i = 0; i < 200000; i++)
		buffer_append_text(&text, "- a\n");
	check_bomb(&text, "f:100000:3", too_many);
}

static void brackets_nest_only_so_deep(void **state)
{
	static const char *const opens[] = { "[", "{a: ", "- ", "? " };
	static const char *const places[] = { "f:1:33", "f:1:129", "f:1:65", "f:1:65" };

	(void)state;
	for (size_t k = 0; k < LENGTH(opens); k++) {
		struct buffer text = { 0 };

		for (int i = 0; i < 10000; i++)
			buffer_append_text(&text, opens[k]);
		check_bomb(&text, places[k], too_deep);
	}
}

static void aliases_nest_no_deeper_than_brackets(void **state)
{
	struct buffer text = { 0 };

	(void)state;
	buffer_append_text(&text, "a: &a ");
	for (int i = 0; i < 20; i++)
		buffer_append_byte(&text, '[');
	for (int i = 0; i < 20; i++)
		buffer_append_byte(&text, ']');
	buffer_append_text(&text, "\nb: [[[[[[[[[[[[*a]]]]]]]]]]]]\n");
	check_bomb(&text, "f:2:16", too_deep);
}

/* Thirty-two are fine, with a scalar in the innermost. */
static void what_nests_just_deep_enough_is_fine(void **state)
{
	struct document_set *set = document_set_create();
	struct report report = { 0 };
	char text[3 * 32 + 40] = "";
	size_t n = 0;

	(void)state;
	for (int i = 0; i < 32; i++)
		text[n++] = '[';
	text[n++] = 'x';
	for (int i = 0; i < 32; i++)
		text[n++] = ']';
	assert_non_null(document_parse(set, "f", text, n, &report));
	assert_int_equal(report.n, 0);
	assert_int_equal(set->documents[0]->root->height, 33);
	assert_int_equal(set->documents[0]->root->weight, 33);
	document_set_destroy(set);
	report_finish(&report);
}

static void directives_are_not_compared_with_each_other(void **state)
{
	struct buffer text = { 0 };

	(void)state;
	for (int i = 0; i < 50000; i++)
		buffer_append_format(&text, "%%TAG !a%d! x\n", i);
	check_bomb(&text, "f:1:1", "the directive %TAG means nothing here; remove it");
}

static void parse_all(struct document_set *set, const struct buffer *text)
{
	struct report report = { 0 };
	CLEANUP(buffer_finish) struct buffer printed = { 0 };

	document_parse(set, "f", (const char *)text->data, text->size, &report);
	report_print(&report, set, false, &printed);
	report_finish(&report);
}

static void a_mebibyte_of_anything_ends_soon(void **state)
{
	static const char *const pieces[] = { "a", "\"", "'", ":", ": ", "- ", "-\n",
		"a:\n", "[", "]", "{", "}", "[],", "{},", "&a ", "*a ", "a: &a b\n",
		"- &a 1\n", "%", "%TAG", "!", "! ", "|\n", ">\n", " ", "\n", "\t", "#",
		",", "? ", "<<: ", "\\", "\r\n", "a,", "a: ", "key: a\n", "---\n",
		"...\n", "\xc3\xa4" };

	(void)state;
	for (size_t i = 0; i < LENGTH(pieces); i++) {
		struct document_set *set = document_set_create();
		struct buffer text = { 0 };

		while (text.size < DOCUMENT_MAX_SIZE)
			buffer_append_text(&text, pieces[i]);
		parse_all(set, &text);
		/* The same inside of brackets. */
		buffer_clear(&text);
		buffer_append_byte(&text, '[');
		while (text.size < DOCUMENT_MAX_SIZE)
			buffer_append_text(&text, pieces[i]);
		parse_all(set, &text);
		document_set_destroy(set);
		buffer_finish(&text);
	}
}

static void thousands_of_mistakes_are_counted_and_some_are_told(void **state)
{
	struct scene scene;
	struct buffer text = { 0 };

	(void)state;
	scene_open(&scene);
	buffer_append_text(&text, "collectors:\n");
	while (text.size < 350000)
		buffer_append_text(&text, "- {id: a, plugin: probe, tokn: a}\n");
	scene_load_text(&scene, buffer_text(&text));
	assert_int_equal(scene.report.n, REPORT_MAX_PROBLEMS);
	assert_true(scene.report.n_errors > 10000);
	assert_non_null(
		strstr(buffer_text(&scene.printed), " more problems are not shown\n"));
	buffer_finish(&text);
	scene_close(&scene);
}

static void a_line_with_thousands_of_secrets_ends_soon(void **state)
{
	struct scene scene;
	struct buffer text = { 0 };

	(void)state;
	scene_open(&scene);
	buffer_append_text(&text, "{collectors: [");
	while (text.size < 400000)
		buffer_append_text(
			&text, "{id: a, plugin: probe, options: {token: canary}},");
	buffer_append_text(&text, "]}");
	scene_load_text(&scene, buffer_text(&text));
	assert_null(strstr(buffer_text(&scene.printed), "canary"));
	assert_int_equal(scene.report.n, REPORT_MAX_PROBLEMS);
	buffer_finish(&text);
	scene_close(&scene);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(a_billion_laughs_are_counted),
	cmocka_unit_test(merges_are_counted),
	cmocka_unit_test(many_small_nodes_are_too_many),
	cmocka_unit_test(brackets_nest_only_so_deep),
	cmocka_unit_test(aliases_nest_no_deeper_than_brackets),
	cmocka_unit_test(what_nests_just_deep_enough_is_fine),
	cmocka_unit_test(directives_are_not_compared_with_each_other),
	cmocka_unit_test(a_mebibyte_of_anything_ends_soon),
	cmocka_unit_test(thousands_of_mistakes_are_counted_and_some_are_told),
	cmocka_unit_test(a_line_with_thousands_of_secrets_ends_soon),
};

CASES_MAIN(cases)
