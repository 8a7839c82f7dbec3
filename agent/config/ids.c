/* SPDX-License-Identifier: Apache-2.0 */
#include "ids.h"

#include "base/checksum.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { IDS_FIRST_CAPACITY = 16 };

void ids_finish(struct ids *ids)
{
	index_finish(&ids->index);
	free(ids->items);
	*ids = (struct ids){ 0 };
}

struct lookup {
	const struct ids *ids;
	const char *text;
};

static bool is_id(const void *context, uint32_t value)
{
	const struct lookup *lookup = context;

	return text_equal(lookup->ids->items[value].text, lookup->text);
}

static int ids_grow(struct ids *ids)
{
	size_t capacity = ids->capacity ? 2 * ids->capacity : IDS_FIRST_CAPACITY;
	struct id *items = reallocarray(ids->items, capacity, sizeof(*items));

	if (!items)
		return -ENOMEM;
	ids->items = items;
	ids->capacity = capacity;
	return 0;
}

int ids_add(struct ids *ids, struct id id, struct place *ret_first)
{
	const struct lookup lookup = { ids, id.text };
	uint64_t hash = hash_bytes(id.text, strlen(id.text));
	uint32_t known = index_find(&ids->index, hash, is_id, &lookup);
	int r;

	if (known != INDEX_NONE) {
		*ret_first = ids->items[known].place;
		return 1;
	}
	if (ids->n == ids->capacity && ids_grow(ids) < 0)
		return -ENOMEM;
	r = index_add(&ids->index, hash, (uint32_t)ids->n);
	if (r == 0)
		ids->items[ids->n++] = id;
	return r;
}
