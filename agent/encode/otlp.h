/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What both forms of the OpenTelemetry protocol have in common: what a sample and an
 * event become there, and how records are nested.
 * https://opentelemetry.io/docs/specs/otlp/
 *
 * A body is one request: of a source one ResourceMetrics, in it of a metric one Metric,
 * in it the data points, as long as the next record is of the same; then another begins.
 *
 * Attributes tell one series from another. What may differ between two tellings of a
 * fact (id, lowered confidence, provisional, observed) is therefore none; it stands in
 * the point's exemplar, whose attributes are not of the series.
 */
#ifndef ENCODE_OTLP_H
#define ENCODE_OTLP_H

#include "encoder.h"
#include "tags.h"

/* Field numbers in Metric. */
enum otlp_data { OTLP_GAUGE = 5, OTLP_SUM = 7 };

enum otlp_level { OTLP_SOURCE, OTLP_METRIC };

enum otlp_data otlp_data(const struct series_view *series);

/* AggregationTemporality of a sum: 1 delta, 2 cumulative. */
int otlp_temporality(const struct series_view *series);

/* Money can go down, by credits. */
bool otlp_is_monotonic(const struct series_view *series);

/* Whether a value goes as an integer: exactly, and as the metric's others do. */
bool otlp_is_integer(const struct known_series *series, const struct rk_number *value);

/* SeverityNumber. */
int otlp_severity(uint32_t severity);

/* The sample's confidence where it is not the declared one; else NULL. */
const char *otlp_lowered(
	const struct known_series *series, const struct rk_sample *sample);

/* ---- the text of a series ------------------------------------------------ */

/* Fills the head, for which a buffer's first bytes are left. Returns what the buffer
 * held, for free(); NULL where it failed. */
void *otlp_end_text(struct buffer *out, const void *head, size_t size);

/* ---- attributes -------------------------------------------------------- */

void otlp_resource(struct tags *tags, const struct known_source *source);
void otlp_point(struct tags *tags, const struct known_source *source,
	const struct known_series *series);

/* Those of an event that are texts; id: 32 digits. */
void otlp_event(struct tags *tags, const struct known_source *source,
	const struct event_view *event, const char *id);

/* ---- groups ------------------------------------------------------------ */

/* The header of both: nothing is open yet. */
void otlp_begin(struct encoder *encoder, struct buffer *to);

/* Whether the open group of this level begins with just these bytes. */
bool otlp_is_open(const struct encoder *encoder, const struct buffer *to,
	enum otlp_level level, struct slice bytes, int field);

/* Opens one with them; the first outer of them stand beside what is nested. */
void otlp_open(struct encoder *encoder, struct buffer *to, enum otlp_level level,
	struct slice bytes, size_t outer);

#endif
