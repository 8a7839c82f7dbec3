/* SPDX-License-Identifier: Apache-2.0 */
#include "json_record.h"

#include "base/number.h"
#include "json_text.h"
#include "pieces.h"

/*
 * What records of one series have in common, in three pieces:
 *
 *	{"time":"...","start":"...","observed":"..."[,"metric":...,"value":]42
 *	[,"unit":"...","confidence":"]exact"[,"tenant":...,"id":"]8d3a..."}
 */

/* All else that a record can have: names, times, number, confidence, id, its end. */
#define RECORD_MAX_REST 384

static void append_member(struct buffer *to, const char *name, struct slice value)
{
	if (value.n == 0)
		return;
	buffer_append_format(to, ",\"%s\":", name);
	json_append_text(to, value);
}

static void append_origin(
	struct buffer *to, const struct known_source *source, struct slice tenant)
{
	append_member(to, "tenant", tenant);
	append_member(to, "collector", source->view.collector);
	append_member(to, "plugin", source->view.plugin);
	append_member(to, "host", source->view.host);
}

static void append_all_labels(struct buffer *to, const struct known_source *source,
	const struct label *own, size_t n_own)
{
	struct label labels[2 * SERIES_MAX_LABELS];
	size_t n = encoder_labels(source, own, n_own, labels);

	buffer_append_text(to, ",\"labels\":");
	json_append_labels(to, labels, n);
}

void json_record_begin(struct buffer *out, const struct known_source *source,
	const struct known_series *series, size_t *ret_middle, size_t *ret_tail)
{
	const struct series_view *view = &series->view;

	pieces_begin(out);
	append_member(out, "metric", view->metric);
	append_member(out, "kind", slice_of(kind_name(view->kind)));
	buffer_append_text(out, ",\"value\":");
	*ret_middle = out->size;
	append_member(out, "unit", view->unit);
	buffer_append_text(out, ",\"confidence\":\"");
	*ret_tail = out->size;
	append_origin(out, source, encoder_tenant(source, series));
	append_all_labels(out, source, view->labels, view->n_labels);
	buffer_append_text(out, ",\"id\":\"");
}

void *json_record_make(struct encoder *encoder, const struct known_source *source,
	const struct known_series *series)
{
	struct buffer out = { 0 };
	size_t middle, tail;

	(void)encoder;
	json_record_begin(&out, source, series, &middle, &tail);
	return pieces_end(&out, middle, tail);
}

static char *put_time(const struct encoder *encoder, struct timestamp_cache *cache,
	struct written_time *written, char *to, int64_t time_ns)
{
	char *end = encoder_put_time(cache, written, to, time_ns);

	if (encoder->type->dialect == JSON_CLICKHOUSE) {
		to[strlen("2025-11-21")] = ' ';
		end--; /* the Z */
	}
	return end;
}

/* The times that every record begins with. */
static char *put_times(struct encoder *encoder, char *to, int64_t time_ns,
	int64_t start_ns, int64_t observed_ns)
{
	struct timestamp_cache *seconds = encoder->seconds;

	to = PUT_TEXT(to, "{\"time\":\"");
	to = put_time(encoder, &seconds[0], &encoder->time, to, time_ns);
	if (start_ns != 0) {
		to = PUT_TEXT(to, "\",\"start\":\"");
		to = put_time(encoder, &seconds[1], &encoder->start, to, start_ns);
	}
	to = PUT_TEXT(to, "\",\"observed\":\"");
	to = put_time(encoder, &seconds[2], &encoder->observed, to, observed_ns);
	*to++ = '"';
	return to;
}

static char *put_quoted(char *to, const struct rk_number *value)
{
	*to++ = '"';
	to = encoder_put_number(to, value);
	*to++ = '"';
	return to;
}

/* Decimals as texts are for readers that make a double of every number. */
static char *put_value(
	const struct encoder *encoder, char *to, const struct rk_number *value)
{
	if (value->form != RK_DECIMAL)
		return encoder_put_number(to, value);
	if (encoder->type->dialect == JSON_CLICKHOUSE) {
		to = encoder_put_number(to, value);
		to = PUT_TEXT(to, ",\"exact\":");
		return put_quoted(to, value);
	}
	if (encoder->decimals == SINK_DECIMALS_STRING)
		return put_quoted(to, value);
	return encoder_put_number(to, value);
}

void json_record_sample(struct encoder *encoder, struct buffer *to,
	const struct known_series *series, const struct rk_sample *sample,
	int64_t observed_ns)
{
	const struct pieces *text = series->made;
	const char *from = text->bytes;
	const char *confidence = encoder_confidence(series, sample);
	struct hash128 id = sample_id(&series->hash, sample->time_ns, sample->start_ns);
	char *room = (char *)buffer_reserve(to, pieces_size(text) + RECORD_MAX_REST);
	char *at = room;

	if (!room)
		return;
	at = put_times(encoder, at, sample->time_ns, sample->start_ns, observed_ns);
	at = put(at, from, text->head);
	at = put_value(encoder, at, &sample->value);
	at = put(at, from + text->head, text->middle);
	at = put(at, confidence, strlen(confidence));
	*at++ = '"';
	if (sample->flags & RK_PROVISIONAL)
		at = PUT_TEXT(at, ",\"provisional\":true");
	at = put(at, from + text->head + text->middle, text->tail);
	at = encoder_put_id(at, &id);
	at = PUT_TEXT(at, "\"}\n");
	buffer_advance(to, (size_t)(at - room));
}

void json_record_event(struct encoder *encoder, struct buffer *to,
	const struct known_source *source, const struct event_view *event,
	int64_t observed_ns)
{
	char *room = (char *)buffer_reserve(to, RECORD_MAX_REST);
	char digits[32];
	struct hash128 id;

	if (!room || event_id(source->view.identity, event, &id) < 0) {
		to->failed = true;
		return;
	}
	buffer_advance(to, (size_t)(put_times(encoder, room, event->time_ns,
					    event->start_ns, observed_ns) -
				    room));
	append_member(to, "event", event->type);
	append_member(to, "key", event->key);
	append_member(to, "phase", slice_of(phase_name(event->phase)));
	append_member(to, "severity", slice_of(severity_name(event->severity)));
	if (event->follow_up)
		buffer_append_text(to, ",\"follow_up\":true");
	append_member(to, "insight", event->insight);
	append_member(to, "action", event->action);
	append_origin(to, source, source->view.tenant);
	append_all_labels(to, source, event->labels, event->n_labels);
	if (event->n_details > 0) {
		buffer_append_text(to, ",\"details\":");
		json_append_labels(to, event->details, event->n_details);
	}
	encoder_put_id(digits, &id);
	append_member(to, "id", (struct slice){ digits, sizeof(digits) });
	buffer_append_text(to, "}\n");
}
