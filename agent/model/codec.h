/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Samples and events to bytes and back: what stands in the journal's frames and
 * goes over the wire to and from isolated plugins.
 *
 * A sample takes a byte of flags, the step from the series before (usually one
 * byte, 0 for the next number), and its value; time and start only where they
 * differ from the sample before:
 *
 *	flags    bits 0-1 form: 0 real (8 bytes), 1 whole real (signed varint),
 *	                        2 decimal (scale byte, signed varint),
 *	                        3 decimal of scale 0 (signed varint)
 *	         bit 2    time: signed varint, difference from the time before
 *	         bits 3-4 start: 0 none, 1 the one before, 2 signed varint of
 *	                  nanoseconds before time
 *	         bits 5-6 confidence, bit 7 provisional
 *	series   signed varint of the step beyond the next number
 *	time, value, start
 *
 * The first sample follows on series -1 and on the base time of the part.
 */
#ifndef MODEL_CODEC_H
#define MODEL_CODEC_H

#include "series.h"

#include <rookery/plugin.h>
#include <stdbool.h>
#include <stdint.h>

/* Where the codec stands between two samples; the same on both sides. */
struct sample_codec {
	int64_t time_ns, start_ns;
	uint32_t next_series;
};

static inline struct sample_codec sample_codec_start(int64_t base_ns)
{
	return (struct sample_codec){ .time_ns = base_ns };
}

/* No sample takes more. */
#define SAMPLE_MAX_SIZE 48

/* Appends one sample; its time is set and its value is finite. */
void sample_pack(
	struct sample_codec *codec, struct buffer *to, const struct rk_sample *sample);

/* Reads one sample; from fails where the bytes are none. */
void sample_unpack(
	struct sample_codec *codec, struct unpack *from, struct rk_sample *ret_sample);

/* An event as it was packed: borrowed from the bytes. */
struct event_view {
	uint32_t severity, phase;
	bool follow_up;
	struct slice type, key, insight, action;
	int64_t time_ns, start_ns;
	struct label labels[SERIES_MAX_LABELS];
	size_t n_labels;
	struct label details[SERIES_MAX_LABELS];
	size_t n_details;
};

/* The longest insight or action, and the longest type or key, in bytes. */
#define EVENT_MAX_SENTENCE 2048
#define EVENT_MAX_KEY      256

void event_pack(struct buffer *to, const struct event_view *event);
void event_unpack(struct unpack *from, struct event_view *ret_event);

/* The id of an event: as a sample's, of identity, type, key, phase and labels,
 * and its time and start. 0 or -ENOMEM. */
int event_id(
	struct slice identity, const struct event_view *event, struct hash128 *ret_id);

#endif
