/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file for conf.d that does nothing until somebody edits it: every option stands
 * in it behind a '#' right in front of its name, with its preset, below its help,
 * which is behind '# '.
 */
#include "settings.h"
#include "yaml_text.h"

#include "config.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"

#include <string.h>

enum { SAMPLE_WIDTH = 90 };

struct sample {
	struct buffer *to;
	unsigned int indent;  /* in front of the '#' */
	unsigned int nesting; /* behind it */
	bool is_item;         /* the next option begins an item of a list */
};

static void begin_line(const struct sample *sample, const char *mark)
{
	buffer_append_format(sample->to, "%*s%s%*s", (int)sample->indent, "", mark,
		(int)sample->nesting, "");
}

/* Writes words into lines that begin with "# ". */
static void append_help(const struct sample *sample, const char *text)
{
	size_t room = SAMPLE_WIDTH - sample->indent - sample->nesting - 4;
	const char *mark = sample->nesting > 0 ? "#" : "";

	while (*text) {
		size_t n = strlen(text);

		if (n > room) {
			const char *space = memrchr(text, ' ', room + 1);

			if (!space)
				space = strchr(text, ' ');
			n = space ? (size_t)(space - text) : n;
		}
		begin_line(sample, mark);
		buffer_append_text(sample->to, "# ");
		buffer_append(sample->to, text, n);
		buffer_append_byte(sample->to, '\n');
		text += n;
		text += *text == ' ';
	}
}

static void append_option_help(const struct sample *sample, const struct option *option)
{
	CLEANUP(buffer_finish) struct buffer help = { 0 };
	CLEANUP(buffer_finish) struct buffer clean = { 0 };

	if (option->help)
		buffer_append_format(&help, "%s ", option->help);
	buffer_append_format(&help, "(%s", option_type_name(option->type));
	for (size_t i = 0; i < option->n_choices; i++)
		buffer_append_format(
			&help, "%s %s", i == 0 ? ":" : ",", option->choices[i]);
	if (option->range)
		buffer_append_format(&help, ", %s", option->range);
	if (option->flags & RK_REQUIRED)
		buffer_append_text(&help, ", required");
	if (option->flags & RK_DEPRECATED)
		buffer_append_text(&help, ", deprecated");
	buffer_append_byte(&help, ')');
	if (buffer_text(&help))
		yaml_append_comment(&clean, buffer_text(&help));
	if (buffer_text(&clean))
		append_help(sample, buffer_text(&clean));
}

/* What stands for a value where there is no preset. */
static const char *placeholder(const struct option *option)
{
	static const char *const texts[] = {
		[RK_TYPE_BOOL] = "true",
		[RK_TYPE_INT] = "1",
		[RK_TYPE_REAL] = "1",
		[RK_TYPE_DECIMAL] = "1",
		[RK_TYPE_STRING] = "TEXT",
		[RK_TYPE_DURATION] = "10s",
		[RK_TYPE_TIME] = "2026-11-01T00:00:00Z",
		[RK_TYPE_SIZE] = "64KiB",
		[RK_TYPE_SECRET] = "${credential:NAME}",
		[RK_TYPE_LIST] = "[TEXT]",
		[RK_TYPE_MAP] = "{name: TEXT}",
		[RK_TYPE_GROUP] = "{}",
	};

	if (option->type == RK_TYPE_CHOICE)
		return option->n_choices > 0 ? option->choices[0] : "";
	return option->type < LENGTH(texts) ? texts[option->type] : "";
}

static void append_options(struct sample *sample, const struct option_set *set);

static void append_below(struct sample *sample, const struct option *option)
{
	unsigned int nesting = sample->nesting;

	buffer_append_byte(sample->to, '\n');
	sample->nesting += option->type == RK_TYPE_TABLE ? 4 : 2;
	sample->is_item = option->type == RK_TYPE_TABLE;
	append_options(sample, &option->columns);
	sample->nesting = nesting;
	sample->is_item = false;
}

/* The help and the begin of the line; the first option of an item has its dash in
 * front. */
static void begin_option(struct sample *sample, const struct option *option)
{
	const unsigned int dash = sample->is_item ? 2 : 0;

	sample->nesting -= dash;
	append_option_help(sample, option);
	begin_line(sample, "#");
	buffer_append_text(sample->to, dash > 0 ? "- " : "");
	sample->nesting += dash;
	sample->is_item = false;
}

/* "#name: value" */
static void append_option(struct sample *sample, const struct option *option)
{
	begin_option(sample, option);
	buffer_append_format(sample->to, "%s:", option->name);
	if (option->columns.n > 0 && !option->preset) {
		append_below(sample, option);
		return;
	}
	buffer_append_byte(sample->to, ' ');
	if (option->type == RK_TYPE_STRING && option->preset)
		yaml_append_text(sample->to, option->preset);
	else
		buffer_append_text(sample->to,
			option->preset ? option->preset : placeholder(option));
	buffer_append_byte(sample->to, '\n');
}

static void append_options(struct sample *sample, const struct option_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		append_option(sample, &set->items[i]);
}

/* Options of every collector that somebody who begins is likely to want. */
static void append_common(struct sample *sample, const struct description *description)
{
	CLEANUP(arena_finish) struct arena arena = { 0 };
	struct settings settings;
	const struct {
		const char *name, *preset;
	} shown[] = {
		{ "interval", description->interval },
		{ "timeout", description->timeout },
		{ "tenant", NULL },
		{ "labels", NULL },
	};

	if (settings_describe(&arena, &settings) < 0) {
		sample->to->failed = true;
		return;
	}
	for (size_t i = 0; i < LENGTH(shown); i++) {
		struct option option = *option_set_find(
			&settings.sets[SETTINGS_COLLECTOR], shown[i].name);

		if (shown[i].preset)
			option.preset = shown[i].preset;
		append_option(sample, &option);
	}
}

static void append_head(struct sample *sample, const struct description *description)
{
	CLEANUP(buffer_finish) struct buffer head = { 0 };
	CLEANUP(buffer_finish) struct buffer clean = { 0 };

	buffer_append_format(&head, "%s %s: %s", description->name,
		description->version ? description->version : "",
		description->summary ? description->summary : "");
	if (buffer_text(&head))
		yaml_append_comment(&clean, buffer_text(&head));
	if (buffer_text(&clean))
		append_help(sample, buffer_text(&clean));
	buffer_append_text(sample->to, "#\n");
	append_help(sample,
		"Options stand here as comments, with their defaults; remove the '#' in "
		"front of those that you set. This collector is off: remove the line "
		"'enabled: false' to run it. All that is common to collectors is in "
		"docs/CONFIGURATION.md.");
}

void config_sample(const struct description *description, struct buffer *to)
{
	struct sample sample = { .to = to };

	append_head(&sample, description);
	buffer_append_format(to,
		"collectors:\n"
		"  - id: %s\n"
		"    plugin: %s\n"
		"    enabled: false\n",
		description->name, description->name);
	sample.indent = 4;
	append_common(&sample, description);
	buffer_append_text(to, "    options:\n");
	sample.indent = 6;
	append_options(&sample, &description->options);
}
