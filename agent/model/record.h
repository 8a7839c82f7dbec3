/* SPDX-License-Identifier: Apache-2.0 */
/* The records of a frame, one after the other: its samples, then its events. */
#ifndef MODEL_RECORD_H
#define MODEL_RECORD_H

#include "frame.h"

struct record {
	bool is_event;
	struct rk_sample sample;
	struct event_view event;
};

struct record_reader {
	struct frame_view view;
	struct unpack from;
	struct sample_codec codec;
	uint32_t index; /* records that were read */
};

/* Begins with a frame's first record; the frame is borrowed. */
void record_reader_begin(struct record_reader *reader, const struct frame_view *view);

static inline uint32_t record_reader_left(const struct record_reader *reader)
{
	return reader->view.n_samples + reader->view.n_events - reader->index;
}

/* Whether the next record is an event; where none is left, true. */
static inline bool record_reader_is_at_event(const struct record_reader *reader)
{
	return reader->index >= reader->view.n_samples;
}

/* The next record; false at the end, and where the bytes are none (then
 * record_reader_left says how many are lost). */
bool record_reader_next(struct record_reader *reader, struct record *ret_record);

#endif
