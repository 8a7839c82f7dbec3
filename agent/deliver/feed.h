/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the journal record by record from a position on, within one segment at a
 * time, and makes batches. Blocks; belongs to the job that it is handed to.
 */
#ifndef DELIVER_FEED_H
#define DELIVER_FEED_H

#include "encode/encoder.h"
#include "journal/journal.h"
#include "journal/tail.h"
#include "model/match.h"
#include "model/record.h"

/* What a sink is sent at once. */
struct batch {
	struct position begin, end; /* of the first record; of the one behind the last */
	uint32_t n_records;
	uint32_t n_passed;   /* records that nobody wants here, beside them */
	uint32_t n_left_out; /* of those, events that the format has no place for */
	bool has_events;     /* of a format that separates events: all of them are */
	/* It ends where records are missing: those in a batch are neighbours, so that
	 * where it begins and how many there are says which they are. */
	bool ends_at_damage;
	struct buffer bytes;       /* as encoded, before any compression */
	int64_t first_observed_ns; /* of the first record */
	uint64_t shape;
};

struct feed {
	struct tail tail;
	bool is_open;
	const struct rk_table *match; /* which records it takes; never NULL */
	/* The frame that is being read, and how far. */
	bool in_frame;
	struct frame frame;
	struct record_reader records;
	/* Counted for the operator. */
	uint64_t n_damaged;      /* frames */
	uint64_t n_unknown;      /* samples of series that nobody defined */
	uint64_t n_left_out;     /* events that the format has no place for */
	char *quarantine_folder; /* owned: the journal's folder, or NULL */
};

/* match: which records it takes (model/match.h), borrowed; NULL: all. journal_folder:
 * where damaged pieces are set aside; NULL: they are only logged and passed over. 0 or
 * -ENOMEM. */
int feed_init(
	struct feed *feed, const struct rk_table *match, const char *journal_folder);
void feed_finish(struct feed *feed);

/* Closes the segment that it stands in, unless that is the extent's: the space of one
 * that was removed is free only then. */
void feed_leave(struct feed *feed, const struct journal_extent *extent);

/* Whether there is something to leave. */
bool feed_must_leave(const struct feed *feed, const struct journal_extent *extent);

/* How many bytes of extent were not read yet. */
uint64_t feed_unread(const struct feed *feed, const struct journal_extent *extent);

/* What of a batch is wanted. */
struct batch_bounds {
	size_t max_bytes;
	uint32_t max_records;
	uint32_t exactly; /* 0, or the number of records of a batch that was recorded */
};

/* A hash of all that decides about the batches: what is taken and how it is encoded. */
uint64_t feed_shape(const struct feed *feed, const struct encoder *encoder);

/* Encodes what stands between position and the end of extent, up to the bounds,
 * into batch->bytes, which is emptied before; what the format has no place for is passed
 * over and does not count; a batch goes over no damage, and one that
 * was recorded and is damaged since gets other bounds. It is empty where nothing is
 * left in this segment, or too much was passed over for one job; batch->end is then
 * where to go on. 0 or a negative errno. */
int feed_fill(struct feed *feed, const struct journal_extent *extent,
	const struct position *position, const struct batch_bounds *bounds,
	struct encoder *encoder, struct batch *batch);

#endif
