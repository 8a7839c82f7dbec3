/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file that a file sink writes now: opened, left, put aside, cut back after a
 * crash. Everything here blocks; one job at a time uses it.
 */
#ifndef DELIVER_FILE_OUTPUT_H
#define DELIVER_FILE_OUTPUT_H

#include "sink.h"

#include <sys/types.h>

struct compressor;

struct rotate_options {
	struct rk_size size;
	struct rk_duration every;
};

struct output {
	const char *id; /* the sink's, for the log; borrowed */
	struct rotate_options rotate;
	struct compressor *compressor; /* borrowed; NULL: closed files stay as they are */
	int fd;
	char *path;   /* owned; NULL: no file is open */
	char *closed; /* owned: the file before, not compressed yet; NULL: none */
	ino_t inode;
	uint64_t offset; /* what is safe ends here */
	bool is_torn;    /* a write that failed may have left something behind that */
	int64_t period;  /* of rotate.every */
};

/* Makes the output ready for a batch of this time at a path: leaves the file before
 * where that is another, is full or was moved away. 0 or a negative errno. */
int output_ready(struct output *output, const char *path, int64_t time_ns);

/* Cuts off what a failed write left. 0 or a negative errno. */
int output_repair(struct output *output);

/* Has the file before compressed: once the cursor speaks of it no more, since a file
 * that is gone cannot be cut back after a crash. */
void output_compress_closed(struct output *output);

/* Notes that size bytes were appended and are safe. 0 or a negative errno. */
int output_advance(struct output *output, size_t size);

void output_close(struct output *output);

/* Has those closed files compressed which match the pattern and were not yet, since a
 * crash came between. path: the one that was written last, which the next batch may
 * still belong to. */
void output_compress_left(struct output *output, const char *pattern, const char *path);

/* The note for the cursor: inode, offset and path; and back. */
void output_note(const struct output *output, struct sink_note *note);

/* Opens the file of a note again; with has_batch, what stands behind the noted
 * offset is cut off. ret_path (owned by the caller) is the path that was noted, NULL
 * where the note is empty. 0 or a negative errno. */
int output_recover(struct output *output, const struct sink_note *note, bool has_batch,
	char **ret_path);

#endif
