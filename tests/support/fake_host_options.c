/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_host_options.h"

#include "cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 256, MOST_PAIRS = 64, MOST_ITEMS = 64 };

struct fake_options {
	void **memory; /* owned, and each of them */
	size_t n;
	const char *const *pairs;
	bool used[MOST_PAIRS];
};

static void *keep(struct fake_options *options, void *memory)
{
	assert_non_null(memory);
	options->memory =
		realloc(options->memory, (options->n + 1) * sizeof(*options->memory));
	assert_non_null(options->memory);
	options->memory[options->n++] = memory;
	return memory;
}

static char *keep_text(struct fake_options *options, const char *text, size_t n)
{
	return keep(options, strndup(text, n));
}

/* The text that is configured for a path such as "disk.include", the last one where
 * there are several; NULL: none. */
static const char *configured(struct fake_options *options, const char *path)
{
	const char *text = NULL;
	size_t n = strlen(path);

	for (size_t i = 0; options->pairs && options->pairs[i]; i++) {
		assert_true(i < MOST_PAIRS);
		if (strncmp(options->pairs[i], path, n) == 0 &&
			options->pairs[i][n] == '=') {
			options->used[i] = true;
			text = options->pairs[i] + n + 1;
		}
	}
	return text;
}

struct unit {
	const char *name;
	uint64_t factor;
};

/* A number and one of the units, which end with a NULL. */
static uint64_t read_amount(const char *text, const struct unit *units)
{
	char *end;
	double value = strtod(text, &end);

	for (; units->name; units++) {
		if (strcmp(end, units->name) == 0)
			return (uint64_t)(value * (double)units->factor);
	}
	fail_msg("'%s' has no unit that the fake host knows", text);
	return 0;
}

static struct rk_duration read_duration(const char *text)
{
	static const struct unit units[] = { { "ns", 1 }, { "ms", 1000000 },
		{ "s", 1000000000 }, { "m", 60000000000 }, { "h", 3600000000000 },
		{ "d", 86400000000000 }, { NULL, 0 } };

	return (struct rk_duration){ (int64_t)read_amount(text, units) };
}

static struct rk_size read_size(const char *text)
{
	static const struct unit units[] = { { "B", 1 }, { "KiB", 1024 },
		{ "MiB", 1024 * 1024 }, { "GiB", 1024 * 1024 * 1024 }, { "kB", 1000 },
		{ "MB", 1000000 }, { NULL, 0 } };

	return (struct rk_size){ read_amount(text, units) };
}

static struct rk_choice read_choice(const struct rk_option *option, const char *text)
{
	for (uint32_t i = 0; option->choices[i]; i++) {
		if (strcmp(option->choices[i], text) == 0)
			return (struct rk_choice){ i };
	}
	fail_msg("'%s' is no choice of option '%s'", text, option->name);
	return (struct rk_choice){ 0 };
}

/* "[a, b]", items without quotes. */
static struct rk_list read_list(struct fake_options *options, const char *text)
{
	const char **items = keep(options, calloc(MOST_ITEMS, sizeof(*items)));
	struct rk_list list = { .items = items };

	assert_true(text[0] == '[' && text[strlen(text) - 1] == ']');
	text++;
	while (*text && *text != ']') {
		size_t n = strcspn(text, ",]");

		while (n > 0 && *text == ' ') {
			text++;
			n--;
		}
		assert_true(list.n < MOST_ITEMS);
		if (n > 0)
			items[list.n++] = keep_text(options, text, n);
		text += n + (text[n] == ',');
	}
	return list;
}

static void fill_one(struct fake_options *options, const struct rk_option *option,
	const char *text, void *to)
{
	switch (option->type) {
	case RK_TYPE_BOOL:
		assert_true(strcmp(text, "true") == 0 || strcmp(text, "false") == 0);
		*(bool *)to = strcmp(text, "true") == 0;
		break;
	case RK_TYPE_INT:
		*(int64_t *)to = strtoll(text, NULL, 10);
		break;
	case RK_TYPE_REAL:
		*(double *)to = strtod(text, NULL);
		break;
	case RK_TYPE_STRING:
	case RK_TYPE_SECRET:
		*(const char **)to = keep_text(options, text, strlen(text));
		break;
	case RK_TYPE_DURATION:
		*(struct rk_duration *)to = read_duration(text);
		break;
	case RK_TYPE_SIZE:
		*(struct rk_size *)to = read_size(text);
		break;
	case RK_TYPE_CHOICE:
		*(struct rk_choice *)to = read_choice(option, text);
		break;
	case RK_TYPE_LIST:
		*(struct rk_list *)to = read_list(options, text);
		break;
	default:
		fail_msg("the fake host fills no option of type %u", option->type);
	}
}

/* Fills a table's options; prefix is "" or ends with a dot. */
static void fill(struct fake_options *options, const struct rk_option *table, size_t n,
	const char *prefix, char *state)
{
	for (size_t i = 0; i < n; i++) {
		const struct rk_option *option = &table[i];
		char path[NAME_SIZE];
		const char *text;

		snprintf(path, sizeof(path), "%s%s", prefix, option->name);
		if (option->type == RK_TYPE_GROUP) {
			snprintf(path, sizeof(path), "%s%s.", prefix, option->name);
			fill(options, option->columns->options,
				option->columns->n_options, path, state + option->offset);
			continue;
		}
		text = configured(options, path);
		if (!text)
			text = option->preset;
		if (text)
			fill_one(options, option, text, state + option->offset);
	}
}

struct fake_options *fake_options_fill(
	const struct rk_plugin *plugin, const char *const *pairs, void *state)
{
	struct fake_options *options = calloc(1, sizeof(*options));

	assert_non_null(options);
	options->pairs = pairs;
	fill(options, plugin->options, plugin->n_options, "", state);
	for (size_t i = 0; pairs && pairs[i]; i++) {
		if (!options->used[i])
			fail_msg("'%s' fits no option of %s", pairs[i], plugin->name);
	}
	options->pairs = NULL;
	return options;
}

void fake_options_destroy(struct fake_options *options)
{
	for (size_t i = 0; i < options->n; i++)
		free(options->memory[i]);
	free(options->memory);
	free(options);
}
