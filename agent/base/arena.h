/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that is given out piece by piece and freed at once. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_block;

/* A zeroed struct is an empty arena. */
struct arena {
	struct arena_block *blocks; /* owned */
};

void arena_finish(struct arena *arena);

/* Overwrites all that was given out, for arenas that hold secrets; the memory
 * stays until arena_finish. */
void arena_wipe(struct arena *arena);

/* Zeroed memory, aligned for any type, valid until arena_finish. NULL where
 * memory ran out. */
void *arena_take(struct arena *arena, size_t size);

/* A copy of n bytes with a NUL behind them. */
char *arena_copy_text(struct arena *arena, const char *text, size_t n);

#endif
