/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A part while it grows: what one run has emitted since it began or since its
 * last commit, packed already. It becomes one frame of the journal or nothing.
 */
#ifndef MODEL_PART_H
#define MODEL_PART_H

#include "codec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* rookery/plugin.h: rk_host.emit. */
#define PART_MAX_SAMPLES 65536
#define PART_MAX_SIZE    (4u << 20)

/* A number and a packed series, as it stands in frames: the most that both take. */
#define DEFINITION_MAX_SIZE                                                              \
	(SERIES_MAX_LABELS * (SERIES_MAX_LABEL_VALUE + SERIES_MAX_NAME + 8) + 4096)

struct part {
	int64_t base_ns; /* when it began: the time of samples that name none */
	struct sample_codec codec;
	struct buffer samples, events, state;
	uint32_t n_samples, n_events;
	/* The series that have samples here, in the order of their first one, and
	 * how many bytes their definitions would take. */
	uint32_t *used; /* owned */
	size_t n_used, used_capacity;
	size_t used_size;
	/* Definitions of series that came up since the last part: number and packed
	 * series, as model/frame.h has them. */
	struct buffer definitions;
};

/* NULL where memory ran out. */
struct part *part_create(int64_t base_ns);
void part_destroy(struct part *part);

/* Whether n more samples, whose series are not used yet and whose definitions take
 * so many bytes, still fit. */
bool part_has_room(const struct part *part, size_t n_samples, size_t definitions_size);
bool part_has_room_for_event(const struct part *part, const struct event_view *event);
/* ... or a change of the state, whose key and value take so many bytes. */
bool part_has_room_for_state(const struct part *part, size_t size);

/* Notes that a series has its first sample here. 0 or -ENOMEM. */
int part_use_series(struct part *part, uint32_t series, size_t packed_size);

static inline void part_add_sample(struct part *part, const struct rk_sample *sample)
{
	sample_pack(&part->codec, &part->samples, sample);
	part->n_samples++;
}

void part_add_event(struct part *part, const struct event_view *event);

/* Adds a definition that the part's reader does not know yet. */
void part_define(struct part *part, uint32_t series, struct slice packed);

bool part_is_empty(const struct part *part);

/* Whether something was lost because memory ran out: such a part must not be
 * committed. */
bool part_failed(const struct part *part);

#endif
