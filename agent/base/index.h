/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hash index from bytes to small integers: open addressing with linear
 * probing. It keeps hashes and numbers; the bytes stay with the user, who says
 * whether a number's bytes are the ones that are looked for.
 */
#ifndef BASE_INDEX_H
#define BASE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INDEX_NONE UINT32_MAX

struct index_slot {
	uint64_t hash;
	uint32_t value; /* INDEX_NONE: empty */
};

/* A zeroed struct is an empty index. */
struct index {
	struct index_slot *slots; /* owned */
	size_t capacity;          /* a power of two */
	size_t n;
};

typedef bool index_equal(const void *context, uint32_t value);

void index_finish(struct index *index);

/* The number whose bytes have this hash and are equal, INDEX_NONE where none. */
uint32_t index_find(const struct index *index, uint64_t hash, index_equal *equal,
	const void *context);

/* Adds a number that is not there yet. 0 or -ENOMEM. */
int index_add(struct index *index, uint64_t hash, uint32_t value);

void index_remove(struct index *index, uint64_t hash, uint32_t value);

#endif
