/* SPDX-License-Identifier: Apache-2.0 */
/* What a person changes in a collector's state: checked against the states that there
 * are, and packed for journal_change_state. */
#ifndef JOURNAL_STATE_CHANGE_H
#define JOURNAL_STATE_CHANGE_H

#include "states.h"

enum state_change_kind {
	STATE_CHANGE_SET,
	STATE_CHANGE_REMOVE, /* one key */
	STATE_CHANGE_RESET,  /* all keys */
};

/* All of it is borrowed. */
struct state_change {
	enum state_change_kind kind;
	const char *collector; /* its id */
	struct slice key, value;
	bool all; /* also the host's own keys */
};

/* Packs the operations that make the change. 0; -ENOENT: there is no such state or key;
 * -EINVAL: that is no key for people; -E2BIG: the state's bounds; -ENOMEM. Then why
 * tells it in words. */
int state_change_pack(const struct states *states, const struct state_change *change,
	struct buffer *operations, struct buffer *why);

#endif
