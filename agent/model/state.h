/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state of one collector: keys with bytes, changed by operations that are
 * committed in the frame of the part that they belong to. What the host itself
 * remembers, such as the events that are open, stands under keys that begin with
 * '!', which a plugin cannot name.
 */
#ifndef MODEL_STATE_H
#define MODEL_STATE_H

#include "base/pack.h"

#include <stdbool.h>

/* rookery/ext/state.h. A key has room for the type and the key of an event. */
#define STATE_MAX_KEYS  1024
#define STATE_MAX_KEY   1024         /* bytes */
#define STATE_MAX_VALUE (256u << 10) /* bytes */
#define STATE_MAX_SIZE  (1u << 20)   /* bytes of all keys and values together */

struct state_entry {
	char *key; /* owned; the value stands behind it */
	size_t key_size, value_size;
};

/* A zeroed struct is an empty state. */
struct state {
	struct state_entry *entries; /* owned, sorted by key */
	size_t n, capacity;
	size_t size; /* bytes of all keys and values */
};

void state_finish(struct state *state);

/* Whether that is a key as plugins and people may name them: UTF-8 without control
 * characters that does not begin with '!'. */
bool state_key_is_sound(struct slice key);

/* The value of a key, borrowed until the next change; at is NULL where it is not
 * there. */
struct slice state_get(const struct state *state, struct slice key);

/* 0; -E2BIG: beyond the bounds; -ENOMEM. */
int state_set(struct state *state, struct slice key, struct slice value);
void state_remove(struct state *state, struct slice key);

/* Makes to the same as from. 0 or -ENOMEM, and then to is empty. */
int state_copy(struct state *to, const struct state *from);

/* Operations as they stand in frames. */
void state_pack_set(struct buffer *to, struct slice key, struct slice value);
void state_pack_remove(struct buffer *to, struct slice key);

/* Applies packed operations. 0, -EBADMSG, -E2BIG or -ENOMEM. */
int state_apply(struct state *state, struct slice operations);

#endif
