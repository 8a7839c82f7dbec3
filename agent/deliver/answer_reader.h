/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeps the body of an answer whose format reads it (encoder_type.read_answer), and has
 * it read on a thread of the pool, since that may take a while.
 */
#ifndef DELIVER_ANSWER_READER_H
#define DELIVER_ANSWER_READER_H

#include "base/buffer.h"
#include "encode/store_answer.h"
#include "sink.h"

struct answer_reader {
	const struct encoder_type *format;
	const struct sink_settings *settings; /* whose secrets nothing repeats */
	struct buffer body;                   /* STORE_ANSWER_MOST bytes at most */
	bool is_cut;
	uint32_t n_records;
	struct store_answer answer; /* what it says; until the next one begins */
	bool is_reading;
	uv_work_t work;
	void (*on_read)(struct answer_reader *reader); /* on the loop */
};

/* Whether answers of this format are to be read. */
bool answer_reader_is_wanted(const struct answer_reader *reader);

/* Forgets the answer before. */
void answer_reader_begin(struct answer_reader *reader);
void answer_reader_finish(struct answer_reader *reader);

/* Keeps more of the body. Whether more of it is wanted. */
bool answer_reader_add(struct answer_reader *reader, const char *bytes, size_t n);

/* Reads what came as an answer about so many records, and calls on_read. 0 or a negative
 * errno. */
int answer_reader_start(
	struct answer_reader *reader, uv_loop_t *loop, uint32_t n_records);

/* What it said, for the delivery; as long as the reader keeps it. */
void answer_reader_tell(const struct answer_reader *reader, struct sink_answer *answer);

#endif
