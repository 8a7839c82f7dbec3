/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads one segment with all that is needed to understand it: follows its frames,
 * keeps the dictionary of what they define, and takes from the .series file what
 * damaged frames would have defined. Every consumer of the journal reads through
 * this. Blocks; one thread at a time.
 */
#ifndef JOURNAL_TAIL_H
#define JOURNAL_TAIL_H

#include "model/dictionary.h"
#include "reader.h"

struct tail {
	struct reader reader;
	struct dictionary dictionary;
	uint64_t next_sequence; /* of the frame that is expected */
	/* Told of each damaged stretch, and why it is one; may be NULL. */
	void (*on_damage)(void *context, const struct tail *tail, uint64_t begin,
		uint64_t end, const char *why);
	void *context;
	uint64_t n_damaged; /* frames that are missing or could not be understood */
};

/* As reader_open; tail_close also after a failed open. */
int tail_open(struct tail *tail, const char *path);
void tail_close(struct tail *tail);

/* The next frame, its definitions learned and its content unpacked. 1; 0 where
 * none ends at limit or before; a negative errno of reading. */
int tail_next(struct tail *tail, uint64_t limit, struct frame *ret_frame,
	struct frame_view *ret_view);

#endif
