/* SPDX-License-Identifier: Apache-2.0 */
#include "schema_option.h"

#include "document.h"
#include "report.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"

#include <string.h>

/* What a text must look like, for the types that have a form of their own. */
static const struct {
	const char *name, *pattern;
} patterns[] = {
	{ "reference", "\\$\\{" },
	{ "integer_text", "^[+-]?[0-9]+$" },
	{ "number_text", "^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?$" },
	{ "duration", "^(0|([0-9]+(ns|us|ms|s|m|h|d|w))+)$" },
	{ "size", "^(0|[0-9]+(B|KiB|MiB|GiB|TiB|KB|kB|MB|GB|TB))$" },
	{ "time",
		"^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?"
		"([Zz]|[+-][0-9]{2}:[0-9]{2}))?$" },
};

json_t *schema_definitions(struct json *json)
{
	json_t *definitions = json_object();

	/* YAML says that 10 is a number, also where a text is wanted. */
	json_put(json, definitions, "text",
		json_pack("{s:[sss]}", "type", "string", "number", "boolean"));
	for (size_t i = 0; i < LENGTH(patterns); i++)
		json_put(json, definitions, patterns[i].name,
			json_pack("{s:s, s:s}", "type", "string", "pattern",
				patterns[i].pattern));
	return definitions;
}

json_t *schema_reference(const char *name)
{
	return json_pack("{s:s+}", "$ref", "#/$defs/", name);
}

/* JSON's numbers can say where a range ends, if they are given as numbers. */
static void put_range(struct json *json, json_t *schema, const char *range)
{
	const char *dots = range ? strstr(range, "..") : NULL;

	if (dots && dots > range)
		json_put(json, schema, "minimum",
			json_from_number(range, (size_t)(dots - range)));
	if (dots && dots[2] != '\0')
		json_put(json, schema, "maximum",
			json_from_number(dots + 2, strlen(dots + 2)));
}

static void add_number(struct json *json, json_t *to, const struct option *option)
{
	bool is_integer = option->type == RK_TYPE_INT;
	json_t *schema = json_pack("{s:s}", "type", is_integer ? "integer" : "number");

	put_range(json, schema, option->range);
	json_add(json, to, schema);
	json_add(json, to, schema_reference(is_integer ? "integer_text" : "number_text"));
}

static void add_bool(struct json *json, json_t *to, const struct option *option)
{
	(void)option;
	json_add(json, to, json_pack("{s:s}", "type", "boolean"));
	json_add(json, to, json_pack("{s:[ss]}", "enum", "true", "false"));
}

static void add_text(struct json *json, json_t *to, const struct option *option)
{
	(void)option;
	json_add(json, to, schema_reference("text"));
}

static void add_time(struct json *json, json_t *to, const struct option *option)
{
	(void)option;
	json_add(json, to, schema_reference("time"));
}

/* Zero alone goes without a unit, and is a number then. */
static void add_quantity(struct json *json, json_t *to, const struct option *option)
{
	bool is_size = option->type == RK_TYPE_SIZE;

	json_add(json, to, schema_reference(is_size ? "size" : "duration"));
	json_add(json, to, json_pack("{s:i}", "const", 0));
}

static void add_choice(struct json *json, json_t *to, const struct option *option)
{
	json_t *names = json_array();

	for (size_t i = 0; i < option->n_choices; i++)
		json_add(json, names,
			json_from_text(option->choices[i], strlen(option->choices[i])));
	json_add(json, to, json_pack("{s:o}", "enum", names));
}

static void add_list(struct json *json, json_t *to, const struct option *option)
{
	(void)option;
	json_add(json, to,
		json_pack("{s:s, s:o}", "type", "array", "items",
			schema_reference("text")));
}

static void add_map(struct json *json, json_t *to, const struct option *option)
{
	(void)option;
	json_add(json, to,
		json_pack("{s:s, s:o}", "type", "object", "additionalProperties",
			schema_reference("text")));
}

static void add_table(struct json *json, json_t *to, const struct option *option)
{
	json_add(json, to,
		json_pack("{s:s, s:o}", "type", "array", "items",
			schema_set(json, &option->columns)));
}

static void add_group(struct json *json, json_t *to, const struct option *option)
{
	json_add(json, to, schema_set(json, &option->columns));
}

static void (*const adders[])(
	struct json *json, json_t *to, const struct option *option) = {
	[RK_TYPE_BOOL] = add_bool,
	[RK_TYPE_INT] = add_number,
	[RK_TYPE_REAL] = add_number,
	[RK_TYPE_DECIMAL] = add_number,
	[RK_TYPE_STRING] = add_text,
	[RK_TYPE_DURATION] = add_quantity,
	[RK_TYPE_TIME] = add_time,
	[RK_TYPE_SIZE] = add_quantity,
	[RK_TYPE_CHOICE] = add_choice,
	[RK_TYPE_SECRET] = add_text,
	[RK_TYPE_LIST] = add_list,
	[RK_TYPE_MAP] = add_map,
	[RK_TYPE_TABLE] = add_table,
	[RK_TYPE_GROUP] = add_group,
};

static void put_help(struct json *json, json_t *schema, const struct option *option)
{
	CLEANUP(buffer_finish) struct buffer help = { 0 };

	if (option->help)
		buffer_append_text(&help, option->help);
	/* Of durations, sizes and times, a schema cannot say it otherwise. */
	if (option->range)
		buffer_append_format(
			&help, "%sRange: %s.", help.size > 0 ? " " : "", option->range);
	if (help.size > 0)
		json_put(json, schema, "description",
			json_from_text((const char *)help.data, help.size));
}

static json_t *preset_tree(const struct option *option)
{
	CLEANUP(document_sets_destroy) struct document_set *set = document_set_create();
	CLEANUP(report_finish) struct report report = { 0 };
	const struct document *document = NULL;

	if (set)
		document = document_parse(
			set, "preset", option->preset, strlen(option->preset), &report);
	return document && document->root ? json_from_node(document->root) : NULL;
}

static json_t *preset_value(const struct option *option)
{
	switch (option->type) {
	case RK_TYPE_BOOL:
		return json_boolean(strcmp(option->preset, "true") == 0);
	case RK_TYPE_INT:
	case RK_TYPE_REAL:
	case RK_TYPE_DECIMAL:
		return json_from_number(option->preset, strlen(option->preset));
	case RK_TYPE_LIST:
	case RK_TYPE_MAP:
	case RK_TYPE_TABLE:
		return preset_tree(option);
	default:
		return json_from_text(option->preset, strlen(option->preset));
	}
}

json_t *schema_option(
	struct json *json, const struct option *option, json_t *alternatives)
{
	json_t *schema = json_object();

	put_help(json, schema, option);
	if (option->preset)
		json_put(json, schema, "default", preset_value(option));
	if (option->flags & RK_DEPRECATED)
		json_put(json, schema, "deprecated", json_true());
	/* Substitution changes texts, and never structure. */
	if (option->type < RK_TYPE_LIST && option->type != RK_TYPE_STRING &&
		option->type != RK_TYPE_SECRET)
		json_add(json, alternatives, schema_reference("reference"));
	if (!(option->flags & RK_REQUIRED))
		json_add(json, alternatives, json_pack("{s:s}", "type", "null"));
	json_put(json, schema, "anyOf", alternatives);
	return schema;
}

json_t *schema_set(struct json *json, const struct option_set *set)
{
	json_t *properties = json_object(), *required = json_array();

	for (size_t i = 0; i < set->n; i++) {
		const struct option *option = &set->items[i];
		json_t *alternatives = json_array();

		if (option->type < LENGTH(adders))
			adders[option->type](json, alternatives, option);
		json_put(json, properties, option->name,
			schema_option(json, option, alternatives));
		if (option->flags & RK_REQUIRED)
			json_add(json, required, json_string(option->name));
	}
	return json_pack("{s:s, s:o, s:o, s:b}", "type", "object", "properties",
		properties, "required", required, "additionalProperties", 0);
}

json_t *schema_nullable(json_t *schema)
{
	return json_pack("{s:[o{s:s}]}", "anyOf", schema, "type", "null");
}
