/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a sink changes in its records before a format sees them: labels that it sets and
 * a prefix of metrics' names. A series is shaped once, when its text is made; ids are of
 * what was collected and do not change.
 */
#ifndef ENCODE_SHAPING_H
#define ENCODE_SHAPING_H

#include "encoder.h"

#define SHAPING_MAX_PREFIX 32 /* bytes (config/rules.c) */

/* The format's make and event, of the shaped record. */
void *shaping_make(struct encoder *encoder, const struct known_source *source,
	const struct known_series *series);
void shaping_event(struct encoder *encoder, struct buffer *to,
	const struct known_source *source, const struct event_view *event,
	int64_t observed_ns);

/* Differs where the changes do; 0 where there are none. */
uint64_t shaping_hash(const struct encoder *encoder);

#endif
