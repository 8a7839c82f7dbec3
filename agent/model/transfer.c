/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer.h"

#include "base/arena.h"
#include "match.h"

#include <string.h>

/* The longest text of a configuration and the most entries of a list: far more than a
 * file of a configuration may hold. */
#define TRANSFER_MAX_TEXT  (16u << 20)
#define TRANSFER_MAX_COUNT (1u << 20)

/* ---- texts ------------------------------------------------------------- */

void pack_optional(struct buffer *to, const char *text)
{
	buffer_append_byte(to, text != NULL);
	if (text)
		pack_text(to, text);
}

const char *unpack_text(struct unpack *from, struct arena *arena, size_t most)
{
	struct slice text = unpack_slice(from);
	const char *copy;

	if (from->failed || text.n > most || memchr(text.at, '\0', text.n)) {
		from->failed = true;
		return NULL;
	}
	copy = arena_copy_text(arena, text.at, text.n);
	from->failed |= copy == NULL;
	return copy;
}

const char *unpack_optional(struct unpack *from, struct arena *arena, size_t most)
{
	return unpack_byte(from) ? unpack_text(from, arena, most) : NULL;
}

void list_pack(struct buffer *to, const struct rk_list *list)
{
	pack_unsigned(to, list->n);
	for (size_t i = 0; i < list->n; i++)
		pack_text(to, list->items[i]);
}

/* How many entries follow, each of which takes at least a byte; NULL where there is no
 * room for them. */
static void *take_entries(
	struct unpack *from, struct arena *arena, size_t size, size_t *ret_n)
{
	size_t n = (size_t)unpack_up_to(from, TRANSFER_MAX_COUNT);
	void *entries;

	*ret_n = 0;
	if (from->failed || n > (size_t)(from->end - from->at)) {
		from->failed = true;
		return NULL;
	}
	entries = arena_take(arena, (n + 1) * size);
	from->failed |= entries == NULL;
	if (entries)
		*ret_n = n;
	return entries;
}

void list_unpack(struct unpack *from, struct arena *arena, struct rk_list *ret_list)
{
	size_t n;
	const char **items = take_entries(from, arena, sizeof(*items), &n);

	for (size_t i = 0; i < n && !from->failed; i++)
		items[i] = unpack_text(from, arena, TRANSFER_MAX_TEXT);
	*ret_list = (struct rk_list){ items, n };
}

static void map_pack(struct buffer *to, const struct rk_map *map)
{
	pack_unsigned(to, map->n);
	for (size_t i = 0; i < map->n; i++) {
		pack_text(to, map->items[i].name);
		pack_text(to, map->items[i].value);
	}
}

static void map_unpack(struct unpack *from, struct arena *arena, struct rk_map *ret_map)
{
	size_t n;
	struct rk_label *items = take_entries(from, arena, sizeof(*items), &n);

	for (size_t i = 0; i < n && !from->failed; i++) {
		items[i].name = unpack_text(from, arena, TRANSFER_MAX_TEXT);
		items[i].value = unpack_text(from, arena, TRANSFER_MAX_TEXT);
	}
	*ret_map = (struct rk_map){ items, n };
}

/* ---- matches ----------------------------------------------------------- */

void match_pack(struct buffer *to, const struct rk_table *match)
{
	const struct match *rows = match->rows;

	pack_unsigned(to, match->n);
	for (size_t i = 0; i < match->n; i++) {
		pack_optional(to, rows[i].metric);
		pack_optional(to, rows[i].event);
		pack_optional(to, rows[i].collector);
		pack_optional(to, rows[i].plugin);
		pack_optional(to, rows[i].tenant);
		map_pack(to, &rows[i].labels);
	}
}

void match_unpack(struct unpack *from, struct arena *arena, struct rk_table *ret_match)
{
	size_t n;
	struct match *rows = take_entries(from, arena, sizeof(*rows), &n);

	for (size_t i = 0; i < n && !from->failed; i++) {
		rows[i].metric = unpack_optional(from, arena, TRANSFER_MAX_TEXT);
		rows[i].event = unpack_optional(from, arena, TRANSFER_MAX_TEXT);
		rows[i].collector = unpack_optional(from, arena, TRANSFER_MAX_TEXT);
		rows[i].plugin = unpack_optional(from, arena, TRANSFER_MAX_TEXT);
		rows[i].tenant = unpack_optional(from, arena, TRANSFER_MAX_TEXT);
		map_unpack(from, arena, &rows[i].labels);
	}
	*ret_match = (struct rk_table){ rows, n };
}

/* ---- values ------------------------------------------------------------ */

/* A value's bits: whole numbers, spans, times, sizes, and reals as they are. */
static void pack_word(struct buffer *to, const struct value *value)
{
	pack_signed(to, value->integer);
}

static void unpack_word(struct unpack *from, struct value *value)
{
	value->integer = unpack_signed(from);
}

static void table_pack(struct buffer *to, const struct value *value)
{
	pack_unsigned(to, value->table.n);
	for (size_t i = 0; i < value->table.n; i++)
		values_pack(to, &value->table.rows[i]);
}

static void table_unpack(struct unpack *from, struct arena *arena,
	const struct option *option, struct value *value)
{
	size_t n;
	struct values *rows = take_entries(from, arena, sizeof(*rows), &n);

	for (size_t i = 0; i < n && !from->failed; i++)
		values_unpack(from, arena, &option->columns, &rows[i]);
	value->table.rows = rows;
	value->table.n = n;
}

static void group_unpack(struct unpack *from, struct arena *arena,
	const struct option *option, struct value *value)
{
	struct values *group;

	if (!unpack_byte(from))
		return;
	group = arena_take(arena, sizeof(*group));
	from->failed |= group == NULL;
	if (group)
		values_unpack(from, arena, &option->columns, group);
	value->group = group;
}

static void group_pack(struct buffer *to, const struct value *value)
{
	buffer_append_byte(to, value->group != NULL);
	if (value->group)
		values_pack(to, value->group);
}

static void decimal_pack(struct buffer *to, const struct rk_number *number)
{
	pack_signed(to, number->digits);
	buffer_append_byte(to, (uint8_t)number->scale);
}

static void decimal_unpack(struct unpack *from, struct rk_number *number)
{
	number->form = RK_DECIMAL;
	number->digits = unpack_signed(from);
	number->scale = unpack_byte(from);
	from->failed |= number->scale > 18;
}

static void value_pack(
	struct buffer *to, const struct option *option, const struct value *value)
{
	switch (option->type) {
	case RK_TYPE_BOOL:
		buffer_append_byte(to, value->boolean);
		break;
	case RK_TYPE_CHOICE:
		pack_unsigned(to, value->choice);
		break;
	case RK_TYPE_DECIMAL:
		decimal_pack(to, &value->decimal);
		break;
	case RK_TYPE_STRING:
	case RK_TYPE_SECRET:
		pack_optional(to, value->text);
		break;
	case RK_TYPE_LIST:
		list_pack(to, &value->list);
		break;
	case RK_TYPE_MAP:
		map_pack(to, &value->map);
		break;
	case RK_TYPE_TABLE:
		table_pack(to, value);
		break;
	case RK_TYPE_GROUP:
		group_pack(to, value);
		break;
	default:
		pack_word(to, value);
	}
}

static void value_unpack(struct unpack *from, struct arena *arena,
	const struct option *option, struct value *value)
{
	switch (option->type) {
	case RK_TYPE_BOOL:
		value->boolean = unpack_byte(from) != 0;
		break;
	case RK_TYPE_CHOICE:
		value->choice = (uint32_t)unpack_up_to(from, option->n_choices);
		from->failed |= value->choice == option->n_choices;
		break;
	case RK_TYPE_DECIMAL:
		decimal_unpack(from, &value->decimal);
		break;
	case RK_TYPE_STRING:
	case RK_TYPE_SECRET:
		value->text = unpack_optional(from, arena, TRANSFER_MAX_TEXT);
		break;
	case RK_TYPE_LIST:
		list_unpack(from, arena, &value->list);
		break;
	case RK_TYPE_MAP:
		map_unpack(from, arena, &value->map);
		break;
	case RK_TYPE_TABLE:
		table_unpack(from, arena, option, value);
		break;
	case RK_TYPE_GROUP:
		group_unpack(from, arena, option, value);
		break;
	default:
		unpack_word(from, value);
	}
}

void values_pack(struct buffer *to, const struct values *values)
{
	for (size_t i = 0; i < values->set->n; i++) {
		const struct option *option = &values->set->items[i];
		const struct value *value = &values->items[i];
		/* A group without origin still holds its options' presets. */
		bool is_there =
			value->origin != ORIGIN_NONE || option->type == RK_TYPE_GROUP;

		buffer_append_byte(to, is_there);
		if (!is_there)
			continue;
		buffer_append_byte(to, (uint8_t)value->origin);
		value_pack(to, option, value);
	}
}

void values_unpack(struct unpack *from, struct arena *arena, const struct option_set *set,
	struct values *ret_values)
{
	struct value *items = arena_take(arena, (set->n + 1) * sizeof(*items));

	from->failed |= items == NULL;
	for (size_t i = 0; i < set->n && !from->failed; i++) {
		if (!unpack_byte(from))
			continue;
		items[i].origin = (enum origin)unpack_byte(from);
		value_unpack(from, arena, &set->items[i], &items[i]);
	}
	*ret_values = (struct values){ .set = set, .items = items };
}
