/* SPDX-License-Identifier: Apache-2.0 */
#include "otlp_protobuf.h"

#include "base/cleanup.h"
#include "otlp.h"
#include "protobuf.h"

/*
 * Field numbers are those of opentelemetry-proto (tests/specs/otel has the files). A
 * group's records are appended first; tag and length come in front when it is closed.
 *
 *	request { ResourceMetrics 1 { Resource 1, ScopeMetrics 2 { Scope 1, Metric 2 }}}
 *	request { ResourceLogs 1 { Resource 1, ScopeLogs 2 { Scope 1, LogRecord 2 }}}
 *	Metric { name 1, unit 3, Gauge 5 or Sum 7 { NumberDataPoint 1 }}
 */

/* What samples of a series have in common. */
struct text {
	size_t resource, source; /* its resource; that and the scope */
	size_t name, metric;     /* name and unit; those and what a sum says of itself */
	size_t attributes;
	int data; /* enum otlp_data */
	uint8_t bytes[];
};

/* KeyValue { key 1, AnyValue value 2 { string 1, bool 2, int 3, KeyValueList 6 }} */
static void append_attribute(
	struct buffer *to, int field, struct slice name, struct slice value)
{
	size_t begin = to->size, value_begin;

	protobuf_append_text(to, 1, name);
	value_begin = to->size;
	protobuf_append_text(to, 1, value);
	protobuf_wrap(to, 2, value_begin);
	protobuf_wrap(to, field, begin);
}

static void append_attributes(struct buffer *to, int field, const struct tags *tags)
{
	for (size_t i = 0; i < tags->n; i++)
		append_attribute(to, field, tags->items[i].name, tags->items[i].value);
}

/* ---- groups ------------------------------------------------------------ */

/* Resource and scope; returns how much of it the resource is. */
static size_t append_source(struct buffer *to, const struct known_source *source)
{
	struct tags tags = { .n = 0 };
	size_t begin = to->size, resource;

	otlp_resource(&tags, source);
	append_attributes(to, 1, &tags);
	protobuf_wrap(to, 1, begin);
	resource = to->size;
	protobuf_append_text(to, 1, source->view.plugin);
	protobuf_wrap(to, 1, resource);
	return resource - begin;
}

static void close_metric(struct encoder *encoder, struct buffer *to)
{
	struct open_group *metric = &encoder->groups[OTLP_METRIC];

	if (metric->all > 0)
		protobuf_wrap_two(to, 2, metric->field, metric->at, metric->outer);
	metric->all = 0;
}

static void close_source(struct encoder *encoder, struct buffer *to)
{
	struct open_group *source = &encoder->groups[OTLP_SOURCE];

	close_metric(encoder, to);
	if (source->all > 0)
		protobuf_wrap_two(to, 1, 2, source->at, source->outer);
	source->all = 0;
}

static void enter_source(
	struct encoder *encoder, struct buffer *to, struct slice bytes, size_t resource)
{
	if (otlp_is_open(encoder, to, OTLP_SOURCE, bytes, 0))
		return;
	close_source(encoder, to);
	otlp_open(encoder, to, OTLP_SOURCE, bytes, resource);
}

static void enter_metric(
	struct encoder *encoder, struct buffer *to, const struct text *text)
{
	struct slice source = { (const char *)text->bytes, text->source };
	struct slice metric = { source.at + source.n, text->metric };

	enter_source(encoder, to, source, text->resource);
	if (otlp_is_open(encoder, to, OTLP_METRIC, metric, text->data))
		return;
	close_metric(encoder, to);
	otlp_open(encoder, to, OTLP_METRIC, metric, text->name);
	encoder->groups[OTLP_METRIC].field = text->data;
}

/* ---- samples ----------------------------------------------------------- */

static void *otlp_make(struct encoder *encoder, const struct known_source *source,
	const struct known_series *series)
{
	const struct series_view *view = &series->view;
	struct text text = { .data = (int)otlp_data(view) };
	struct buffer out = { 0 };
	struct tags tags = { .n = 0 };

	(void)encoder;
	if (!buffer_reserve(&out, offsetof(struct text, bytes)))
		return NULL;
	buffer_advance(&out, offsetof(struct text, bytes));
	text.resource = append_source(&out, source);
	text.source = out.size - offsetof(struct text, bytes);
	protobuf_append_text(&out, 1, view->metric);
	protobuf_append_text(&out, 3, view->unit);
	text.name = out.size - offsetof(struct text, bytes) - text.source;
	if (text.data == OTLP_SUM) {
		protobuf_append_varint(&out, 2, (uint64_t)otlp_temporality(view));
		if (otlp_is_monotonic(view))
			protobuf_append_varint(&out, 3, true);
	}
	text.metric = out.size - offsetof(struct text, bytes) - text.source;
	otlp_point(&tags, source, series);
	append_attributes(&out, 7, &tags);
	text.attributes =
		out.size - offsetof(struct text, bytes) - text.source - text.metric;
	return otlp_end_text(&out, &text, offsetof(struct text, bytes));
}

/* Attributes of exemplars, with their tags and lengths. */
static const char id_attribute[] =
	"\x3a\x30\x0a\x0arookery.id\x12\x22\x0a\x20"; /* digits */
static const char provisional_attribute[] =
	"\x3a\x19\x0a\x13rookery.provisional\x12\x02\x10\x01";
static const char confidence_name_field[] = "\x0a\x12rookery.confidence";

#define ID_ATTRIBUTE_SIZE          (sizeof(id_attribute) - 1 + 32)
#define PROVISIONAL_ATTRIBUTE_SIZE (sizeof(provisional_attribute) - 1)
#define CONFIDENCE_FIELD_SIZE      (sizeof(confidence_name_field) - 1)

/* What of a sample is no attribute of its series. */
struct exemplar {
	const char *lowered; /* or NULL */
	size_t lowered_size; /* of its letters */
	bool provisional;
	size_t size;
};

static struct exemplar exemplar_of(
	const struct known_series *series, const struct rk_sample *sample)
{
	struct exemplar exemplar = {
		.lowered = otlp_lowered(series, sample),
		.provisional = sample->flags & RK_PROVISIONAL,
		.size = ID_ATTRIBUTE_SIZE + 9 + 9, /* and its time and value */
	};

	if (exemplar.lowered) {
		exemplar.lowered_size = strlen(exemplar.lowered);
		/* The heads of attribute, value and text take 2 bytes each. */
		exemplar.size += CONFIDENCE_FIELD_SIZE + 6 + exemplar.lowered_size;
	}
	if (exemplar.provisional)
		exemplar.size += PROVISIONAL_ATTRIBUTE_SIZE;
	return exemplar;
}

static uint8_t *put_bytes(uint8_t *to, const void *bytes, size_t n)
{
	memcpy(to, bytes, n);
	return to + n;
}

static uint8_t *put_lowered(uint8_t *to, const struct exemplar *exemplar)
{
	size_t n = exemplar->lowered_size;

	to = protobuf_put_head(to, 7, CONFIDENCE_FIELD_SIZE + 4 + n);
	to = put_bytes(to, confidence_name_field, CONFIDENCE_FIELD_SIZE);
	to = protobuf_put_head(to, 2, 2 + n);
	to = protobuf_put_head(to, 1, n);
	return put_bytes(to, exemplar->lowered, n);
}

static uint8_t *put_value(uint8_t *to, int real_field, const struct known_series *series,
	const struct rk_number *value)
{
	if (otlp_is_integer(series, value))
		return protobuf_put_fixed64(to, 6, (uint64_t)value->digits);
	return protobuf_put_double(to, real_field, encoder_real(value));
}

/* Exemplar { time 2, double 3 or int 6, filtered_attributes 7 } */
static uint8_t *put_exemplar(uint8_t *to, const struct exemplar *exemplar,
	const struct known_series *series, const struct rk_sample *sample,
	int64_t observed_ns)
{
	struct hash128 id = sample_id(&series->hash, sample->time_ns, sample->start_ns);

	to = protobuf_put_head(to, 5, exemplar->size);
	to = put_bytes(to, id_attribute, sizeof(id_attribute) - 1);
	to = (uint8_t *)encoder_put_id((char *)to, &id);
	if (exemplar->lowered)
		to = put_lowered(to, exemplar);
	if (exemplar->provisional)
		to = put_bytes(to, provisional_attribute, PROVISIONAL_ATTRIBUTE_SIZE);
	to = protobuf_put_fixed64(to, 2, (uint64_t)observed_ns);
	return put_value(to, 3, series, &sample->value);
}

/* NumberDataPoint { start 2, time 3, double 4 or int 6, Exemplar 5, attributes 7 } */
static void otlp_sample(struct encoder *encoder, struct buffer *to,
	const struct known_series *series, const struct rk_sample *sample,
	int64_t observed_ns)
{
	const struct text *text = series->made;
	struct exemplar exemplar = exemplar_of(series, sample);
	size_t size = text->attributes + (sample->start_ns ? 9 : 0) + 9 + 9 +
		      protobuf_head_size(exemplar.size) + exemplar.size;
	uint8_t *room, *at;

	enter_metric(encoder, to, text);
	room = at = buffer_reserve(to, PROTOBUF_HEAD_MAX + size);
	if (!room)
		return;
	at = protobuf_put_head(at, 1, size);
	at = put_bytes(at, text->bytes + text->source + text->metric, text->attributes);
	if (sample->start_ns)
		at = protobuf_put_fixed64(at, 2, (uint64_t)sample->start_ns);
	at = protobuf_put_fixed64(at, 3, (uint64_t)sample->time_ns);
	at = put_value(at, 4, series, &sample->value);
	at = put_exemplar(at, &exemplar, series, sample, observed_ns);
	buffer_advance(to, (size_t)(at - room));
}

/* ---- events ------------------------------------------------------------ */

/* An attribute while it is written: where it and its value begin. */
struct opened {
	size_t attribute, value;
};

static struct opened open_attribute(struct buffer *to, const char *name)
{
	struct opened opened = { .attribute = to->size };

	protobuf_append_text(to, 1, slice_of(name));
	opened.value = to->size;
	return opened;
}

static void close_attribute(struct buffer *to, struct opened opened)
{
	protobuf_wrap(to, 2, opened.value);
	protobuf_wrap(to, 6, opened.attribute);
}

static void append_flag(struct buffer *to, const char *name)
{
	struct opened opened = open_attribute(to, name);

	protobuf_append_varint(to, 2, true);
	close_attribute(to, opened);
}

static void append_integer(struct buffer *to, const char *name, int64_t value)
{
	struct opened opened = open_attribute(to, name);

	protobuf_append_varint(to, 3, (uint64_t)value);
	close_attribute(to, opened);
}

static void append_details(struct buffer *to, const struct event_view *event)
{
	struct opened opened = open_attribute(to, "rookery.details");

	for (size_t i = 0; i < event->n_details; i++)
		append_attribute(to, 1, event->details[i].name, event->details[i].value);
	protobuf_wrap(to, 6, opened.value);
	close_attribute(to, opened);
}

static void append_event_attributes(struct buffer *to, const struct known_source *source,
	const struct event_view *event, const char *id)
{
	struct tags tags = { .n = 0 };

	otlp_event(&tags, source, event, id);
	append_attributes(to, 6, &tags);
	if (event->follow_up)
		append_flag(to, "rookery.follow_up");
	if (event->start_ns)
		append_integer(to, "rookery.start", event->start_ns);
	if (event->n_details > 0)
		append_details(to, event);
}

static void enter_logs(
	struct encoder *encoder, struct buffer *to, const struct known_source *known)
{
	CLEANUP(buffer_finish) struct buffer bytes = { 0 };
	size_t resource = append_source(&bytes, known);

	if (buffer_failed(&bytes))
		to->failed = true;
	else
		enter_source(encoder, to,
			(struct slice){ (const char *)bytes.data, bytes.size }, resource);
}

/* LogRecord { time 1, severity 2, its text 3, body 5, attributes 6, observed 11,
 * event_name 12 } */
static void otlp_log(struct encoder *encoder, struct buffer *to,
	const struct known_source *source, const struct event_view *event,
	int64_t observed_ns)
{
	char digits[32];
	size_t begin, body;
	struct hash128 id;

	if (event_id(source->view.identity, event, &id) < 0) {
		to->failed = true;
		return;
	}
	encoder_put_id(digits, &id);
	enter_logs(encoder, to, source);
	begin = to->size;
	protobuf_append_fixed64(to, 1, (uint64_t)event->time_ns);
	protobuf_append_fixed64(to, 11, (uint64_t)observed_ns);
	protobuf_append_varint(to, 2, (uint64_t)otlp_severity(event->severity));
	protobuf_append_text(to, 3, slice_of(severity_name(event->severity)));
	body = to->size;
	protobuf_append_text(to, 1, event->insight);
	protobuf_wrap(to, 5, body);
	append_event_attributes(to, source, event, digits);
	protobuf_append_text(to, 12, event->type);
	protobuf_wrap(to, 2, begin);
}

static void otlp_finish(struct encoder *encoder, struct buffer *body)
{
	close_source(encoder, body);
}

const struct encoder_type encoder_otlp_protobuf = {
	.name = "otlp_protobuf",
	.summary = "The OpenTelemetry protocol as Protocol Buffers; events are logs.",
	.version = 1,
	.media_type = "application/x-protobuf",
	.header = otlp_begin,
	.separates_events = true,
	.finish = otlp_finish,
	.make = otlp_make,
	.sample = otlp_sample,
	.event = otlp_log,
};
