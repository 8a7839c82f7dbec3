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
	struct complaint sync_failing;
	void (*on_health)(void *context, int result);
	void (*on_closed)(void *context);
	void *health_context, *closed_context;
};

/* Removes the segments that nobody needs or that are beyond the bounds. */
void journal_trim(struct journal *journal);

/* Tells whoever listens what became of writing and syncing. */
void journal_tell_health(struct journal *journal);

/* Whether an append has to wait for space or for a consumer. */
bool journal_makes_wait(const struct journal *journal);

void journal_tell_consumers(struct journal *journal);

#endif
