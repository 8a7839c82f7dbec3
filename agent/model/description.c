/* SPDX-License-Identifier: Apache-2.0 */
#include "description.h"

#include "base/macros.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

/* A table without end is a mistake or worse. */
enum { OPTION_MAX_COUNT = 1000, CHOICES_MAX_COUNT = 1000 };

static int copy_text(struct arena *arena, const char *text, const char **ret_copy)
{
	char *copy = NULL;

	if (text) {
		copy = arena_copy_text(arena, text, strlen(text));
		if (!copy)
			return -ENOMEM;
	}
	*ret_copy = copy;
	return 0;
}

static int copy_choices(
	struct arena *arena, const char *const *choices, struct option *option)
{
	const char **copies;
	size_t n = 0;

	while (choices && choices[n]) {
		if (++n > CHOICES_MAX_COUNT)
			return -EINVAL;
	}
	copies = arena_take(arena, n * sizeof(*copies));
	if (!copies)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		int r = copy_text(arena, choices[i], &copies[i]);

		if (r < 0)
			return r;
	}
	option->choices = copies;
	option->n_choices = n;
	return 0;
}

static int copy_columns(struct arena *arena, const struct rk_columns *columns,
	unsigned int depth, struct option_set *ret_set);

static int copy_option(struct arena *arena, const struct rk_option *from,
	unsigned int depth, struct option *ret_option)
{
	const struct {
		const char *from, **to;
	} texts[] = {
		{ from->name, &ret_option->name },
		{ from->preset, &ret_option->preset },
		{ from->range, &ret_option->range },
		{ from->help, &ret_option->help },
	};
	int r;

	if (!from->name)
		return -EINVAL;
	for (size_t i = 0; i < LENGTH(texts); i++) {
		r = copy_text(arena, texts[i].from, texts[i].to);
		if (r < 0)
			return r;
	}
	ret_option->type = from->type;
	ret_option->flags = from->flags;
	r = copy_choices(arena, from->choices, ret_option);
	if (r < 0 || !from->columns)
		return r;
	return copy_columns(arena, from->columns, depth + 1, &ret_option->columns);
}

static int copy_columns(struct arena *arena, const struct rk_columns *columns,
	unsigned int depth, struct option_set *ret_set)
{
	const char *row = (const char *)columns->options;
	struct option *items;

	if (depth > OPTION_MAX_DEPTH || columns->n_options > OPTION_MAX_COUNT)
		return -EINVAL;
	items = arena_take(arena, columns->n_options * sizeof(*items));
	if (!items)
		return -ENOMEM;
	for (size_t i = 0; i < columns->n_options; i++, row += columns->option_size) {
		struct rk_option from = { 0 };
		int r;

		/* The table may be of a header that is older or newer than ours. */
		memcpy(&from, row, MIN(columns->option_size, sizeof(from)));
		r = copy_option(arena, &from, depth, &items[i]);
		if (r < 0)
			return r;
	}
	*ret_set = (struct option_set){ items, columns->n_options };
	return 0;
}

int option_set_copy(struct arena *arena, const struct rk_option *options, size_t stride,
	size_t n, struct option_set *ret_set)
{
	const struct rk_columns columns = {
		.option_size = stride,
		.options = options,
		.n_options = n,
	};

	return copy_columns(arena, &columns, 0, ret_set);
}

const struct option *option_set_find(const struct option_set *set, const char *name)
{
	for (size_t i = 0; i < set->n; i++) {
		if (text_equal(set->items[i].name, name))
			return &set->items[i];
	}
	return NULL;
}

const char *option_type_name(uint32_t type)
{
	static const char *const names[] = {
		[RK_TYPE_BOOL] = "boolean",
		[RK_TYPE_INT] = "whole number",
		[RK_TYPE_REAL] = "number",
		[RK_TYPE_DECIMAL] = "decimal number",
		[RK_TYPE_STRING] = "text",
		[RK_TYPE_DURATION] = "duration",
		[RK_TYPE_TIME] = "time",
		[RK_TYPE_SIZE] = "size",
		[RK_TYPE_CHOICE] = "choice",
		[RK_TYPE_SECRET] = "secret",
		[RK_TYPE_LIST] = "list of texts",
		[RK_TYPE_MAP] = "mapping of texts",
		[RK_TYPE_TABLE] = "list of mappings",
		[RK_TYPE_GROUP] = "mapping",
	};

	return type < LENGTH(names) ? names[type] : "unknown type";
}

const char *kind_name(uint32_t kind)
{
	static const char *const names[] = {
		[RK_GAUGE] = "gauge",
		[RK_DELTA] = "delta",
		[RK_CUMULATIVE] = "cumulative",
	};

	return kind < LENGTH(names) ? names[kind] : NULL;
}

const char *confidence_name(uint32_t confidence)
{
	static const char *const names[] = {
		[RK_EXACT] = "exact",
		[RK_APPROXIMATE] = "approximate",
		[RK_DIRECTIONAL] = "directional",
	};

	return confidence < LENGTH(names) ? names[confidence] : NULL;
}

void description_finish(struct description *description)
{
	arena_finish(&description->arena);
	*description = (struct description){ 0 };
}
