/* SPDX-License-Identifier: Apache-2.0 */
/* What the files behind journal.h share. */
#ifndef JOURNAL_INTERNAL_H
#define JOURNAL_INTERNAL_H

#include "base/complaint.h"
#include "journal.h"
#include "recovery.h"
#include "writer.h"

/* The states and their snapshots (keeping.c). */
struct keeping {
	struct states states;
	struct position applied;        /* all frames before it are in the states */
	bool failed;                    /* the states lack something that was committed */
	struct snapshot_task *snapshot; /* on its way; owned; NULL: none is */
	uint64_t next_number, newest_number;
	/* The last two snapshots that are durable cover all before these sequences. */
	uint64_t newest_covers, other_covers;
	int64_t retry_ns; /* monotonic: not before */
	struct complaint failing;
};

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
	struct keeping keeping;
	bool closing, stop_is_asked;
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
 * ret_lost: frames that were there once and are gone. Where all is gone and nothing
 * followed yet, the position stays where it is, in front of an empty segment. */
struct segment_info *journal_settle(
	const struct journal *journal, struct position *position, uint64_t *ret_lost);

/* Whether a frame of the segment, before the sequence end, stands at a position that
 * was settled. */
static inline bool segment_has(
	const struct segment_info *info, const struct position *position, uint64_t end)
{
	return position->sequence >= info->first_sequence && position->sequence < end;
}

struct journal_extent journal_extent_of(const struct segment_info *info);

/* Removes the segments that nobody needs or that are beyond the bounds, and sees
 * whether a consumer blocks. */
void journal_trim(struct journal *journal);

/* Tells whoever listens what became of writing and syncing. */
void journal_tell_health(struct journal *journal);

/* Whether an append has to wait for space or for a consumer. */
bool journal_makes_wait(const struct journal *journal);

void journal_tell_consumers(struct journal *journal);

/* ---- keeping.c --------------------------------------------------------- */

/* Takes over what recovery found. */
void keeping_init(struct keeping *keeping, struct recovery *recovery);
void keeping_finish(struct keeping *keeping);

/* A part is committed: what it changes counts. 0 or a negative errno, where it could
 * not be applied. */
int keeping_apply(struct journal *journal, const struct journal_append *append);

/* Whether two snapshots have all that a segment's frames changed, or none did. */
bool keeping_covers(const struct journal *journal, const struct segment_info *info);

/* Has the writer make a snapshot, unless one is on its way, there is nothing new and
 * again is false, or one failed a moment ago. Whether one is on its way now. */
bool keeping_take_snapshot(struct journal *journal, bool again);

/* The writer is done with it. */
void keeping_on_snapshot(struct journal *journal, struct snapshot_task *task);

#endif
