/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that find a journal's segments share. */
#ifndef JOURNAL_SEGMENTS_INTERNAL_H
#define JOURNAL_SEGMENTS_INTERNAL_H

#include "segments.h"

/* Takes a segment over, in its place. */
void segments_insert(struct list *segments, struct segment_info *info);

/* Settles where each segment ends, the newest by reading it. With repair, what follows
 * its last whole frame is cut off and set aside, and an empty last one is removed. 0 or
 * a negative errno. */
int segments_settle_ends(const char *folder, bool repair, struct list *segments,
	struct segments_scan *scan);

/* Copies bytes into the quarantine; logs where that fails, as a disk that is full must
 * not keep the journal from opening. */
void segments_set_aside(const char *folder, const char *path, uint64_t begin,
	uint64_t end, const char *reason);

#endif
