/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include "base/macros.h"

#include <errno.h>
#include <string.h>

/* One field of the struct, and what it is to be filled from. */
struct field {
	struct arena *arena;
	const struct value *value;
	const struct rk_option *option;
	char *at;
};

static int copy_text(struct arena *arena, const char *text, const char **ret_copy)
{
	const char *copy = NULL;

	if (text) {
		copy = arena_copy_text(arena, text, strlen(text));
		if (!copy)
			return -ENOMEM;
	}
	*ret_copy = copy;
	return 0;
}

static int fill_bool(const struct field *field)
{
	memcpy(field->at, &field->value->boolean, sizeof(bool));
	return 0;
}

/* Also durations and times, structs of one int64_t, and sizes. */
static int fill_word(const struct field *field)
{
	_Static_assert(sizeof(struct rk_duration) == sizeof(int64_t), "a word");
	_Static_assert(sizeof(struct rk_time) == sizeof(int64_t), "a word");
	_Static_assert(sizeof(struct rk_size) == sizeof(int64_t), "a word");
	memcpy(field->at, &field->value->integer, sizeof(int64_t));
	return 0;
}

static int fill_real(const struct field *field)
{
	memcpy(field->at, &field->value->real, sizeof(double));
	return 0;
}

static int fill_decimal(const struct field *field)
{
	memcpy(field->at, &field->value->decimal, sizeof(struct rk_number));
	return 0;
}

static int fill_choice(const struct field *field)
{
	const struct rk_choice choice = { field->value->choice };

	memcpy(field->at, &choice, sizeof(choice));
	return 0;
}

/* A secret is a struct of one text. */
static int fill_text(const struct field *field)
{
	const char *copy;
	int r = copy_text(field->arena, field->value->text, &copy);

	_Static_assert(sizeof(struct rk_secret) == sizeof(const char *), "a text");
	if (r == 0)
		memcpy(field->at, &copy, sizeof(copy));
	return r;
}

static int fill_list(const struct field *field)
{
	const struct rk_list *from = &field->value->list;
	const char **items = arena_take(field->arena, from->n * sizeof(*items));
	const struct rk_list list = { items, from->n };

	if (!items)
		return -ENOMEM;
	for (size_t i = 0; i < from->n; i++) {
		if (copy_text(field->arena, from->items[i], &items[i]) < 0)
			return -ENOMEM;
	}
	memcpy(field->at, &list, sizeof(list));
	return 0;
}

static int fill_map(const struct field *field)
{
	const struct rk_map *from = &field->value->map;
	struct rk_label *items = arena_take(field->arena, from->n * sizeof(*items));
	const struct rk_map map = { items, from->n };

	if (!items)
		return -ENOMEM;
	for (size_t i = 0; i < from->n; i++) {
		if (copy_text(field->arena, from->items[i].name, &items[i].name) < 0 ||
			copy_text(field->arena, from->items[i].value, &items[i].value) <
				0)
			return -ENOMEM;
	}
	memcpy(field->at, &map, sizeof(map));
	return 0;
}

static int fill_group(const struct field *field)
{
	const struct rk_columns *columns = field->option->columns;

	if (!field->value->group || !columns)
		return 0;
	return options_fill(field->arena, field->value->group, columns->options,
		columns->option_size, field->at);
}

static int fill_table(const struct field *field)
{
	const struct rk_columns *columns = field->option->columns;
	size_t n = field->value->table.n, size;
	struct rk_table table;
	char *rows;

	if (!columns || __builtin_mul_overflow(n, columns->row_size, &size))
		return columns ? -ENOMEM : 0;
	rows = arena_take(field->arena, size);
	if (!rows)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		int r = options_fill(field->arena, &field->value->table.rows[i],
			columns->options, columns->option_size,
			rows + i * columns->row_size);

		if (r < 0)
			return r;
	}
	table = (struct rk_table){ rows, n };
	memcpy(field->at, &table, sizeof(table));
	return 0;
}

static int (*const fillers[])(const struct field *field) = {
	[RK_TYPE_BOOL] = fill_bool,
	[RK_TYPE_INT] = fill_word,
	[RK_TYPE_REAL] = fill_real,
	[RK_TYPE_DECIMAL] = fill_decimal,
	[RK_TYPE_STRING] = fill_text,
	[RK_TYPE_DURATION] = fill_word,
	[RK_TYPE_TIME] = fill_word,
	[RK_TYPE_SIZE] = fill_word,
	[RK_TYPE_CHOICE] = fill_choice,
	[RK_TYPE_SECRET] = fill_text,
	[RK_TYPE_LIST] = fill_list,
	[RK_TYPE_MAP] = fill_map,
	[RK_TYPE_TABLE] = fill_table,
	[RK_TYPE_GROUP] = fill_group,
};

int options_fill(struct arena *arena, const struct values *values,
	const struct rk_option *options, size_t stride, void *state)
{
	for (size_t i = 0; i < values->set->n; i++) {
		const struct value *value = &values->items[i];
		struct rk_option option = { 0 };
		struct field field = { arena, value, &option, NULL };
		int r;

		memcpy(&option, (const char *)options + i * stride,
			MIN(stride, sizeof(option)));
		/* A group without origin still holds its options' presets. */
		if (option.type >= LENGTH(fillers) ||
			(value->origin == ORIGIN_NONE && option.type != RK_TYPE_GROUP))
			continue;
		field.at = (char *)state + option.offset;
		r = fillers[option.type](&field);
		if (r < 0)
			return r;
	}
	return 0;
}
