/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happened, as the world outside of the journal saw it: the parts that were
 * handed over and what was said of them, and what the receiver has. The receiver
 * honours ids: (epoch, sequence, index, number of records) of a batch. It takes an
 * id once, and fails the campaign where one comes with other content, where a value
 * comes under two ids, or where one comes that nobody has sent.
 *
 * Each part has values of its own, which count up from first_value, so that a value
 * says which part it is of.
 */
#ifndef CRASH_LEDGER_H
#define CRASH_LEDGER_H

#include "deliver/feed.h"
#include "journal/format.h"

enum mark {
	MARK_APPENDED = 1, /* part: about to be handed over */
	MARK_TOLD,         /* part: its caller heard that it is committed */
	MARK_READABLE,     /* part: consumers may read it */
	MARK_RECEIVED,     /* batch: the receiver has it */
};

struct ledger_part {
	int64_t first_value;
	uint32_t first_series, n;
	bool appended, told, readable;
	bool damaged;   /* on purpose: it may be missing */
	bool overtaken; /* beyond the bounds of the journal: it may be missing */
	bool found;     /* in the journal, by the last reading */
	bool known;     /* ... with all of its series */
	bool gone;      /* it was not there any more when the power came back */
	struct position position; /* epoch 0: nobody knows yet */
};

struct ledger_batch {
	struct position begin;
	uint32_t n_records;
	int64_t *values; /* owned */
};

struct ledger {
	struct ledger_part *parts;
	size_t n_parts, parts_capacity;
	struct ledger_batch *batches;
	size_t n_batches, batches_capacity;
	uint64_t n_repeated; /* batches that the receiver had */
	bool may_double;     /* values may come twice: sync is never, or damage */
	bool may_differ;     /* ... and ids with other content: sync is never */
	bool is_recorded;    /* what happens is marked in the log of the disk */
	bool is_stateless; /* parts change no state, so that no snapshot syncs a folder */
	int64_t next_value;
};

void ledger_finish(struct ledger *ledger);

/* A copy of what was known when the log of the disk had n entries. */
void ledger_at(const struct ledger *ledger, size_t n_entries, struct ledger *ret_ledger);

/* Marks in the log, where this ledger is recorded. False: the process is dead, and
 * what should be noted did not happen. */
bool ledger_mark(const struct ledger *ledger, enum mark mark, size_t which);

/* Notes a new part of n values; returns its number. */
size_t ledger_add_part(struct ledger *ledger, uint32_t first_series, uint32_t n);

/* The part that a value is of; NULL: none. */
struct ledger_part *ledger_part_of(const struct ledger *ledger, int64_t value);

/* A part stands at a position: the only one, now and ever. */
void ledger_place_part(
	struct ledger *ledger, struct ledger_part *part, const struct position *position);

/* The receiver takes a batch. */
void ledger_receive(struct ledger *ledger, const struct batch *batch);

/* Forgets what the receiver has: it has these values, which the ledger owns then. */
void ledger_replace(struct ledger *ledger, const struct ledger_batch *all);

/* Whether the receiver has a value. */
bool ledger_has_received(const struct ledger *ledger, int64_t value);

/* Whether the receiver has all values of a part. */
bool ledger_has_all(const struct ledger *ledger, const struct ledger_part *part);

#endif
