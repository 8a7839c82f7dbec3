/* SPDX-License-Identifier: Apache-2.0 */
/* A segment that is being written: its file of frames and its .series file.
 * Everything here blocks and belongs to the writer's thread, or to the start. */
#ifndef JOURNAL_SEGMENT_H
#define JOURNAL_SEGMENT_H

#include "base/buffer.h"
#include "format.h"

struct segment_file {
	int fd;
	char *path; /* owned */
	uint64_t size;
};

struct segment {
	struct segment_header header;
	struct segment_file frames, definitions;
};

/* "<folder>/<first sequence>-<epoch>.segment" or ".series"; owned by the caller. */
char *segment_path(const char *folder, uint64_t first_sequence, uint64_t epoch,
	enum segment_kind kind);

/* The .series file of a segment whose path this is; owned by the caller, NULL where
 * memory ran out. */
char *segment_series_path(const char *path);
char *segment_of_series_path(const char *path); /* the other way */

/* Creates both files, durable with their folder's entries. 0 or a negative errno,
 * and then nothing is left of them. */
int segment_create(
	struct segment *segment, const char *folder, const struct segment_header *header);

/* Appends definitions, then frames. Where that fails, both files are cut back to
 * what they were, or -EIO where that failed too; nothing may be appended any more in
 * both cases. */
int segment_append(struct segment *segment, const struct buffer *frames,
	const struct buffer *definitions);

/* Cuts both files back, as durably as can be: it is called where a sync failed. 0 or
 * a negative errno. */
int segment_cut(struct segment *segment, uint64_t frames_size, uint64_t definitions_size);

/* fdatasync of both. */
int segment_sync(struct segment *segment);

void segment_close(struct segment *segment);

#endif
