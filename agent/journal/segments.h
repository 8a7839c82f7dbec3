/* SPDX-License-Identifier: Apache-2.0 */
/* The segments that a journal consists of, oldest first, and how they are found
 * again at the start. */
#ifndef JOURNAL_SEGMENTS_H
#define JOURNAL_SEGMENTS_H

#include "base/list.h"

#include <stdbool.h>
#include <stdint.h>

/* How far a segment has got. */
struct segment_extent {
	uint64_t end_sequence, size;          /* written: the next frame and where */
	uint64_t readable_end, readable_size; /* ... of it safe to hand to sinks */
	bool sealed;                          /* nothing is added any more */
};

struct segment_info {
	struct list link;
	char *path; /* owned */
	uint64_t epoch, first_sequence;
	int64_t created_ns;
	uint64_t states_end; /* behind its last frame that changed a state; 0: none did */
	struct segment_extent extent; /* the loop's */
	struct segment_extent latest; /* the writer's, under its lock */
};

struct segment_info *segment_info_create(
	const char *folder, uint64_t first_sequence, uint64_t epoch, int64_t created_ns);
void segment_info_destroy(struct segment_info *info);

/* What a scan found out. */
struct segments_scan {
	uint64_t next_sequence;   /* the first that was never used */
	int64_t last_observed_ns; /* of the newest frame */
	uint64_t cut_bytes;       /* a torn tail */
	uint64_t n_restored;      /* damaged headers that were written anew */
	uint64_t n_set_aside;     /* files whose header is damaged */
	char *newer;              /* owned: a segment of a newer version */
};

/* Finds a journal's segments. With repair, the last one's torn tail is cut off and
 * set aside in <folder>/quarantine, an empty last one is removed, and a damaged header
 * is set aside and written anew; without it nothing is changed. 0, -EPROTONOSUPPORT with
 * ret_scan->newer, or another negative errno. Blocks. */
int segments_find(const char *folder, bool repair, struct list *segments,
	struct segments_scan *ret_scan);

void segments_free(struct list *segments);

#endif
