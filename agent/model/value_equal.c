/* SPDX-License-Identifier: Apache-2.0 */
/* Whether two sets of values say the same, wherever they come from: what a reload
 * decides by. */
#include "value.h"

#include <string.h>

typedef bool value_comparison(const struct value *a, const struct value *b);

/* Texts may be absent: an option without value and preset. */
static bool texts_equal(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool booleans(const struct value *a, const struct value *b)
{
	return a->boolean == b->boolean;
}

/* Of 64 bits: whole numbers, spans, times, sizes. */
static bool words(const struct value *a, const struct value *b)
{
	return a->integer == b->integer;
}

static bool reals(const struct value *a, const struct value *b)
{
	return a->real == b->real;
}

static bool decimals(const struct value *a, const struct value *b)
{
	return a->decimal.digits == b->decimal.digits &&
	       a->decimal.scale == b->decimal.scale;
}

static bool texts(const struct value *a, const struct value *b)
{
	return texts_equal(a->text, b->text);
}

static bool choices(const struct value *a, const struct value *b)
{
	return a->choice == b->choice;
}

static bool lists(const struct value *a, const struct value *b)
{
	bool equal = a->list.n == b->list.n;

	for (size_t i = 0; equal && i < a->list.n; i++)
		equal = texts_equal(a->list.items[i], b->list.items[i]);
	return equal;
}

static bool maps(const struct value *a, const struct value *b)
{
	bool equal = a->map.n == b->map.n;

	for (size_t i = 0; equal && i < a->map.n; i++)
		equal = texts_equal(a->map.items[i].name, b->map.items[i].name) &&
			texts_equal(a->map.items[i].value, b->map.items[i].value);
	return equal;
}

static bool tables(const struct value *a, const struct value *b)
{
	bool equal = a->table.n == b->table.n;

	for (size_t i = 0; equal && i < a->table.n; i++)
		equal = values_equal(&a->table.rows[i], &b->table.rows[i]);
	return equal;
}

static bool groups(const struct value *a, const struct value *b)
{
	return a->group && b->group ? values_equal(a->group, b->group)
				    : a->group == b->group;
}

static value_comparison *const comparisons[] = {
	[RK_TYPE_BOOL] = booleans,
	[RK_TYPE_INT] = words,
	[RK_TYPE_REAL] = reals,
	[RK_TYPE_DECIMAL] = decimals,
	[RK_TYPE_STRING] = texts,
	[RK_TYPE_DURATION] = words,
	[RK_TYPE_TIME] = words,
	[RK_TYPE_SIZE] = words,
	[RK_TYPE_CHOICE] = choices,
	[RK_TYPE_SECRET] = texts,
	[RK_TYPE_LIST] = lists,
	[RK_TYPE_MAP] = maps,
	[RK_TYPE_TABLE] = tables,
	[RK_TYPE_GROUP] = groups,
};

static bool value_equal(uint32_t type, const struct value *a, const struct value *b)
{
	bool a_is_none = a->origin == ORIGIN_NONE, b_is_none = b->origin == ORIGIN_NONE;

	if (type == RK_TYPE_GROUP)
		return groups(a, b);
	if (a_is_none || b_is_none)
		return a_is_none == b_is_none;
	return comparisons[type](a, b);
}

bool values_equal(const struct values *a, const struct values *b)
{
	bool equal = a->set->n == b->set->n;

	for (size_t i = 0; equal && i < a->set->n; i++)
		equal = texts_equal(a->set->items[i].name, b->set->items[i].name) &&
			a->set->items[i].type == b->set->items[i].type &&
			value_equal(a->set->items[i].type, &a->items[i], &b->items[i]);
	return equal;
}
