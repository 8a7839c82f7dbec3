/* SPDX-License-Identifier: Apache-2.0 */
/* Records to encode, and what a format makes of them. */
#ifndef ENCODE_RECORDS_H
#define ENCODE_RECORDS_H

#include "encode/encoder.h"

#define DAY_NS      (INT64_C(20413) * 86400 * 1000000000) /* 2025-11-21T00:00:00Z */
#define HOUR_NS     (INT64_C(3600) * 1000000000)
#define OBSERVED_NS (DAY_NS + HOUR_NS + 7512000)

#define TEXT(text)                                                                       \
	{                                                                                \
		(text), sizeof(text) - 1                                                 \
	}

/* Host "mx1", collector "c", plugin "p"; a gauge "a.b" in "By". */
extern const struct known_source records_source;
extern const struct series_view records_series;
/* High, begins, with key, labels, details, all sentences. */
extern const struct event_view records_event;

struct rk_number decimal_of(int64_t digits, uint16_t scale);
struct rk_number real_of(double real);

/* At DAY_NS. */
struct rk_sample sample_of(struct rk_number value);

/* A sample of a series that differs from records_series in what is set, which takes
 * part in a body. */
struct written {
	const struct known_source *source; /* NULL: records_source */
	struct series_view series;
	struct rk_sample sample;
	const struct event_view *event; /* instead of a sample */
};

/* Has an encoder write one of them. */
void records_add(
	struct encoder *encoder, struct buffer *body, const struct written *record);

/* The body of some records, in which ids are as they are. For the caller to free. */
struct buffer records_body(const char *format, const struct written *records, size_t n);

/* Its text must be this. */
void expect_body(const char *format, const struct written *records, size_t n,
	const char *expected);

/* The same of a format with options, as format_options.h has them. */
struct configured {
	const char *format;
	const char *const *options;
};
struct buffer records_body_of(
	const struct configured *format, const struct written *records, size_t n);
void expect_body_of(const struct configured *format, const struct written *records,
	size_t n, const char *expected);

/* 32 digits: of a sample or an event, with records_source where source is NULL. */
struct id_text {
	char text[33];
};
struct id_text sample_id_text(const struct written *record);
struct id_text event_id_text(
	const struct known_source *source, const struct event_view *event);

#endif
