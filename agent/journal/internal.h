/* SPDX-License-Identifier: Apache-2.0 */
/* What the files behind journal.h share. */
#ifndef JOURNAL_INTERNAL_H
#define JOURNAL_INTERNAL_H

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
	int health;
	void (*on_health)(void *context, int result);
	void (*on_closed)(void *context);
	void *health_context, *closed_context;
};

/* Removes the segments that nobody needs or that are beyond the bounds. */
void journal_trim(struct journal *journal);

void journal_tell_consumers(struct journal *journal);

#endif
