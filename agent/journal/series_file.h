/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A segment's .series file beside its frames: whether it says what they say, and how
 * it is made anew from them. Offline commands alone need this; the writer keeps the
 * two in step. Blocks.
 */
#ifndef JOURNAL_SERIES_FILE_H
#define JOURNAL_SERIES_FILE_H

#include "reader.h"

#include <stdbool.h>

struct series_file {
	struct reader reader;
	char *path;    /* owned */
	uint64_t size; /* of the file when it was opened */
	bool has_frame;
	struct frame frame; /* the one that was read last */
};

/* Opens the file that belongs to a segment. 0; -EBADMSG: its header is damaged or of
 * another segment; -EPROTONOSUPPORT, -ENOENT, ... series_file_close in all cases. */
int series_file_open(struct series_file *file, const char *segment,
	const struct segment_header *header);
void series_file_close(struct series_file *file);

/* Whether the file holds what a frame defines. Frames are asked for in their order.
 * 1; 0: it does not; or a negative errno. */
int series_file_agrees(
	struct series_file *file, uint64_t sequence, const struct frame_view *view);

/* Writes the file anew: what the segment's frames define, and of frames that are
 * damaged what the old file still tells; the old one goes to quarantine/ of folder
 * with the reason. Durable. 0 or a negative errno, and then the old file stands. */
int series_file_rebuild(const char *folder, const char *segment, const char *reason);

#endif
