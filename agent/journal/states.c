/* SPDX-License-Identifier: Apache-2.0 */
#include "states.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void collector_state_destroy(struct kept_state *state)
{
	state_finish(&state->state);
	free(state->id);
	free(state);
}

void states_finish(struct states *states)
{
	for (size_t i = 0; i < states->n; i++)
		collector_state_destroy(states->all[i]);
	free(states->all);
	*states = (struct states){ 0 };
}

static int compare(const char *id, struct slice with)
{
	size_t n = strlen(id), least = n < with.n ? n : with.n;
	int order = memcmp(id, with.at, least);

	return order != 0 ? order : (n > with.n) - (n < with.n);
}

/* Where the id stands or would stand. */
static size_t find(const struct states *states, struct slice id, bool *ret_found)
{
	size_t low = 0, high = states->n;

	*ret_found = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare(states->all[middle]->id, id);

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

struct kept_state *states_find(const struct states *states, struct slice id)
{
	bool found;
	size_t i = find(states, id, &found);

	return found ? states->all[i] : NULL;
}

static int make_room(struct states *states)
{
	size_t capacity = states->capacity ? 2 * states->capacity : 16;
	struct kept_state **all;

	if (states->n < states->capacity)
		return 0;
	all = realloc(states->all, capacity * sizeof(struct kept_state *));
	if (!all)
		return -ENOMEM;
	states->all = all;
	states->capacity = capacity;
	return 0;
}

int states_add(struct states *states, struct slice id, struct kept_state **ret_state)
{
	struct kept_state *added;
	bool found;
	size_t i = find(states, id, &found);

	if (id.n == 0 || id.n > STATES_MAX_ID || memchr(id.at, '\0', id.n))
		return -EINVAL;
	if (found) {
		*ret_state = states->all[i];
		return 0;
	}
	added = calloc(1, sizeof(*added));
	if (!added || make_room(states) < 0) {
		free(added);
		return -ENOMEM;
	}
	added->id = strndup(id.at, id.n);
	if (!added->id) {
		free(added);
		return -ENOMEM;
	}
	memmove(&states->all[i + 1], &states->all[i],
		(states->n - i) * sizeof(*states->all));
	states->all[i] = added;
	states->n++;
	*ret_state = added;
	return 0;
}
