/* SPDX-License-Identifier: Apache-2.0 */
#include "otlp_json.h"

#include "base/cleanup.h"
#include "base/number.h"
#include "json_text.h"
#include "otlp.h"
#include "pieces.h"

/*
 * The messages of otlp_protobuf.c in proto3's JSON: names in camel case, integers of 64
 * bits as texts.
 *
 *	{"resourceMetrics":[{"resource":{...},"scopeMetrics":[{"scope":{...},"metrics":[
 *	{"name":"...","unit":"...","gauge":{"dataPoints":[{...},{...}]}}]}]}]}
 *	{"resourceLogs":[{"resource":{...},"scopeLogs":[{"scope":{...},"logRecords":[...]}]}]}
 */

/* What samples of a series have in common. */
struct text {
	size_t source, metric; /* what begins the groups */
	size_t attributes;     /* of the point, and what stands up to its first time */
	char bytes[];
};

#define POINT_MAX_REST 640

/* KeyValue messages, with commas between them. */
static void append_pairs(struct buffer *to, const struct label *pairs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buffer_append_text(to, i > 0 ? ",{\"key\":" : "{\"key\":");
		json_append_text(to, pairs[i].name);
		buffer_append_text(to, ",\"value\":{\"stringValue\":");
		json_append_text(to, pairs[i].value);
		buffer_append_text(to, "}}");
	}
}

static void append_attributes(struct buffer *to, const struct tags *tags)
{
	buffer_append_text(to, "\"attributes\":[");
	append_pairs(to, tags->items, tags->n);
	buffer_append_byte(to, ']');
}

/* ---- groups ------------------------------------------------------------ */

static void append_source(struct buffer *to, const struct known_source *source,
	const char *scopes, const char *records)
{
	struct tags tags = { .n = 0 };

	otlp_resource(&tags, source);
	buffer_append_text(to, "{\"resource\":{");
	append_attributes(to, &tags);
	buffer_append_format(to, "},\"%s\":[{\"scope\":{\"name\":", scopes);
	json_append_text(to, source->view.plugin);
	buffer_append_format(to, "},\"%s\":[", records);
}

static void append_metric(struct buffer *to, const struct series_view *view)
{
	buffer_append_text(to, "{\"name\":");
	json_append_text(to, view->metric);
	buffer_append_text(to, ",\"unit\":");
	json_append_text(to, view->unit);
	if (otlp_data(view) == OTLP_GAUGE)
		buffer_append_text(to, ",\"gauge\":{\"dataPoints\":[");
	else
		buffer_append_format(to,
			",\"sum\":{\"aggregationTemporality\":%d,%s\"dataPoints\":[",
			otlp_temporality(view),
			otlp_is_monotonic(view) ? "\"isMonotonic\":true," : "");
}

static void close_metric(struct encoder *encoder, struct buffer *to)
{
	if (encoder->groups[OTLP_METRIC].all > 0)
		buffer_append_text(to, "]}}");
	encoder->groups[OTLP_METRIC].all = 0;
}

static void close_source(struct encoder *encoder, struct buffer *to)
{
	close_metric(encoder, to);
	if (encoder->groups[OTLP_SOURCE].all > 0)
		buffer_append_text(to, "]}]}");
	encoder->groups[OTLP_SOURCE].all = 0;
}

/* Whatever stands behind a record, a metric or a source of the same kind. */
static void append_comma(struct buffer *to)
{
	if (!buffer_failed(to) && to->size > 0 && to->data[to->size - 1] == '}')
		buffer_append_byte(to, ',');
}

static void enter_source(struct encoder *encoder, struct buffer *to, struct slice bytes,
	const char *request)
{
	if (otlp_is_open(encoder, to, OTLP_SOURCE, bytes, 0))
		return;
	close_source(encoder, to);
	if (to->size == 0)
		buffer_append_format(to, "{\"%s\":[", request);
	append_comma(to);
	otlp_open(encoder, to, OTLP_SOURCE, bytes, 0);
}

static void enter_metric(
	struct encoder *encoder, struct buffer *to, const struct text *text)
{
	struct slice source = { text->bytes, text->source };
	struct slice metric = { text->bytes + text->source, text->metric };

	enter_source(encoder, to, source, "resourceMetrics");
	if (otlp_is_open(encoder, to, OTLP_METRIC, metric, 0))
		return;
	close_metric(encoder, to);
	append_comma(to);
	otlp_open(encoder, to, OTLP_METRIC, metric, 0);
}

/* ---- samples ----------------------------------------------------------- */

static void *otlp_make(struct encoder *encoder, const struct known_source *source,
	const struct known_series *series)
{
	struct text text = { 0 };
	struct buffer out = { 0 };
	struct tags tags = { .n = 0 };

	(void)encoder;
	if (!buffer_reserve(&out, offsetof(struct text, bytes)))
		return NULL;
	buffer_advance(&out, offsetof(struct text, bytes));
	append_source(&out, source, "scopeMetrics", "metrics");
	text.source = out.size - offsetof(struct text, bytes);
	append_metric(&out, &series->view);
	text.metric = out.size - offsetof(struct text, bytes) - text.source;
	otlp_point(&tags, source, series);
	append_attributes(&out, &tags);
	text.attributes =
		out.size - offsetof(struct text, bytes) - text.source - text.metric;
	return otlp_end_text(&out, &text, offsetof(struct text, bytes));
}

static char *put_time(char *to, int64_t time_ns)
{
	*to++ = '"';
	to = integer_to_text(to, time_ns);
	*to++ = '"';
	return to;
}

static char *put_value(
	char *to, const struct known_series *series, const struct rk_number *value)
{
	if (!otlp_is_integer(series, value)) {
		to = PUT_TEXT(to, ",\"asDouble\":");
		return encoder_put_number(to, value);
	}
	to = PUT_TEXT(to, ",\"asInt\":\"");
	to = integer_to_text(to, value->digits);
	*to++ = '"';
	return to;
}

static char *put_exemplar(char *to, const struct known_series *series,
	const struct rk_sample *sample, int64_t observed_ns)
{
	struct hash128 id = sample_id(&series->hash, sample->time_ns, sample->start_ns);
	const char *lowered = otlp_lowered(series, sample);

	to = PUT_TEXT(to, ",\"exemplars\":[{\"filteredAttributes\":[{\"key\":"
			  "\"rookery.id\",\"value\":{\"stringValue\":\"");
	to = encoder_put_id(to, &id);
	to = PUT_TEXT(to, "\"}}");
	if (lowered) {
		to = PUT_TEXT(to, ",{\"key\":\"rookery.confidence\",\"value\":"
				  "{\"stringValue\":\"");
		to = put(to, lowered, strlen(lowered));
		to = PUT_TEXT(to, "\"}}");
	}
	if (sample->flags & RK_PROVISIONAL)
		to = PUT_TEXT(to, ",{\"key\":\"rookery.provisional\",\"value\":"
				  "{\"boolValue\":true}}");
	to = PUT_TEXT(to, "],\"timeUnixNano\":");
	to = put_time(to, observed_ns);
	to = put_value(to, series, &sample->value);
	return PUT_TEXT(to, "}]");
}

static void otlp_sample(struct encoder *encoder, struct buffer *to,
	const struct known_series *series, const struct rk_sample *sample,
	int64_t observed_ns)
{
	const struct text *text = series->made;
	char *room, *at;

	enter_metric(encoder, to, text);
	append_comma(to);
	room = at = (char *)buffer_reserve(to, text->attributes + POINT_MAX_REST);
	if (!room)
		return;
	*at++ = '{';
	at = put(at, text->bytes + text->source + text->metric, text->attributes);
	if (sample->start_ns) {
		at = PUT_TEXT(at, ",\"startTimeUnixNano\":");
		at = put_time(at, sample->start_ns);
	}
	at = PUT_TEXT(at, ",\"timeUnixNano\":");
	at = put_time(at, sample->time_ns);
	at = put_value(at, series, &sample->value);
	at = put_exemplar(at, series, sample, observed_ns);
	*at++ = '}';
	buffer_advance(to, (size_t)(at - room));
}

/* ---- events ------------------------------------------------------------ */

static void append_event_attributes(struct buffer *to, const struct known_source *source,
	const struct event_view *event, const char *id)
{
	struct tags tags = { .n = 0 };

	otlp_event(&tags, source, event, id);
	buffer_append_text(to, ",\"attributes\":[");
	append_pairs(to, tags.items, tags.n);
	if (event->follow_up)
		buffer_append_text(to, ",{\"key\":\"rookery.follow_up\",\"value\":"
				       "{\"boolValue\":true}}");
	if (event->start_ns)
		buffer_append_format(to,
			",{\"key\":\"rookery.start\",\"value\":{\"intValue\":\"%lld\"}}",
			(long long)event->start_ns);
	if (event->n_details > 0) {
		buffer_append_text(to, ",{\"key\":\"rookery.details\",\"value\":"
				       "{\"kvlistValue\":{\"values\":[");
		append_pairs(to, event->details, event->n_details);
		buffer_append_text(to, "]}}}");
	}
	buffer_append_byte(to, ']');
}

static void enter_logs(
	struct encoder *encoder, struct buffer *to, const struct known_source *source)
{
	CLEANUP(buffer_finish) struct buffer bytes = { 0 };

	append_source(&bytes, source, "scopeLogs", "logRecords");
	if (buffer_failed(&bytes))
		to->failed = true;
	else
		enter_source(encoder, to,
			(struct slice){ (const char *)bytes.data, bytes.size },
			"resourceLogs");
}

static void otlp_log(struct encoder *encoder, struct buffer *to,
	const struct known_source *source, const struct event_view *event,
	int64_t observed_ns)
{
	char digits[32];
	struct hash128 id;

	if (event_id(source->view.identity, event, &id) < 0) {
		to->failed = true;
		return;
	}
	encoder_put_id(digits, &id);
	enter_logs(encoder, to, source);
	append_comma(to);
	buffer_append_format(to,
		"{\"timeUnixNano\":\"%lld\",\"observedTimeUnixNano\":\"%lld\","
		"\"severityNumber\":%d,\"severityText\":\"%s\",\"body\":{"
		"\"stringValue\":",
		(long long)event->time_ns, (long long)observed_ns,
		otlp_severity(event->severity), severity_name(event->severity));
	json_append_text(to, event->insight);
	buffer_append_byte(to, '}');
	append_event_attributes(to, source, event, digits);
	buffer_append_text(to, ",\"eventName\":");
	json_append_text(to, event->type);
	buffer_append_byte(to, '}');
}

static void otlp_finish(struct encoder *encoder, struct buffer *body)
{
	close_source(encoder, body);
	buffer_append_text(body, body->size > 0 ? "]}" : "{}");
}

const struct encoder_type encoder_otlp_json = {
	.name = "otlp_json",
	.summary = "The OpenTelemetry protocol as JSON; events are logs.",
	.version = 1,
	.media_type = "application/json",
	.header = otlp_begin,
	.separates_events = true,
	.finish = otlp_finish,
	.make = otlp_make,
	.sample = otlp_sample,
	.event = otlp_log,
};
