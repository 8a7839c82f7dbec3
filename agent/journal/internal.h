/* SPDX-License-Identifier: Apache-2.0 */
/* What the files behind journal.h share. */
#ifndef JOURNAL_INTERNAL_H
#define JOURNAL_INTERNAL_H

#include "base/complaint.h"
#include "journal.h"
#include "writer.h"

struct journal {
	struct writer writer;
	struct mailbox mailbox;
	const struct clock *clock;
	char *folder; /* owned */
	uint64_t epoch;
	uint64_t max_size;
	int64_t max_age_ns;
	struct list segments;  /* of struct segment_info, oldest first */
	struct list consumers; /* of struct journal_consumer */
	uint32_t next_source;
	int64_t last_observed_ns;
	size_t waiting_bytes;
	bool is_paused; /* the writer takes nothing for now */
	bool is_hurried;
	bool is_blocked; /* by a consumer that must not lose anything */
	int health;
	uint64_t n_failed_syncs;
	struct complaint sync_failing, blocked;
	void (*on_health)(void *context, int result);
	void (*on_closed)(void *context);
	void *health_context, *closed_context;
};

static inline struct segment_info *segment_of(struct list *link)
{
	return container_of(link, struct segment_info, link);
}

static inline struct segment_info *oldest_segment(const struct journal *journal)
{
	return segment_of(journal->segments.next);
}

static inline struct segment_info *newest_segment(const struct journal *journal)
{
	return segment_of(journal->segments.previous);
}

/* The segment in which to read on at a position, which is moved to where that is.
 * ret_lost: frames that were there once and are gone. */
struct segment_info *journal_settle(
	const struct journal *journal, struct position *position, uint64_t *ret_lost);

struct journal_extent journal_extent_of(const struct segment_info *info);

/* Removes the segments that nobody needs or that are beyond the bounds, and sees
 * whether a consumer blocks. */
void journal_trim(struct journal *journal);

/* Tells whoever listens what became of writing and syncing. */
void journal_tell_health(struct journal *journal);

/* Whether an append has to wait for space or for a consumer. */
bool journal_makes_wait(const struct journal *journal);

void journal_tell_consumers(struct journal *journal);

#endif
