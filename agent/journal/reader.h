/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the frames of one file, a segment or its .series file, in their order,
 * and finds the next whole frame behind damage. Blocks; one thread at a time.
 */
#ifndef JOURNAL_READER_H
#define JOURNAL_READER_H

#include "base/buffer.h"
#include "format.h"

struct reader {
	struct segment_header header;
	int fd;
	char *path;           /* owned */
	uint64_t offset;      /* where the next frame is expected */
	struct buffer window; /* bytes of the file from window_offset on */
	uint64_t window_offset;
};

struct frame {
	struct frame_header header;
	const uint8_t *content; /* borrowed until the next call; header.size bytes */
	uint64_t offset;
};

enum reader_result {
	READER_FRAME,   /* a whole frame */
	READER_END,     /* none begins before the limit */
	READER_DAMAGED, /* bytes that are no frame: frame.offset up to reader.offset */
};

/* 0; -EBADMSG, -EPROTONOSUPPORT (segment_header_get); what open(2) says. The
 * storage is the caller's; reader_close also after a failed open. */
int reader_open(struct reader *reader, const char *path);
void reader_close(struct reader *reader);

/* How many bytes the file has now, or a negative errno. */
int64_t reader_file_size(const struct reader *reader);

/* The next frame whose bytes end at limit or before. READER_DAMAGED comes once for
 * each damaged stretch; a torn tail is one. Or a negative errno of reading. */
int reader_next(struct reader *reader, uint64_t limit, struct frame *ret_frame);

#endif
