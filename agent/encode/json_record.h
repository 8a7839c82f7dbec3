/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sample or an event as the JSON object that docs/DATA-MODEL.md describes: what
 * several formats are made of. Each object ends with a newline.
 */
#ifndef ENCODE_JSON_RECORD_H
#define ENCODE_JSON_RECORD_H

#include "encoder.h"

/* The functions of an encoder_type. */
void *json_record_make(struct encoder *encoder, const struct known_source *source,
	const struct known_series *series);
void json_record_sample(struct encoder *encoder, struct buffer *to,
	const struct known_series *series, const struct rk_sample *sample,
	int64_t observed_ns);
void json_record_event(struct encoder *encoder, struct buffer *to,
	const struct known_source *source, const struct event_view *event,
	int64_t observed_ns);

/* For a format that makes more of a series: begins its pieces (pieces.h) in an empty
 * buffer, with all that json_record_sample needs; what is appended next is more. */
void json_record_begin(struct buffer *out, const struct known_source *source,
	const struct known_series *series, size_t *ret_middle, size_t *ret_tail);

#endif
