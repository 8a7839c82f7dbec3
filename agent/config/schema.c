/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON Schema (2020-12) of the whole file. */
#include "schema_option.h"
#include "settings.h"

#include "config.h"

#include "base/buffer.h"
#include "base/cleanup.h"

#include <errno.h>
#include <string.h>

/* Jansson's default of 17 digits would write 0.1 as 0.10000000000000001. */
#define DUMP_FLAGS (JSON_INDENT(2) | JSON_REAL_PRECISION(15))

struct schema {
	struct json json;
	const struct catalogue *catalogue;
	struct settings settings;
	json_t *definitions; /* borrowed */
};

/* Gives an option of a part other alternatives than its type has. */
static void put_alternatives(struct schema *schema, json_t *part,
	const struct option *option, json_t *alternatives)
{
	json_put(&schema->json, json_object_get(part, "properties"), option->name,
		schema_option(&schema->json, option, alternatives));
}

static const struct option *option_of(
	const struct schema *schema, enum settings_part part, const char *name)
{
	return option_set_find(&schema->settings.sets[part], name);
}

/* An option that names one of several things. */
static void put_names(
	struct schema *schema, json_t *part, const struct option *option, json_t *names)
{
	put_alternatives(schema, part, option,
		json_pack("[{s:o}, o]", "enum", names, schema_reference("reference")));
}

static void put_id(struct schema *schema, json_t *part, enum settings_part which)
{
	put_alternatives(schema, part, option_of(schema, which, "id"),
		json_pack("[{s:s, s:s}, {s:s}, o]", "type", "string", "pattern",
			"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", "type", "integer",
			schema_reference("reference")));
}

static void put_labels(struct schema *schema, json_t *part)
{
	const struct option *labels = option_of(schema, SETTINGS_COLLECTOR, "labels");

	put_alternatives(schema, part, labels,
		json_pack("[{s:s, s:i, s:{s:s, s:{s:s}}, s:o}]", "type", "object",
			"maxProperties", 32, "propertyNames", "pattern",
			"^[a-z][a-z0-9_.]{0,63}$", "not", "const", "tenant",
			"additionalProperties", schema_reference("text")));
}

static json_t *names_of(struct schema *schema, const char *const *names)
{
	json_t *array = json_array();

	for (size_t i = 0; names && names[i]; i++)
		json_add(&schema->json, array, json_string(names[i]));
	return array;
}

static json_t *type_names(struct schema *schema)
{
	const struct catalogue *catalogue = schema->catalogue;
	json_t *array = json_array();

	for (size_t i = 0; i < catalogue->n_sink_types; i++)
		json_add(
			&schema->json, array, json_string(catalogue->sink_types[i].name));
	return array;
}

static bool requires(const struct option_set *set)
{
	bool found = false;

	for (size_t i = 0; i < set->n; i++)
		found |= (set->items[i].flags & RK_REQUIRED) != 0;
	return found;
}

/* What a key of an entry decides about. */
struct choice {
	const char *key;   /* "plugin", "type", "format" */
	const char *below; /* where its options stand */
};
static const struct choice choice_of_plugin = { "plugin", "options" };
static const struct choice choice_of_type = { "type", "options" };
static const struct choice choice_of_format = { "format", "format_options" };

/* Where an entry's key is name, its options are those of the definition; what is
 * required may be missing where it is not enabled. */
static json_t *options_rule(const struct choice *choice, const char *name,
	const char *definition, bool is_required)
{
	const char *key = choice->key, *below = choice->below;
	json_t *options = schema_reference(definition);
	json_t *required = is_required ? json_pack("[s]", below) : json_array();

	if (!is_required)
		options = schema_nullable(options);
	return json_pack("{s:{s:{s:{s:s}}, s:[s]}, s:{s:{s:{s:{s:[bs]}}, s:[s]}, "
			 "s:{s:{s:{s:[ss]}}}, s:{s:{s:o}, s:o}}}",
		"if", "properties", key, "const", name, "required", key, "then", "if",
		"properties", "enabled", "enum", 0, "false", "required", "enabled",
		"then", "properties", below, "type", "object", "null", "else",
		"properties", below, options, "required", required);
}

static void add_options(struct schema *schema, json_t *rules, const struct choice *choice,
	const char *name, const struct option_set *set)
{
	CLEANUP(buffer_finish) struct buffer definition = { 0 };

	buffer_append_format(&definition, "%s_%s", choice->key, name);
	if (!buffer_text(&definition)) {
		schema->json.failed = true;
		return;
	}
	json_put(&schema->json, schema->definitions, buffer_text(&definition),
		schema_set(&schema->json, set));
	json_add(&schema->json, rules,
		options_rule(choice, name, buffer_text(&definition), requires(set)));
}

static json_t *plugin_rules(struct schema *schema)
{
	const struct catalogue *catalogue = schema->catalogue;
	json_t *rules = json_array();

	for (size_t i = 0; catalogue->plugins && catalogue->plugins[i]; i++) {
		CLEANUP(buffer_finish) struct buffer unused = { 0 };
		const struct description *plugin =
			catalogue->plugin(catalogue, catalogue->plugins[i], &unused);

		if (plugin)
			add_options(schema, rules, &choice_of_plugin, plugin->name,
				&plugin->options);
	}
	return rules;
}

/* ... and a format that is not among them has no options. */
static void add_format_rules(struct schema *schema, json_t *rules)
{
	const struct catalogue *catalogue = schema->catalogue;
	json_t *names = json_array();

	for (size_t i = 0; i < catalogue->n_format_types; i++) {
		const struct format_type *type = &catalogue->format_types[i];

		add_options(schema, rules, &choice_of_format, type->name, &type->options);
		json_add(&schema->json, names, json_string(type->name));
	}
	json_add(&schema->json, rules,
		json_pack("{s:{s:{s:{s:o}}, s:[s]}, s:{}, s:{s:{s:{s:[ss], s:i}}}}", "if",
			"properties", "format", "enum", names, "required", "format",
			"then", "else", "properties", "format_options", "type", "object",
			"null", "maxProperties", 0));
}

static json_t *sink_rules(struct schema *schema)
{
	const struct catalogue *catalogue = schema->catalogue;
	json_t *rules = json_array();

	for (size_t i = 0; i < catalogue->n_sink_types; i++)
		add_options(schema, rules, &choice_of_type, catalogue->sink_types[i].name,
			&catalogue->sink_types[i].options);
	add_format_rules(schema, rules);
	return rules;
}

/* The schema of an entry, with its rules about `options`. */
static void finish_entry(struct schema *schema, json_t *part, json_t *rules)
{
	json_put(&schema->json, json_object_get(part, "properties"), "options",
		json_object());
	if (json_array_size(rules) > 0)
		json_put(&schema->json, part, "allOf", rules);
	else
		json_decref(rules);
}

static json_t *collector_schema(struct schema *schema)
{
	json_t *part =
		schema_set(&schema->json, &schema->settings.sets[SETTINGS_COLLECTOR]);

	put_id(schema, part, SETTINGS_COLLECTOR);
	put_labels(schema, part);
	put_names(schema, part, option_of(schema, SETTINGS_COLLECTOR, "plugin"),
		names_of(schema, schema->catalogue->plugins));
	finish_entry(schema, part, plugin_rules(schema));
	return part;
}

static json_t *sink_schema(struct schema *schema)
{
	json_t *part = schema_set(&schema->json, &schema->settings.sets[SETTINGS_SINK]);

	put_id(schema, part, SETTINGS_SINK);
	put_names(schema, part, option_of(schema, SETTINGS_SINK, "type"),
		type_names(schema));
	put_names(schema, part, option_of(schema, SETTINGS_SINK, "format"),
		names_of(schema, schema->catalogue->formats));
	json_put(&schema->json, json_object_get(part, "properties"), "format_options",
		json_object());
	finish_entry(schema, part, sink_rules(schema));
	return part;
}

static json_t *journal_schema(struct schema *schema)
{
	json_t *part =
		schema_set(&schema->json, &schema->settings.sets[SETTINGS_JOURNAL]);

	put_alternatives(schema, part, option_of(schema, SETTINGS_JOURNAL, "sync"),
		json_pack("[{s:[ss]}, o, o]", "enum", "commit", "never",
			schema_reference("duration"), schema_reference("reference")));
	return part;
}

static json_t *list_of(json_t *items)
{
	return schema_nullable(json_pack("{s:s, s:o}", "type", "array", "items", items));
}

static json_t *file_schema(struct schema *schema)
{
	struct json *json = &schema->json;
	json_t *properties = json_object(), *file;

	schema->definitions = schema_definitions(json);
	json_put(json, properties, "agent",
		schema_nullable(
			schema_set(json, &schema->settings.sets[SETTINGS_AGENT])));
	json_put(json, properties, "journal", schema_nullable(journal_schema(schema)));
	json_put(json, properties, "collectors", list_of(collector_schema(schema)));
	json_put(json, properties, "sinks", list_of(sink_schema(schema)));
	file = json_pack("{s:s, s:s, s:s, s:[ss], s:o, s:b, s:o}", "$schema",
		"https://json-schema.org/draft/2020-12/schema", "title",
		"Rookery's configuration", "description",
		"rookery.yaml, and the files in conf.d, which have collectors and sinks "
		"alone.",
		"type", "object", "null", "properties", properties,
		"additionalProperties", 0, "$defs", schema->definitions);
	return file;
}

static int append_dump(const char *text, size_t size, void *to)
{
	buffer_append(to, text, size);
	return 0;
}

int config_schema(const struct catalogue *catalogue, struct buffer *to)
{
	CLEANUP(arena_finish) struct arena arena = { 0 };
	struct schema schema = { .catalogue = catalogue };
	json_t *file;
	int r = settings_describe(&arena, &schema.settings);

	if (r < 0)
		return r;
	file = file_schema(&schema);
	if (!file || schema.json.failed ||
		json_dump_callback(file, append_dump, to, DUMP_FLAGS) < 0)
		r = -ENOMEM;
	json_decref(file);
	buffer_append_byte(to, '\n');
	return r < 0 || buffer_failed(to) ? -ENOMEM : 0;
}
