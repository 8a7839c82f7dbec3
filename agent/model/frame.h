/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The content of one frame: a committed part with the definitions that a reader
 * needs and does not have yet. Integers are varints:
 *
 *	source number
 *	sections: tag, size, content
 *	  1 the source's definition (model/series.h)
 *	  2 series: number, packed definition with its size; repeated
 *	  3 samples: base time (signed), count, samples (model/codec.h)
 *	  4 events: count, events
 *	  5 state changes
 */
#ifndef MODEL_FRAME_H
#define MODEL_FRAME_H

#include "part.h"

struct frame_view {
	uint32_t source;
	struct slice source_definition; /* n = 0: not in this frame */
	struct slice definitions;       /* of series */
	int64_t base_ns;
	uint32_t n_samples, n_events;
	struct slice samples, events, state;
};

enum frame_section {
	FRAME_SOURCE = 1,
	FRAME_SERIES,
	FRAME_SAMPLES,
	FRAME_EVENTS,
	FRAME_STATE,
};

#define SOURCE_MAX_NUMBER (1u << 20)

/* Writers: the number first, then sections in their order; empty ones are left
 * out. */
void frame_pack_source_number(struct buffer *to, uint32_t source);
void frame_pack_section(struct buffer *to, enum frame_section tag, struct slice content);
void frame_pack_part(struct buffer *to, const struct part *part);

/* Unpacks what frame_pack_* wrote; slices are borrowed from content. -EBADMSG:
 * it is no frame's content. */
int frame_unpack(const void *content, size_t n, struct frame_view *ret_view);

/* The next definition of view->definitions; false at the end or, with from
 * failed, where the bytes are none. */
bool frame_next_definition(
	struct unpack *from, uint32_t *ret_series, struct slice *ret_packed);

#endif
