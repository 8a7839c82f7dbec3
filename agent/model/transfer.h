/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Descriptions, configured values and matches as bytes, which cross between the agent
 * and the children that host plugins. Both sides are of one build (isolate/wire.h), so
 * nothing here has to be understood by another version; what a child says may be
 * hostile all the same.
 *
 * Failure of an unpack_* sticks in from; what was unpacked so far is then of no use.
 */
#ifndef MODEL_TRANSFER_H
#define MODEL_TRANSFER_H

#include "base/pack.h"
#include "value.h"

struct arena;

/* A text that may be NULL. */
void pack_optional(struct buffer *to, const char *text);
/* Copied into the arena, at most most bytes; NULL where it was NULL or failed. */
const char *unpack_optional(struct unpack *from, struct arena *arena, size_t most);
/* ... and one that must be there. */
const char *unpack_text(struct unpack *from, struct arena *arena, size_t most);

void description_pack(struct buffer *to, const struct description *description);

/* Checks the names, types, kinds and counts that it finds, so that what comes out can be
 * used like what host/description.c made. description_finish in all cases. */
void description_unpack(struct unpack *from, struct description *ret_description);

/* Values of a set of options, without their places. */
void values_pack(struct buffer *to, const struct values *values);

/* set: of the same description; borrowed. Texts are copied into the arena. */
void values_unpack(struct unpack *from, struct arena *arena, const struct option_set *set,
	struct values *ret_values);

void list_pack(struct buffer *to, const struct rk_list *list);
void list_unpack(struct unpack *from, struct arena *arena, struct rk_list *ret_list);

/* A table of struct match. */
void match_pack(struct buffer *to, const struct rk_table *match);
void match_unpack(struct unpack *from, struct arena *arena, struct rk_table *ret_match);

#endif
