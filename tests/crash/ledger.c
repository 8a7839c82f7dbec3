/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

#include "campaign.h"
#include "disk.h"

#include <stdlib.h>
#include <string.h>

static void *more(void *items, size_t n, size_t *capacity, size_t size)
{
	if (n < *capacity)
		return items;
	*capacity = *capacity ? *capacity * 2 : 32;
	items = realloc(items, *capacity * size);
	must(items, "out of memory");
	return items;
}

void ledger_finish(struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->n_batches; i++)
		free(ledger->batches[i].values);
	free(ledger->batches);
	free(ledger->parts);
	*ledger = (struct ledger){ 0 };
}

bool ledger_mark(const struct ledger *ledger, enum mark mark, size_t which)
{
	return !ledger->is_recorded || disk_mark((uint32_t)mark, which);
}

/* ---- parts ------------------------------------------------------------- */

size_t ledger_add_part(struct ledger *ledger, uint32_t first_series, uint32_t n)
{
	ledger->parts = more(ledger->parts, ledger->n_parts, &ledger->parts_capacity,
		sizeof(*ledger->parts));
	ledger->parts[ledger->n_parts] = (struct ledger_part){
		.first_value = ledger->next_value,
		.first_series = first_series,
		.n = n,
	};
	ledger->next_value += n;
	return ledger->n_parts++;
}

struct ledger_part *ledger_part_of(const struct ledger *ledger, int64_t value)
{
	size_t low = 0, high = ledger->n_parts;

	while (low < high) {
		size_t middle = (low + high) / 2;
		struct ledger_part *part = &ledger->parts[middle];

		if (value < part->first_value)
			high = middle;
		else if (value >= part->first_value + part->n)
			low = middle + 1;
		else
			return part;
	}
	return NULL;
}

static bool is_same_place(const struct position *a, const struct position *b)
{
	return a->epoch == b->epoch && a->sequence == b->sequence && a->index == b->index;
}

void ledger_place_part(
	struct ledger *ledger, struct ledger_part *part, const struct position *position)
{
	if (part->position.epoch != 0) {
		must_else(FAULT_DOUBLED, is_same_place(&part->position, position),
			"the part of value %lld stands at two positions",
			(long long)part->first_value);
		return;
	}
	for (size_t i = 0; i < ledger->n_parts; i++)
		must_else(FAULT_LOST,
			!is_same_place(&ledger->parts[i].position, position),
			"the parts of values %lld and %lld have the same position",
			(long long)ledger->parts[i].first_value,
			(long long)part->first_value);
	part->position = *position;
}

/* ---- the receiver ------------------------------------------------------ */

/* The values of a batch of CSV or NDJSON that parts_make made. */
static int64_t *read_values(const struct batch *batch)
{
	static const char key[] = "\"value\":";
	int64_t *values = calloc(batch->n_records, sizeof(*values));
	const char *at = (const char *)batch->bytes.data;
	const char *end = at + batch->bytes.size;
	uint32_t n = 0;

	must(values, "out of memory");
	while ((at = memmem(at, (size_t)(end - at), key, strlen(key)))) {
		at += strlen(key);
		must(n < batch->n_records, "a batch has more records than it says");
		values[n++] = strtoll(at, NULL, 10);
	}
	must(n == batch->n_records, "a batch has %u records and says %u", n,
		batch->n_records);
	return values;
}

static void check_repeated(
	struct ledger *ledger, const struct ledger_batch *first, const int64_t *values)
{
	ledger->n_repeated++;
	must_else(FAULT_INVENTED,
		ledger->may_differ || memcmp(first->values, values,
					      first->n_records * sizeof(*values)) == 0,
		"a batch came again under its id with other content (sequence %llu, "
		"index %u)",
		(unsigned long long)first->begin.sequence, first->begin.index);
}

static void check_values(const struct ledger *ledger, const struct ledger_batch *batch)
{
	for (uint32_t i = 0; i < batch->n_records; i++) {
		const struct ledger_part *part = ledger_part_of(ledger, batch->values[i]);

		must_else(FAULT_INVENTED, part && part->appended,
			"value %lld was received and never sent",
			(long long)batch->values[i]);
		must_else(FAULT_DOUBLED,
			ledger->may_double ||
				!ledger_has_received(ledger, batch->values[i]),
			"value %lld was received under two ids (sequence %llu, index %u)",
			(long long)batch->values[i],
			(unsigned long long)batch->begin.sequence, batch->begin.index);
	}
}

void ledger_receive(struct ledger *ledger, const struct batch *batch)
{
	struct ledger_batch taken = {
		.begin = batch->begin,
		.n_records = batch->n_records,
		.values = read_values(batch),
	};

	for (size_t i = 0; i < ledger->n_batches; i++) {
		const struct ledger_batch *other = &ledger->batches[i];

		if (other->n_records == taken.n_records &&
			is_same_place(&other->begin, &taken.begin)) {
			check_repeated(ledger, other, taken.values);
			free(taken.values);
			return;
		}
	}
	check_values(ledger, &taken);
	if (!ledger_mark(ledger, MARK_RECEIVED, ledger->n_batches)) {
		free(taken.values);
		return;
	}
	ledger->batches = more(ledger->batches, ledger->n_batches,
		&ledger->batches_capacity, sizeof(*ledger->batches));
	ledger->batches[ledger->n_batches++] = taken;
}

void ledger_replace(struct ledger *ledger, const struct ledger_batch *all)
{
	while (ledger->n_batches > 0)
		free(ledger->batches[--ledger->n_batches].values);
	ledger->batches = more(ledger->batches, ledger->n_batches,
		&ledger->batches_capacity, sizeof(*ledger->batches));
	ledger->batches[0] = *all;
	if (all->n_records > 0)
		ledger->n_batches = 1;
	else
		free(all->values);
}

bool ledger_has_received(const struct ledger *ledger, int64_t value)
{
	for (size_t i = 0; i < ledger->n_batches; i++) {
		const struct ledger_batch *batch = &ledger->batches[i];

		for (uint32_t j = 0; j < batch->n_records; j++) {
			if (batch->values[j] == value)
				return true;
		}
	}
	return false;
}

bool ledger_has_all(const struct ledger *ledger, const struct ledger_part *part)
{
	for (uint32_t i = 0; i < part->n; i++) {
		if (!ledger_has_received(ledger, part->first_value + i))
			return false;
	}
	return true;
}

/* ---- as of then -------------------------------------------------------- */

static void take_mark(
	const struct ledger *from, const struct disk_entry *entry, struct ledger *to)
{
	const struct ledger_batch *batch;
	struct ledger_batch *copy;

	switch ((enum mark)entry->mark) {
	case MARK_APPENDED:
		to->parts[entry->offset].appended = true;
		break;
	case MARK_TOLD:
		to->parts[entry->offset].told = true;
		break;
	case MARK_READABLE:
		to->parts[entry->offset].readable = true;
		break;
	case MARK_RECEIVED:
		batch = &from->batches[entry->offset];
		to->batches = more(to->batches, to->n_batches, &to->batches_capacity,
			sizeof(*to->batches));
		copy = &to->batches[to->n_batches++];
		*copy = *batch;
		copy->values = malloc(batch->n_records * sizeof(*copy->values));
		must(copy->values, "out of memory");
		memcpy(copy->values, batch->values,
			batch->n_records * sizeof(*copy->values));
		break;
	}
}

void ledger_at(const struct ledger *ledger, size_t n_entries, struct ledger *ret_ledger)
{
	*ret_ledger = (struct ledger){
		.may_double = ledger->may_double,
		.is_stateless = ledger->is_stateless,
		.may_differ = ledger->may_differ,
		.next_value = ledger->next_value,
	};
	for (size_t i = 0; i < ledger->n_parts; i++) {
		ret_ledger->parts = more(ret_ledger->parts, i,
			&ret_ledger->parts_capacity, sizeof(*ret_ledger->parts));
		ret_ledger->parts[i] = ledger->parts[i];
		ret_ledger->parts[i].appended = ret_ledger->parts[i].told =
			ret_ledger->parts[i].readable = false;
		ret_ledger->n_parts++;
	}
	for (size_t i = 0; i < n_entries; i++) {
		if (disk_entry(i)->kind == DISK_MARK)
			take_mark(ledger, disk_entry(i), ret_ledger);
	}
}
