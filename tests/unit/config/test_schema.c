/* SPDX-License-Identifier: Apache-2.0 */
/* What the schema says is held against files in tests/config; this is its form. */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "config/config.h"
#include "config/document.h"
#include "config/json.h"
#include "config/report.h"
#include "fake_catalogue.h"

#include "cases.h"

#include <string.h>

static void the_schema_is_the_same_each_time(void **state)
{
	CLEANUP(buffer_finish) struct buffer first = { 0 }, second = { 0 };
	static const char begin[] =
		"{\n"
		"  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n";

	(void)state;
	assert_int_equal(config_schema(fake_catalogue(), &first), 0);
	assert_int_equal(config_schema(fake_catalogue(), &second), 0);
	assert_string_equal(buffer_text(&first), buffer_text(&second));
	assert_memory_equal(buffer_text(&first), begin, strlen(begin));
	assert_int_equal(first.data[first.size - 1], '\n');
	assert_int_equal(first.data[first.size - 2], '}');
}

static void every_plugin_and_sink_has_its_definition(void **state)
{
	CLEANUP(buffer_finish) struct buffer text = { 0 };
	json_t *schema, *definitions;
	static const char *const names[] = { "plugin_lazy", "plugin_mail_api",
		"plugin_probe", "plugin_ticker", "type_file", "type_http" };

	(void)state;
	assert_int_equal(config_schema(fake_catalogue(), &text), 0);
	schema = json_loads(buffer_text(&text), 0, NULL);
	assert_non_null(schema);
	definitions = json_object_get(schema, "$defs");
	for (size_t i = 0; i < LENGTH(names); i++)
		assert_non_null(json_object_get(definitions, names[i]));
	assert_null(json_object_get(definitions, "plugin_broken"));
	json_decref(schema);
}

static void a_catalogue_of_nothing_has_a_schema(void **state)
{
	static const struct catalogue nothing = { 0 };
	CLEANUP(buffer_finish) struct buffer text = { 0 };
	json_t *schema;

	(void)state;
	assert_int_equal(config_schema(&nothing, &text), 0);
	schema = json_loads(buffer_text(&text), 0, NULL);
	assert_non_null(schema);
	json_decref(schema);
}

static void trees_become_json_as_the_core_schema_says(void **state)
{
	static const char text[] = "{a: 1, b: -1.5, c: true, d: ~, e: '1', f: yes, g: "
				   "[x, {h: 0x10}], i: 1.0e3}";
	struct document_set *set = document_set_create();
	CLEANUP(report_finish) struct report report = { 0 };
	json_t *tree;
	char *dumped;

	(void)state;
	tree = json_from_node(
		document_parse(set, "f", text, strlen(text), &report)->root);
	dumped = json_dumps(tree, JSON_COMPACT);
	assert_string_equal(dumped,
		"{\"a\":1,\"b\":-1.5,\"c\":true,\"d\":null,\"e\":\"1\",\"f\":\"yes\","
		"\"g\":[\"x\",{\"h\":\"0x10\"}],\"i\":1000.0}");
	free(dumped);
	json_decref(tree);
	document_set_destroy(set);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(the_schema_is_the_same_each_time),
	cmocka_unit_test(every_plugin_and_sink_has_its_definition),
	cmocka_unit_test(a_catalogue_of_nothing_has_a_schema),
	cmocka_unit_test(trees_become_json_as_the_core_schema_says),
};

CASES_MAIN(cases)
