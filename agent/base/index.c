/* SPDX-License-Identifier: Apache-2.0 */
#include "index.h"

#include <errno.h>
#include <stdlib.h>

enum { INDEX_FIRST_CAPACITY = 16 };

void index_finish(struct index *index)
{
	free(index->slots);
	*index = (struct index){ 0 };
}

static size_t index_next(const struct index *index, size_t i)
{
	return (i + 1) & (index->capacity - 1);
}

static size_t index_home(const struct index *index, uint64_t hash)
{
	return (size_t)hash & (index->capacity - 1);
}

uint32_t index_find(
	const struct index *index, uint64_t hash, index_equal *equal, const void *context)
{
	if (index->n == 0)
		return INDEX_NONE;
	for (size_t i = index_home(index, hash);; i = index_next(index, i)) {
		const struct index_slot *slot = &index->slots[i];

		if (slot->value == INDEX_NONE)
			return INDEX_NONE;
		if (slot->hash == hash && equal(context, slot->value))
			return slot->value;
	}
}

static void index_put(struct index *index, uint64_t hash, uint32_t value)
{
	size_t i = index_home(index, hash);

	while (index->slots[i].value != INDEX_NONE)
		i = index_next(index, i);
	index->slots[i] = (struct index_slot){ hash, value };
}

static int index_resize(struct index *index, size_t capacity)
{
	struct index_slot *old = index->slots;
	size_t n_old = index->capacity;
	struct index_slot *slots = malloc(capacity * sizeof(*slots));

	if (!slots)
		return -ENOMEM;
	for (size_t i = 0; i < capacity; i++)
		slots[i] = (struct index_slot){ 0, INDEX_NONE };
	index->slots = slots;
	index->capacity = capacity;
	for (size_t i = 0; i < n_old; i++) {
		if (old[i].value != INDEX_NONE)
			index_put(index, old[i].hash, old[i].value);
	}
	free(old);
	return 0;
}

int index_add(struct index *index, uint64_t hash, uint32_t value)
{
	if (4 * (index->n + 1) > 3 * index->capacity) {
		int r = index_resize(index,
			index->capacity ? 2 * index->capacity : INDEX_FIRST_CAPACITY);

		if (r < 0)
			return r;
	}
	index_put(index, hash, value);
	index->n++;
	return 0;
}

/* Closes the gap at i: moves up what would not be found across it any more. */
static void index_close_gap(struct index *index, size_t gap)
{
	size_t i = gap;

	for (;;) {
		size_t home, mask = index->capacity - 1;

		i = index_next(index, i);
		if (index->slots[i].value == INDEX_NONE)
			break;
		home = index_home(index, index->slots[i].hash);
		/* It may move where its home is not between the gap and itself. */
		if (((i - home) & mask) >= ((i - gap) & mask)) {
			index->slots[gap] = index->slots[i];
			gap = i;
		}
	}
	index->slots[gap].value = INDEX_NONE;
}

void index_remove(struct index *index, uint64_t hash, uint32_t value)
{
	if (index->n == 0)
		return;
	for (size_t i = index_home(index, hash);; i = index_next(index, i)) {
		if (index->slots[i].value == INDEX_NONE)
			return;
		if (index->slots[i].hash == hash && index->slots[i].value == value) {
			index_close_gap(index, i);
			index->n--;
			return;
		}
	}
}
