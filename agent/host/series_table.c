/* SPDX-License-Identifier: Apache-2.0 */
#include "series_table.h"

#include "base/checksum.h"
#include "base/macros.h"

#include <errno.h>
#include <stdlib.h>

void series_table_init(struct series_table *table, size_t limit)
{
	*table = (struct series_table){ .limit = limit };
}

void series_table_finish(struct series_table *table)
{
	for (size_t i = 0; i < table->n; i++)
		free(table->items[i].packed);
	free(table->items);
	free(table->free);
	index_finish(&table->index);
	*table = (struct series_table){ 0 };
}

struct lookup {
	const struct series_table *table;
	struct slice packed;
};

static bool entry_equals(const void *context, uint32_t number)
{
	const struct lookup *lookup = context;
	const struct series_entry *entry = &lookup->table->items[number];

	return slice_equal(lookup->packed, (struct slice){ entry->packed, entry->size });
}

/* A place for one more; free has as many places as items, so that giving a number
 * back never fails. */
static int make_room(struct series_table *table)
{
	size_t capacity = table->capacity ? 2 * table->capacity : 64;
	struct series_entry *items;
	uint32_t *numbers;

	if (table->n < table->capacity)
		return 0;
	numbers = realloc(table->free, capacity * sizeof(*numbers));
	if (!numbers)
		return -ENOMEM;
	table->free = numbers;
	items = realloc(table->items, capacity * sizeof(*items));
	if (!items)
		return -ENOMEM;
	table->items = items;
	table->capacity = capacity;
	return 0;
}

/* A number that is at hand stands in the front part of free; the last one of all
 * takes its place. */
static uint32_t take_reusable(struct series_table *table)
{
	uint32_t number = table->free[--table->n_reusable];

	table->free[table->n_reusable] = table->free[--table->n_free];
	return number;
}

static int add_new(struct series_table *table, uint32_t metric, struct slice packed,
	uint64_t hash, uint32_t *ret_number)
{
	struct series_entry entry = {
		.packed = malloc(packed.n ? packed.n : 1),
		.size = (uint32_t)packed.n,
		.metric = metric,
		.hash = hash,
	};
	uint32_t number;

	if (!entry.packed)
		return -ENOMEM;
	memcpy(entry.packed, packed.at, packed.n);
	number = table->n_reusable > 0 ? take_reusable(table) : (uint32_t)table->n++;
	table->items[number] = entry;
	if (index_add(&table->index, hash, number) < 0) {
		table->n_live++;
		series_table_forget(table, number);
		return -ENOMEM;
	}
	table->n_live++;
	*ret_number = number;
	return 0;
}

int series_table_add(struct series_table *table, uint32_t metric, struct slice packed,
	uint32_t *ret_number)
{
	struct lookup lookup = { table, packed };
	uint64_t hash = hash_bytes(packed.at, packed.n);
	uint32_t number = index_find(&table->index, hash, entry_equals, &lookup);

	if (number != INDEX_NONE) {
		*ret_number = number;
		return 0;
	}
	if (table->n_live >= table->limit)
		return -ENOSPC;
	if (make_room(table) < 0)
		return -ENOMEM;
	return add_new(table, metric, packed, hash, ret_number);
}

void series_table_forget(struct series_table *table, uint32_t number)
{
	struct series_entry *entry = series_table_at(table, number);

	if (!entry)
		return;
	index_remove(&table->index, entry->hash, number);
	free(entry->packed);
	*entry = (struct series_entry){ 0 };
	table->n_live--;
	table->free[table->n_free++] = number;
}

void series_table_close_part(struct series_table *table)
{
	table->n_reusable = table->n_free;
}
