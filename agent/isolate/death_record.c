/* SPDX-License-Identifier: Apache-2.0 */
#include "death_record.h"

#include "base/macros.h"
#include "base/random.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct death_record {
	char *plugin, *only;          /* owned; only: NULL where it is a shared child */
	int64_t times_ns[DEATH_MANY]; /* of the last deaths, a ring */
	unsigned int next;
	int64_t not_before_ns;
};

struct death_blame {
	char *id; /* owned */
	unsigned int n;
};

void death_records_finish(struct death_records *records)
{
	for (size_t i = 0; i < records->n_records; i++) {
		free(records->records[i].plugin);
		free(records->records[i].only);
	}
	for (size_t i = 0; i < records->n_blames; i++)
		free(records->blames[i].id);
	free(records->records);
	free(records->blames);
	*records = (struct death_records){ 0 };
}

static bool is_same(const char *a, const char *b)
{
	return a && b ? text_equal(a, b) : a == b;
}

static struct death_record *find(
	const struct death_records *records, const char *plugin, const char *only)
{
	for (size_t i = 0; i < records->n_records; i++) {
		if (text_equal(records->records[i].plugin, plugin) &&
			is_same(records->records[i].only, only))
			return &records->records[i];
	}
	return NULL;
}

static struct death_record *find_or_add(
	struct death_records *records, const char *plugin, const char *only)
{
	struct death_record *found = find(records, plugin, only), *grown;

	if (found)
		return found;
	grown = realloc(records->records, (records->n_records + 1) * sizeof(*grown));
	if (!grown)
		return NULL;
	records->records = grown;
	found = &grown[records->n_records];
	*found = (struct death_record){ .plugin = strdup(plugin),
		.only = only ? strdup(only) : NULL };
	if (!found->plugin || (only && !found->only)) {
		free(found->plugin);
		free(found->only);
		return NULL;
	}
	records->n_records++;
	return found;
}

static struct death_blame *find_blame(const struct death_records *records, const char *id)
{
	for (size_t i = 0; i < records->n_blames; i++) {
		if (text_equal(records->blames[i].id, id))
			return &records->blames[i];
	}
	return NULL;
}

static void blame(struct death_records *records, const char *id)
{
	struct death_blame *found = find_blame(records, id), *grown;

	if (found) {
		found->n++;
		return;
	}
	grown = realloc(records->blames, (records->n_blames + 1) * sizeof(*grown));
	if (!grown)
		return;
	records->blames = grown;
	grown[records->n_blames] = (struct death_blame){ strdup(id), 1 };
	if (grown[records->n_blames].id)
		records->n_blames++;
}

static unsigned int count_within(const struct death_record *record, int64_t now_ns)
{
	unsigned int n = 0;

	for (size_t i = 0; i < DEATH_MANY; i++)
		n += record->times_ns[i] != 0 &&
		     now_ns - record->times_ns[i] < DEATH_WINDOW_NS;
	return n;
}

/* The wait before the next child after n deaths. */
static int64_t wait_after(unsigned int n, struct random *random)
{
	int64_t most_ns = DEATH_FIRST_NS;

	if (n < 2)
		return 0;
	if (n >= DEATH_MANY)
		return DEATH_PARKED_NS;
	for (unsigned int i = 2; i < n; i++)
		most_ns *= 2;
	return 1 + (int64_t)random_below(random, (uint64_t)most_ns);
}

void death_records_add(
	struct death_records *records, struct death *death, struct random *random)
{
	struct death_record *record = find_or_add(records, death->plugin, death->only);

	death->n = 1;
	if (death->blamed)
		blame(records, death->blamed);
	if (!record)
		return;
	record->times_ns[record->next++ % DEATH_MANY] = MAX(death->now_ns, INT64_C(1));
	death->n = count_within(record, death->now_ns);
	record->not_before_ns = death->now_ns + wait_after(death->n, random);
}

unsigned int death_records_blame(const struct death_records *records, const char *id)
{
	const struct death_blame *found = find_blame(records, id);

	return found ? found->n : 0;
}

int64_t death_records_wait(const struct death_records *records, const char *plugin,
	const char *only, int64_t now_ns)
{
	const struct death_record *record = find(records, plugin, only);

	return record ? MAX(record->not_before_ns - now_ns, INT64_C(0)) : 0;
}
