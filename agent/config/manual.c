/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of options as Markdown. */
#include "config.h"

#include "base/buffer.h"
#include "base/cleanup.h"

/* Text in a cell: a '|' would end it. */
static void append_cell(struct buffer *to, const char *text)
{
	for (; *text; text++) {
		if (*text == '|')
			buffer_append_byte(to, '\\');
		buffer_append_byte(to, *text == '\n' ? ' ' : (uint8_t)*text);
	}
}

static void append_code(struct buffer *to, const char *text)
{
	buffer_append_byte(to, '`');
	append_cell(to, text);
	buffer_append_byte(to, '`');
}

static void append_type(struct buffer *to, const struct option *option)
{
	buffer_append_text(to, option_type_name(option->type));
	for (size_t i = 0; i < option->n_choices; i++) {
		buffer_append_text(to, i == 0 ? ": " : ", ");
		append_code(to, option->choices[i]);
	}
	if (option->range) {
		buffer_append_text(to, ", ");
		append_cell(to, option->range);
	}
}

static void append_row(struct buffer *to, const struct option *option)
{
	buffer_append_text(to, "| ");
	append_code(to, option->name);
	buffer_append_text(to, " | ");
	append_type(to, option);
	buffer_append_text(to, " | ");
	if (option->flags & RK_REQUIRED)
		buffer_append_text(to, "required");
	else if (option->preset)
		append_code(to, option->preset);
	buffer_append_text(to, " | ");
	if (option->flags & RK_DEPRECATED)
		buffer_append_text(to, "Deprecated. ");
	append_cell(to, option->help ? option->help : "");
	buffer_append_text(to, " |\n");
}

static void append_table(
	struct buffer *to, const struct option_set *set, const char *path)
{
	if (set->n == 0)
		buffer_append_text(to, "There are no options.\n");
	else
		buffer_append_text(to, "| Option | Type | Default | Meaning |\n"
				       "|---|---|---|---|\n");
	for (size_t i = 0; i < set->n; i++)
		append_row(to, &set->items[i]);
	for (size_t i = 0; i < set->n; i++) {
		const struct option *option = &set->items[i];
		bool is_table = option->type == RK_TYPE_TABLE;
		CLEANUP(buffer_finish) struct buffer below = { 0 };

		if (option->columns.n == 0)
			continue;
		buffer_append_format(
			&below, "%s%s%s", path, *path ? "." : "", option->name);
		buffer_append_format(to, "\nOptions of %s`%s`:\n\n",
			is_table ? "each entry of " : "",
			buffer_text(&below) ? buffer_text(&below) : "");
		append_table(to, &option->columns,
			buffer_text(&below) ? buffer_text(&below) : "");
	}
}

void config_manual(const struct option_set *options, struct buffer *to)
{
	append_table(to, options, "");
}
