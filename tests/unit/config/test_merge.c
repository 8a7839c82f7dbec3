/* SPDX-License-Identifier: Apache-2.0 */
/* Anchors, aliases, merge keys, and keys that stand twice. */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "config/document.h"
#include "config/report.h"

#include "cases.h"

#include <string.h>

struct parsed {
	struct document_set *set;
	struct report report;
	struct buffer printed;
	const struct node *root;
};

static void parse(struct parsed *parsed, const char *text)
{
	*parsed = (struct parsed){ .set = document_set_create() };
	parsed->root =
		document_parse(parsed->set, "f.yaml", text, strlen(text), &parsed->report)
			->root;
	report_print(&parsed->report, parsed->set, false, &parsed->printed);
}

static void parsed_finish(struct parsed *parsed)
{
	document_set_destroy(parsed->set);
	report_finish(&parsed->report);
	buffer_finish(&parsed->printed);
}

static void check_text(
	const struct node *mapping, const char *key, const char *text, unsigned int line)
{
	const struct node *node = node_find(mapping, key);

	assert_non_null(node);
	assert_string_equal(node->text, text);
	assert_int_equal(node->place.line, line);
}

static void an_alias_is_what_its_anchor_holds(void **state)
{
	CLEANUP(parsed_finish) struct parsed parsed;

	(void)state;
	parse(&parsed, "a: &x [1, 2]\nb: *x\nc: &x 3\nd: *x\n&k key: 1\n*k : 2\n");
	assert_ptr_equal(node_find(parsed.root, "a"), node_find(parsed.root, "b"));
	check_text(parsed.root, "d", "3", 3);
	/* An alias can be a key; here it is one that stands there already. */
	assert_int_equal(parsed.report.n, 1);
}

static void merged_keys_keep_their_place_and_yield_to_explicit_ones(void **state)
{
	CLEANUP(parsed_finish) struct parsed parsed;
	const struct node *b;

	(void)state;
	parse(&parsed, "a: &a\n"
		       "  x: 1\n"
		       "  y: 1\n"
		       "b:\n"
		       "  <<: *a\n"
		       "  y: 2\n"
		       "  z: 2\n");
	assert_int_equal(parsed.report.n, 0);
	b = node_find(parsed.root, "b");
	assert_int_equal(b->n_entries, 3);
	check_text(b, "x", "1", 2);
	check_text(b, "y", "2", 6);
	check_text(b, "z", "2", 7);
	assert_null(node_find(b, "<<"));
}

static void of_several_merged_mappings_the_first_counts(void **state)
{
	CLEANUP(parsed_finish) struct parsed parsed;
	const struct node *c;

	(void)state;
	parse(&parsed, "a: &a {x: 1, y: 1}\n"
		       "b: &b\n"
		       "  <<: *a\n"
		       "  y: 2\n"
		       "c: {<<: [*b, *a, {w: 3}], z: 3}\n");
	assert_int_equal(parsed.report.n, 0);
	c = node_find(parsed.root, "c");
	assert_int_equal(c->n_entries, 4);
	check_text(c, "x", "1", 1);
	check_text(c, "y", "2", 4);
	check_text(c, "w", "3", 5);
}

static void a_quoted_merge_key_is_a_key(void **state)
{
	CLEANUP(parsed_finish) struct parsed parsed;

	(void)state;
	parse(&parsed, "\"<<\": {a: 1}\n");
	assert_int_equal(parsed.report.n, 0);
	assert_non_null(node_find(parsed.root, "<<"));
	assert_null(node_find(parsed.root, "a"));
}

static void what_is_wrong_is_told_and_the_rest_goes_on(void **state)
{
	static const struct {
		const char *text, *printed;
	} rows[] = {
		{ "a: 1\nb: 2\na: 3\n",
			"f.yaml:3:1: error: key 'a' stands twice, first on line 1\n"
			"    3 | a: ***\n"
			"      | ^\n" },
		{ "{last: 1, a: &x 1, 'a': *x, a: 3}\n",
			"f.yaml:1:20: error: key 'a' stands twice, first on line 1\n"
			"    1 | {last: 1, a: ***, 'a': *x, a: ***}\n"
			"      |                   ^~~\n"
			"f.yaml:1:29: error: key 'a' stands twice, first on line 1\n"
			"    1 | {last: 1, a: ***, 'a': *x, a: ***}\n"
			"      |                            ^\n" },
		{ "last: 1\n[a]: 1\n", "f.yaml:2:1: error: a key is a text, not a list\n"
				       "    2 | ***: ***\n"
				       "      | ^~~\n" },
		{ "base: &base {}\nlast: *bse\n", "f.yaml:2:7: error: there is no anchor "
						  "'&bse' before; did you mean "
						  "'*base'?\n"
						  "    2 | last: *bse\n"
						  "      |       ^~~~\n" },
		{ "last: *all\n", "f.yaml:1:7: error: there is no anchor '&all' before; "
				  "quote a text "
				  "that begins with '*'\n"
				  "    1 | last: *all\n"
				  "      |       ^~~~\n" },
		{ "last: &a [1, *a]\n",
			"f.yaml:1:14: error: '*a' stands inside of what it stands for\n"
			"    1 | last: &a [1, *a]\n"
			"      |              ^\n" },
		{ "last: {<<: text}\n", "f.yaml:1:12: error: '<<' merges a mapping or a "
					"list of mappings, "
					"not a text\n"
					"    1 | last: {<<: text}\n"
					"      |            ^~~~\n" },
		{ "last: {<<: [{a: 1}, [b]]}\n", "f.yaml:1:21: error: '<<' merges a "
						 "mapping or a list of mappings, "
						 "not a list\n"
						 "    1 | last: {<<: [{a: 1}, [b]]}\n"
						 "      |                     ^~~\n" },
		{ "last: {<<: {a: 1}, <<: {b: 1}}\n",
			"f.yaml:1:20: error: a second '<<'; merge a list of mappings "
			"instead\n"
			"    1 | last: {<<: {a: 1}, <<: {b: 1}}\n"
			"      |                    ^~\n" },
		{ "last: !include other.yaml\n", "f.yaml:1:7: error: the tag '!include' "
						 "means nothing here; quote a "
						 "text that begins with '!'\n"
						 "    1 | last: !include other.yaml\n"
						 "      |       ^\n" },
		{ "last: !!str 10\n",
			"f.yaml:1:7: error: the tag '!!str' means nothing here; quote a "
			"text that begins with '!'\n"
			"    1 | last: !!str 10\n"
			"      |       ^\n" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(parsed_finish) struct parsed parsed;

		parse(&parsed, rows[i].text);
		assert_string_equal(buffer_text(&parsed.printed), rows[i].printed);
		assert_non_null(parsed.root);
		assert_true(node_find(parsed.root, "last") || i == 0);
	}
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(an_alias_is_what_its_anchor_holds),
	cmocka_unit_test(merged_keys_keep_their_place_and_yield_to_explicit_ones),
	cmocka_unit_test(of_several_merged_mappings_the_first_counts),
	cmocka_unit_test(a_quoted_merge_key_is_a_key),
	cmocka_unit_test(what_is_wrong_is_told_and_the_rest_goes_on),
};

CASES_MAIN(cases)
