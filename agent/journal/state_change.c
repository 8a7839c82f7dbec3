/* SPDX-License-Identifier: Apache-2.0 */
#include "state_change.h"

#include <errno.h>

static bool key_is_for(const struct state_change *change, struct slice key)
{
	/* The host's own keys begin with '!'. */
	if (change->all && key.n > 1 && key.at[0] == '!')
		key = (struct slice){ key.at + 1, key.n - 1 };
	return state_key_is_sound(key);
}

static int check_key(const struct state_change *change, struct buffer *why)
{
	if (key_is_for(change, change->key))
		return 0;
	buffer_append_format(why, "'%.*s' is no key%s", (int)change->key.n,
		change->key.at,
		change->key.n > 0 && change->key.at[0] == '!' && !change->all
			? " of the plugin but one of the agent's own; --all takes it"
			: "");
	return -EINVAL;
}

/* Tries it on a copy: what the journal takes must fit. */
static int pack_set(const struct state *before, const struct state_change *change,
	struct buffer *operations, struct buffer *why)
{
	struct state after = { 0 };
	int r = before ? state_copy(&after, before) : 0;

	if (r == 0)
		r = state_set(&after, change->key, change->value);
	state_finish(&after);
	if (r == -E2BIG)
		buffer_append_format(why,
			"that is more than a state takes: %u keys, %u KiB a value, %u "
			"KiB in all",
			STATE_MAX_KEYS, STATE_MAX_VALUE >> 10, STATE_MAX_SIZE >> 10);
	if (r == 0)
		state_pack_set(operations, change->key, change->value);
	return r;
}

static int pack_remove(const struct state *before, const struct state_change *change,
	struct buffer *operations, struct buffer *why)
{
	if (!state_get(before, change->key).at) {
		buffer_append_format(why, "the state of '%s' has no key '%.*s'",
			change->collector, (int)change->key.n, change->key.at);
		return -ENOENT;
	}
	state_pack_remove(operations, change->key);
	return 0;
}

static void pack_reset(const struct state *before, const struct state_change *change,
	struct buffer *operations)
{
	for (size_t i = 0; i < before->n; i++) {
		const struct state_entry *entry = &before->entries[i];

		if (change->all || entry->key[0] != '!')
			state_pack_remove(operations,
				(struct slice){ entry->key, entry->key_size });
	}
}

int state_change_pack(const struct states *states, const struct state_change *change,
	struct buffer *operations, struct buffer *why)
{
	const struct kept_state *found = states_find(states, slice_of(change->collector));
	const struct state *before = found ? &found->state : NULL;
	int r = 0;

	if (change->kind != STATE_CHANGE_RESET)
		r = check_key(change, why);
	if (r < 0)
		return r;
	if (change->kind == STATE_CHANGE_SET) {
		r = pack_set(before, change, operations, why);
	} else if (!before || before->n == 0) {
		buffer_append_format(why, "'%s' has no state", change->collector);
		r = -ENOENT;
	} else if (change->kind == STATE_CHANGE_REMOVE) {
		r = pack_remove(before, change, operations, why);
	} else {
		pack_reset(before, change, operations);
	}
	return r == 0 && buffer_failed(operations) ? -ENOMEM : r;
}
