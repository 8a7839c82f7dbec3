/* SPDX-License-Identifier: Apache-2.0 */
#include "roster.h"

#include <stdlib.h>
#include <string.h>

enum { ROSTER_LIMIT = 8192, ROSTER_FIRST_CAPACITY = 8 };

void counter_read(struct counter *counter, uint64_t value, const struct report *report)
{
	bool went_down = counter->known && value < counter->value;

	counter->has_delta = counter->known && !went_down;
	counter->delta = counter->has_delta ? value - counter->value : 0;
	if (!counter->known || went_down)
		counter->start_ns = report->previous_ns;
	counter->value = value;
	counter->known = true;
}

void roster_begin(struct roster *roster, size_t n_handles, size_t n_counters)
{
	roster->n_handles = n_handles;
	roster->n_counters = n_counters;
	roster->expected = 0;
	for (size_t i = 0; i < roster->n; i++)
		roster->members[i]->seen = false;
}

static bool member_is(const struct member *member, const char *key, size_t key_size)
{
	return member->key_size == key_size && memcmp(member->key, key, key_size) == 0;
}

/* Where the member is; roster->n where it is not. */
static size_t find(const struct roster *roster, const char *key, size_t key_size)
{
	size_t i;

	if (roster->expected < roster->n &&
		member_is(roster->members[roster->expected], key, key_size))
		return roster->expected;
	for (i = 0; i < roster->n; i++) {
		if (member_is(roster->members[i], key, key_size))
			break;
	}
	return i;
}

/* One block of memory holds the member and all that belongs to it. */
static struct member *create(
	const struct roster *roster, const char *key, size_t key_size)
{
	struct block {
		struct member member;
		struct counter counters[];
	} * block;
	size_t counters_size = roster->n_counters * sizeof(struct counter);
	size_t handles_size = roster->n_handles * sizeof(struct handle);
	struct handle *handles;
	char *copy;

	block = calloc(1, sizeof(*block) + counters_size + handles_size + key_size + 1);
	if (!block)
		return NULL;
	handles = (void *)((char *)block->counters + counters_size);
	copy = (char *)handles + handles_size;
	memcpy(copy, key, key_size);
	block->member = (struct member){
		.key = copy,
		.key_size = key_size,
		.counters = block->counters,
		.handles = handles,
		.fresh = true,
	};
	return &block->member;
}

static struct member *add(struct roster *roster, const char *key, size_t key_size)
{
	struct member *member;

	if (roster->n == ROSTER_LIMIT)
		return NULL;
	if (roster->n == roster->capacity) {
		size_t capacity =
			roster->n > 0 ? 2 * roster->capacity : ROSTER_FIRST_CAPACITY;
		struct member **members =
			realloc(roster->members, capacity * sizeof(*members));

		if (!members)
			return NULL;
		roster->members = members;
		roster->capacity = capacity;
	}
	member = create(roster, key, key_size);
	if (member)
		roster->members[roster->n++] = member;
	return member;
}

struct member *roster_take(struct roster *roster, const char *key, size_t key_size)
{
	size_t i = find(roster, key, key_size);
	struct member *member;

	roster->expected = i + 1;
	if (i == roster->n) {
		member = add(roster, key, key_size);
	} else {
		member = roster->members[i];
		/* Told twice: a series has one sample at a time. */
		if (member->seen)
			return NULL;
		member->fresh = false;
	}
	if (member)
		member->seen = true;
	return member;
}

void roster_end(struct roster *roster, struct report *report)
{
	size_t kept = 0;

	for (size_t i = 0; i < roster->n; i++) {
		struct member *member = roster->members[i];

		if (member->seen) {
			roster->members[kept++] = member;
			continue;
		}
		for (size_t k = 0; k < roster->n_handles; k++)
			report_forget(report, &member->handles[k]);
		free(member);
	}
	roster->n = kept;
}

void roster_finish(struct roster *roster)
{
	for (size_t i = 0; i < roster->n; i++)
		free(roster->members[i]);
	free(roster->members);
	*roster = (struct roster){ 0 };
}
