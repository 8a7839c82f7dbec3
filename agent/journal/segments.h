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

/* A segment whose header is damaged, or that of another file. */
struct damaged_header {
	char *path;
	bool restored; /* written anew */
};

/* What a scan found out. */
struct segments_scan {
	uint64_t next_sequence;         /* the first that was never used */
	int64_t last_observed_ns;       /* of the newest frame */
	uint64_t cut_bytes;             /* a torn tail */
	uint64_t n_restored;            /* damaged headers that were written anew */
	uint64_t n_set_aside;           /* files that were moved away */
	struct damaged_header *damaged; /* owned, with its paths */
	uint64_t n_damaged;
	char *newer; /* owned: a file of a newer version */
};

/* Finds a journal's segments. With repair, the last one's torn tail is cut off and
 * set aside in <folder>/quarantine, an empty last one is removed, and a damaged header
 * is set aside and written anew; a file whose header is that of another one is moved
 * there. Without it nothing is changed, and an agent may remove segments meanwhile. 0,
 * -EPROTONOSUPPORT with ret_scan->newer and nothing changed, or another negative errno.
 * segments_free and segments_scan_finish in all cases. Blocks. */
int segments_find(const char *folder, bool repair, struct list *segments,
	struct segments_scan *ret_scan);

void segments_free(struct list *segments);

/* Whether a segment without a sound header may be one that an agent is creating, or
 * has created or removed meanwhile. Nothing is in it then. */
bool segment_is_unfinished(const char *path);

/* Says in words why segments could not be found; nothing where r is 0. */
struct buffer;
void segments_tell_failure(
	int r, const char *folder, const struct segments_scan *scan, struct buffer *why);

/* Frees what the scan holds; its numbers stay. */
void segments_scan_finish(struct segments_scan *scan);

/* The last segment of the position's epoch that begins at it or before; NULL: it is
 * gone, or was never here. */
struct position;
struct segment_info *segments_holding(
	const struct list *segments, const struct position *position);

/* Whether a file of this name belongs to a segment, and what it holds: enum
 * segment_kind, or 0. The segment's first sequence and its epoch stand in it, too. */
int segment_kind_of_name(const char *name, uint64_t *ret_first, uint64_t *ret_epoch);

#endif
