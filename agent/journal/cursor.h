/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far one consumer has got, on disk: a preallocated file of two slots that
 * are overwritten in turn, so that one write acknowledges a batch and records the
 * next, also on a full disk, and a torn write leaves the slot before.
 *
 *	slot (4096)
 *	  0  magic "rkcu"                 40  what follows, in all: 0 or 1 batches
 *	  4  CRC32C of bytes 8 to 4095    44  records in the batch
 *	  8  counter: the higher is newer 48  its shape
 *	 16  acknowledged: epoch          56  its end: epoch, sequence, index
 *	 24  ... sequence                 76  size of the sink's own record
 *	 32  ... index, reserved          80  the sink's own record
 *	                                4080  frames that were lost to it
 *	                                4088  ... samples
 */
#ifndef JOURNAL_CURSOR_H
#define JOURNAL_CURSOR_H

#include "format.h"

#include <stdbool.h>

#define CURSOR_SLOT_SIZE  4096
#define CURSOR_NOTE_LIMIT (CURSOR_SLOT_SIZE - 80 - 16)

struct cursor_record {
	struct position acknowledged; /* everything before it is */
	/* The batch that was last recorded and is not acknowledged; it begins at
	 * acknowledged. */
	bool has_batch;
	uint32_t n_records;
	uint64_t shape; /* hash of format, match, labels, version of the encoder */
	struct position end;
	/* What was given up, beyond bounds, since the cursor was made: frames, and
	 * samples as far as they could be counted. */
	uint64_t lost_frames, lost_samples;
	/* The sink's own: what it needs to send the batch again without doubling. */
	uint32_t note_size;
	uint8_t note[CURSOR_NOTE_LIMIT];
};

struct cursor {
	int fd;
	uint64_t counter;
};

/* Opens the file and reads its newest undamaged slot. 0; -ENOENT: there is no
 * such file; -EBADMSG: both slots are damaged. Blocks. */
int cursor_open(
	struct cursor *cursor, const char *path, struct cursor_record *ret_record);

/* The same of a file that an agent may be writing meanwhile, which stays open to
 * nobody. Blocks. */
int cursor_read(const char *path, struct cursor_record *ret_record);

/* Makes durable what cursor_open has read: a life that was killed may have left it, or
 * the file's name, in memory alone. 0 or a negative errno. Blocks. */
int cursor_settle(const struct cursor *cursor, const char *path);

/* Creates the file, durable, with this record; replaces a damaged one. */
int cursor_create(
	struct cursor *cursor, const char *path, const struct cursor_record *record);

/* Writes the record into the older slot; with sync, durable. Blocks. */
int cursor_write(struct cursor *cursor, const struct cursor_record *record, bool sync);

void cursor_close(struct cursor *cursor);

#endif
