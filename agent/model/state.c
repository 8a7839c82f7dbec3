/* SPDX-License-Identifier: Apache-2.0 */
#include "state.h"

#include "base/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { STATE_SET = 1, STATE_REMOVE = 2 };

void state_finish(struct state *state)
{
	for (size_t i = 0; i < state->n; i++)
		free(state->entries[i].key);
	free(state->entries);
	*state = (struct state){ 0 };
}

bool state_key_is_sound(struct slice key)
{
	if (key.n == 0 || key.n > STATE_MAX_KEY || key.at[0] == '!' ||
		utf8_valid_prefix(key.at, key.n) < key.n)
		return false;
	for (size_t i = 0; i < key.n; i++) {
		if ((unsigned char)key.at[i] < ' ' || key.at[i] == 0x7f)
			return false;
	}
	return true;
}

static int compare(const struct state_entry *entry, struct slice key)
{
	size_t n = entry->key_size < key.n ? entry->key_size : key.n;
	int order = memcmp(entry->key, key.at, n);

	if (order != 0)
		return order;
	return (entry->key_size > key.n) - (entry->key_size < key.n);
}

/* Where the key stands or would stand. */
static size_t find(const struct state *state, struct slice key, bool *ret_found)
{
	size_t low = 0, high = state->n;

	*ret_found = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare(&state->entries[middle], key);

		if (order == 0) {
			*ret_found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct slice state_get(const struct state *state, struct slice key)
{
	bool found;
	size_t i = find(state, key, &found);
	const struct state_entry *entry = &state->entries[i];

	if (!found)
		return (struct slice){ NULL, 0 };
	return (struct slice){ entry->key + entry->key_size, entry->value_size };
}

static int make_entry(struct slice key, struct slice value, struct state_entry *ret_entry)
{
	char *bytes = malloc(key.n + value.n + 1);

	if (!bytes)
		return -ENOMEM;
	memcpy(bytes, key.at, key.n);
	if (value.n > 0)
		memcpy(bytes + key.n, value.at, value.n);
	*ret_entry = (struct state_entry){ bytes, key.n, value.n };
	return 0;
}

static int make_room(struct state *state)
{
	size_t capacity = state->capacity ? 2 * state->capacity : 8;
	struct state_entry *entries;

	if (state->n < state->capacity)
		return 0;
	if (state->n >= STATE_MAX_KEYS)
		return -E2BIG;
	entries = realloc(state->entries, capacity * sizeof(*entries));
	if (!entries)
		return -ENOMEM;
	state->entries = entries;
	state->capacity = capacity;
	return 0;
}

static size_t entry_size(const struct state_entry *entry)
{
	return entry->key_size + entry->value_size;
}

int state_set(struct state *state, struct slice key, struct slice value)
{
	struct state_entry entry;
	bool found;
	size_t i = find(state, key, &found);
	size_t before = found ? entry_size(&state->entries[i]) : 0;
	int r;

	if (key.n == 0 || key.n > STATE_MAX_KEY || value.n > STATE_MAX_VALUE ||
		state->size - before + key.n + value.n > STATE_MAX_SIZE)
		return -E2BIG;
	r = found ? 0 : make_room(state);
	if (r == 0)
		r = make_entry(key, value, &entry);
	if (r < 0)
		return r;
	if (found) {
		free(state->entries[i].key);
	} else {
		memmove(&state->entries[i + 1], &state->entries[i],
			(state->n - i) * sizeof(entry));
		state->n++;
	}
	state->entries[i] = entry;
	state->size += entry_size(&entry) - before;
	return 0;
}

void state_remove(struct state *state, struct slice key)
{
	bool found;
	size_t i = find(state, key, &found);

	if (!found)
		return;
	state->size -= entry_size(&state->entries[i]);
	free(state->entries[i].key);
	state->n--;
	memmove(&state->entries[i], &state->entries[i + 1],
		(state->n - i) * sizeof(*state->entries));
}

int state_copy(struct state *to, const struct state *from)
{
	state_finish(to);
	for (size_t i = 0; i < from->n; i++) {
		const struct state_entry *entry = &from->entries[i];
		int r = state_set(to, (struct slice){ entry->key, entry->key_size },
			(struct slice){
				entry->key + entry->key_size, entry->value_size });

		if (r < 0) {
			state_finish(to);
			return r;
		}
	}
	return 0;
}

void state_pack_set(struct buffer *to, struct slice key, struct slice value)
{
	buffer_append_byte(to, STATE_SET);
	pack_slice(to, key);
	pack_slice(to, value);
}

void state_pack_remove(struct buffer *to, struct slice key)
{
	buffer_append_byte(to, STATE_REMOVE);
	pack_slice(to, key);
}

int state_apply(struct state *state, struct slice operations)
{
	struct unpack from = unpack_start(operations.at, operations.n);

	while (!unpack_is_done(&from)) {
		uint8_t operation = unpack_byte(&from);
		struct slice key = unpack_slice(&from);
		struct slice value = { "", 0 };
		int r = 0;

		if (operation == STATE_SET)
			value = unpack_slice(&from);
		else if (operation != STATE_REMOVE)
			return -EBADMSG;
		if (from.failed)
			break;
		if (operation == STATE_SET)
			r = state_set(state, key, value);
		else
			state_remove(state, key);
		if (r < 0)
			return r;
	}
	return from.failed ? -EBADMSG : 0;
}
