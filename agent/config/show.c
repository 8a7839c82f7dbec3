/* SPDX-License-Identifier: Apache-2.0 */
/* The effective configuration as YAML that can be loaded again. */
#include "load.h"
#include "yaml_text.h"

#include "base/buffer.h"
#include "base/macros.h"

struct show {
	struct buffer *to;
	bool origins;
	unsigned int indent;
	bool is_item; /* the next line begins an item of a list */
};

static void begin_line(struct show *show)
{
	for (unsigned int i = 0; i < show->indent; i++)
		buffer_append_text(show->to, "  ");
	buffer_append_text(show->to, show->is_item ? "- " : "");
	/* What follows the dash is as far to the right as what comes below. */
	show->indent += show->is_item;
	show->is_item = false;
}

static void append_origin(struct show *show, const struct value *value)
{
	static const char *const from[] = {
		[ORIGIN_ENVIRONMENT] = ", from the environment",
		[ORIGIN_SECRET_FILE] = ", from a file",
		[ORIGIN_CREDENTIAL] = ", from a credential",
	};

	if (value->origin == ORIGIN_PRESET)
		buffer_append_text(show->to, "  # default");
	if (value->origin <= ORIGIN_PRESET || !value->place.file)
		return;
	buffer_append_text(show->to, "  # ");
	yaml_append_comment(show->to, value->place.file);
	buffer_append_format(show->to, ":%u:%u", value->place.line, value->place.column);
	if (value->origin < LENGTH(from) && from[value->origin])
		buffer_append_text(show->to, from[value->origin]);
}

/* value: NULL where the line has none of its own. */
static void end_line(struct show *show, const struct value *value)
{
	if (show->origins && value)
		append_origin(show, value);
	buffer_append_byte(show->to, '\n');
}

static void show_key(struct show *show, const char *name)
{
	begin_line(show);
	yaml_append_key(show->to, name);
	buffer_append_byte(show->to, ':');
}

static void show_list(struct show *show, const struct value *value)
{
	buffer_append_text(show->to, " [");
	for (size_t i = 0; i < value->list.n; i++) {
		buffer_append_text(show->to, i > 0 ? ", " : "");
		yaml_append_text(show->to, value->list.items[i]);
	}
	buffer_append_byte(show->to, ']');
	end_line(show, value);
}

static void show_map(struct show *show, const struct value *value)
{
	buffer_append_text(show->to, value->map.n == 0 ? " {}" : "");
	end_line(show, value);
	show->indent++;
	for (size_t i = 0; i < value->map.n; i++) {
		show_key(show, value->map.items[i].name);
		buffer_append_byte(show->to, ' ');
		yaml_append_text(show->to, value->map.items[i].value);
		end_line(show, NULL);
	}
	show->indent--;
}

static void show_values(struct show *show, const struct values *values);

static void show_item(struct show *show, const struct values *values)
{
	unsigned int indent = show->indent;

	show->is_item = true;
	show_values(show, values);
	if (show->is_item) {
		begin_line(show);
		buffer_append_text(show->to, "{}\n");
	}
	show->indent = indent;
}

static void show_table(struct show *show, const struct value *value)
{
	buffer_append_text(show->to, value->table.n == 0 ? " []" : "");
	end_line(show, value);
	show->indent++;
	for (size_t i = 0; i < value->table.n; i++)
		show_item(show, &value->table.rows[i]);
	show->indent--;
}

static bool has_value(const struct values *values);

/* Whether something is shown of an option. */
static bool is_shown(const struct option *option, const struct value *value)
{
	bool is_required = false;

	if (option->type != RK_TYPE_GROUP)
		return value->origin != ORIGIN_NONE;
	for (size_t i = 0; i < option->columns.n; i++)
		is_required |= option->columns.items[i].flags & RK_REQUIRED;
	/* Presets alone would make a group of what was none, without what such a
	 * group requires. */
	return value->origin != ORIGIN_NONE ||
	       (!is_required && value->group && has_value(value->group));
}

static bool has_value(const struct values *values)
{
	for (size_t i = 0; i < values->set->n; i++) {
		if (is_shown(&values->set->items[i], &values->items[i]))
			return true;
	}
	return false;
}

static void show_group(
	struct show *show, const struct values *values, const struct value *value)
{
	buffer_append_text(show->to, has_value(values) ? "" : " {}");
	end_line(show, value);
	show->indent++;
	show_values(show, values);
	show->indent--;
}

static void show_value(
	struct show *show, const struct option *option, const struct value *value)
{
	show_key(show, option->name);
	switch (option->type) {
	case RK_TYPE_LIST:
		show_list(show, value);
		break;
	case RK_TYPE_MAP:
		show_map(show, value);
		break;
	case RK_TYPE_TABLE:
		show_table(show, value);
		break;
	case RK_TYPE_GROUP:
		show_group(show, value->group, value);
		break;
	default:
		buffer_append_byte(show->to, ' ');
		yaml_append_value(show->to, option, value);
		end_line(show, value);
	}
}

static void show_values(struct show *show, const struct values *values)
{
	for (size_t i = 0; values->set && i < values->set->n; i++) {
		if (is_shown(&values->set->items[i], &values->items[i]))
			show_value(show, &values->set->items[i], &values->items[i]);
	}
}

static void show_entry(struct show *show, const struct bound_item *item)
{
	unsigned int indent = show->indent;

	show_item(show, &item->common);
	show->indent = indent + 1;
	if (item->format_options.set && item->format_options.set->n > 0) {
		show_key(show, "format_options");
		show_group(show, &item->format_options, NULL);
	}
	if (item->has_options) {
		show_key(show, "options");
		show_group(show, &item->options, NULL);
	}
	show->indent = indent;
}

static void show_entries(
	struct show *show, const char *key, const struct bound_item *items, size_t n)
{
	buffer_append_format(show->to, "%s:%s\n", key, n == 0 ? " []" : "");
	show->indent = 1;
	for (size_t i = 0; i < n; i++)
		show_entry(show, &items[i]);
	show->indent = 0;
}

static void show_part(struct show *show, const char *key, const struct values *values)
{
	buffer_append_format(show->to, "%s:\n", key);
	show->indent = 1;
	show_values(show, values);
	show->indent = 0;
}

void config_show(const struct config *config, bool origins, struct buffer *to)
{
	struct show show = { .to = to, .origins = origins };

	show_part(&show, "agent", &config->bound->agent);
	show_part(&show, "journal", &config->bound->journal);
	show_entries(
		&show, "collectors", config->bound->collectors, config->n_collectors);
	show_entries(&show, "sinks", config->bound->sinks, config->n_sinks);
}
