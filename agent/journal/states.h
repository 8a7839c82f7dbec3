/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The states of all collectors that ever committed one, by the collector's id: what
 * the frames of the journal add up to. A collector that is not configured any more
 * keeps its state, and finds it when it comes back.
 */
#ifndef JOURNAL_STATES_H
#define JOURNAL_STATES_H

#include "model/state.h"

#include <stdint.h>

/* Of a collector's id. */
#define STATES_MAX_ID 1024

struct kept_state {
	char *id; /* owned */
	struct state state;
};

/* A zeroed struct has none. */
struct states {
	struct kept_state **all; /* owned, sorted by id; none is ever taken out */
	size_t n, capacity;
};

void states_finish(struct states *states);

/* NULL where there is none. Borrowed until states_finish. */
struct kept_state *states_find(const struct states *states, struct slice id);

/* The same, made where there is none. 0; -EINVAL: the id is empty, too long or
 * no text; -ENOMEM. */
int states_add(struct states *states, struct slice id, struct kept_state **ret_state);

#endif
