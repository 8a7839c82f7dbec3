/* SPDX-License-Identifier: Apache-2.0 */
#include "records.h"

#include "cases.h"
#include "format_options.h"

#include <stdlib.h>
#include <string.h>

const struct known_source records_source = {
	.view = { .host = TEXT("mx1"),
		.collector = TEXT("c"),
		.identity = TEXT("mx1/c"),
		.plugin = TEXT("p") },
};

const struct series_view records_series = {
	.metric = TEXT("a.b"),
	.unit = TEXT("By"),
	.kind = RK_GAUGE,
	.confidence = RK_EXACT,
};

const struct event_view records_event = {
	.severity = RK_HIGH,
	.phase = RK_BEGIN,
	.follow_up = true,
	.type = TEXT("vendor.incident"),
	.key = TEXT("inc-1"),
	.insight = TEXT("Mail is late, says the vendor."),
	.action = TEXT("Wait."),
	.time_ns = DAY_NS,
	.labels = { { TEXT("vendor.name"), TEXT("sendgrid") } },
	.n_labels = 1,
	.details = { { TEXT("minutes"), TEXT("12") } },
	.n_details = 1,
};

struct rk_sample sample_of(struct rk_number value)
{
	return (struct rk_sample){ .value = value, .time_ns = DAY_NS };
}

struct rk_number decimal_of(int64_t digits, uint16_t scale)
{
	return (struct rk_number){ .form = RK_DECIMAL, .digits = digits, .scale = scale };
}

struct rk_number real_of(double real)
{
	return (struct rk_number){ .form = RK_REAL, .real = real };
}

static const struct known_source *source_of(const struct written *record)
{
	return record->source ? record->source : &records_source;
}

static struct known_series *series_of(const struct written *record)
{
	struct known_series *series = calloc(1, sizeof(*series));

	assert_non_null(series);
	series->view = record->series;
	if (series->view.metric.n == 0)
		series->view.metric = records_series.metric;
	if (series->view.unit.n == 0)
		series->view.unit = records_series.unit;
	if (series->view.confidence == 0)
		series->view.confidence = records_series.confidence;
	assert_int_equal(series_hash(source_of(record)->view.identity, &series->view,
				 &series->hash),
		0);
	return series;
}

void records_add(
	struct encoder *encoder, struct buffer *body, const struct written *record)
{
	struct known_series *series;

	if (record->event) {
		assert_int_equal(encoder_add_event(encoder, body, source_of(record),
					 record->event, OBSERVED_NS),
			0);
		return;
	}
	series = series_of(record);
	assert_int_equal(encoder_add_sample(encoder, body, source_of(record), series,
				 &record->sample, OBSERVED_NS),
		0);
	free(series->made);
	free(series);
}

struct buffer records_body_of(
	const struct configured *format, const struct written *records, size_t n)
{
	struct arena arena = { 0 };
	struct encoder encoder;
	struct buffer body = { 0 };

	encoder_init(&encoder, encoder_type_find(format->format), SINK_DECIMALS_NUMBER);
	encoder.makes_bodies = true;
	assert_int_equal(format_options_set(&encoder, &arena, format->options), 0);
	encoder_begin_batch(&encoder, &body);
	for (size_t i = 0; i < n; i++)
		records_add(&encoder, &body, &records[i]);
	assert_int_equal(encoder_end_batch(&encoder, &body), 0);
	arena_finish(&arena);
	return body;
}

struct buffer records_body(const char *format, const struct written *records, size_t n)
{
	return records_body_of(&(struct configured){ .format = format }, records, n);
}

void expect_body_of(const struct configured *format, const struct written *records,
	size_t n, const char *expected)
{
	struct buffer body = records_body_of(format, records, n);

	assert_string_equal(buffer_text(&body), expected);
	buffer_finish(&body);
}

void expect_body(
	const char *format, const struct written *records, size_t n, const char *expected)
{
	expect_body_of(&(struct configured){ .format = format }, records, n, expected);
}

static struct id_text id_text(const struct hash128 *id)
{
	struct id_text text = { 0 };

	encoder_put_id(text.text, id);
	return text;
}

struct id_text sample_id_text(const struct written *record)
{
	struct known_series *series = series_of(record);
	struct hash128 id =
		sample_id(&series->hash, record->sample.time_ns, record->sample.start_ns);

	free(series);
	return id_text(&id);
}

struct id_text event_id_text(
	const struct known_source *source, const struct event_view *event)
{
	struct hash128 id;

	source = source ? source : &records_source;
	assert_int_equal(event_id(source->view.identity, event, &id), 0);
	return id_text(&id);
}
