/* SPDX-License-Identifier: Apache-2.0 */
#include "arena.h"

#include "macros.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BLOCK_SIZE = 4096 };

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	alignas(max_align_t) char bytes[];
};

void arena_finish(struct arena *arena)
{
	while (arena->blocks) {
		struct arena_block *block = arena->blocks;

		arena->blocks = block->next;
		free(block);
	}
}

void arena_wipe(struct arena *arena)
{
	for (struct arena_block *block = arena->blocks; block; block = block->next)
		explicit_bzero(block->bytes, block->used);
}

void *arena_take(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->blocks;
	size_t rounded = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	void *piece;

	if (rounded < size || rounded > SIZE_MAX - sizeof(*block))
		return NULL;
	if (!block || block->size - block->used < rounded) {
		size_t room = MAX(rounded, (size_t)ARENA_BLOCK_SIZE);

		block = calloc(1, sizeof(*block) + room);
		if (!block)
			return NULL;
		block->size = room;
		block->next = arena->blocks;
		arena->blocks = block;
	}
	piece = block->bytes + block->used;
	block->used += rounded;
	return piece;
}

char *arena_copy_text(struct arena *arena, const char *text, size_t n)
{
	char *copy = arena_take(arena, n + 1);

	if (copy)
		memcpy(copy, text, n);
	return copy;
}
