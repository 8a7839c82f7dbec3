/* SPDX-License-Identifier: Apache-2.0 */
#include "csv.h"

#include "base/cleanup.h"
#include "base/number.h"
#include "base/utf8.h"
#include "json_text.h"
#include "pieces.h"

/* Samples and events share the columns; what does not apply is empty. */
static const char columns[] =
	"record,time,start,observed,metric,kind,value,unit,confidence,provisional,tenant,"
	"collector,plugin,host,labels,id,type,key,phase,severity,follow_up,insight,"
	"action,"
	"details\n";

/* What lines of one series have in common:
 *	sample,TIME,START,OBSERVED[,metric,kind,]VALUE[,unit,]CONFIDENCE,PROVISIONAL
 *	[,tenant,collector,plugin,host,labels,]ID,,,,,,,, */

#define LINE_MAX_REST 320

static bool needs_quotes(struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (strchr("\",\n\r", text.at[i]) || text.at[i] == '\0')
			return true;
	}
	return false;
}

static void append_quoted(struct buffer *to, const char *text, size_t n)
{
	buffer_append_byte(to, '"');
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '"')
			buffer_append_byte(to, '"');
		buffer_append_byte(to, (uint8_t)text[i]);
	}
	buffer_append_byte(to, '"');
}

static void append_field(struct buffer *to, struct slice text)
{
	CLEANUP(buffer_finish) struct buffer valid = { 0 };

	utf8_append_repaired(&valid, text.at, text.n);
	if (buffer_failed(&valid))
		to->failed = true;
	else if (needs_quotes(text))
		append_quoted(to, (const char *)valid.data, valid.size);
	else
		buffer_append(to, valid.data, valid.size);
	buffer_append_byte(to, ',');
}

/* Labels are one field: a JSON object. */
static void append_labels_field(struct buffer *to, const struct label *labels, size_t n)
{
	CLEANUP(buffer_finish) struct buffer object = { 0 };

	if (n > 0) {
		json_append_labels(&object, labels, n);
		append_quoted(to, (const char *)object.data, object.size);
	}
	if (buffer_failed(&object))
		to->failed = true;
}

static void append_origin(struct buffer *to, const struct known_source *source,
	struct slice tenant, const struct label *own, size_t n_own)
{
	struct label labels[2 * SERIES_MAX_LABELS];
	size_t n = encoder_labels(source, own, n_own, labels);

	append_field(to, tenant);
	append_field(to, source->view.collector);
	append_field(to, source->view.plugin);
	append_field(to, source->view.host);
	append_labels_field(to, labels, n);
	buffer_append_byte(to, ',');
}

static void csv_header(struct encoder *encoder, struct buffer *to)
{
	(void)encoder;
	buffer_append_text(to, columns);
}

static void *csv_make(struct encoder *encoder, const struct known_source *source,
	const struct known_series *series)
{
	const struct series_view *view = &series->view;
	struct buffer out = { 0 };
	size_t middle, tail;

	(void)encoder;
	pieces_begin(&out);
	buffer_append_byte(&out, ',');
	append_field(&out, view->metric);
	append_field(&out, slice_of(kind_name(view->kind)));
	middle = out.size;
	buffer_append_byte(&out, ',');
	append_field(&out, view->unit);
	tail = out.size;
	buffer_append_byte(&out, ',');
	append_origin(&out, source, encoder_tenant(source, series), view->labels,
		view->n_labels);
	return pieces_end(&out, middle, tail);
}

static char *put_times(struct encoder *encoder, char *to, int64_t time_ns,
	int64_t start_ns, int64_t observed_ns)
{
	to = encoder_put_time(&encoder->seconds[0], &encoder->time, to, time_ns);
	*to++ = ',';
	if (start_ns != 0)
		to = encoder_put_time(
			&encoder->seconds[1], &encoder->start, to, start_ns);
	*to++ = ',';
	return encoder_put_time(
		&encoder->seconds[2], &encoder->observed, to, observed_ns);
}

static void csv_sample(struct encoder *encoder, struct buffer *to,
	const struct known_series *series, const struct rk_sample *sample,
	int64_t observed_ns)
{
	const struct pieces *text = series->made;
	const char *from = text->bytes;
	const char *confidence = encoder_confidence(series, sample);
	struct hash128 id = sample_id(&series->hash, sample->time_ns, sample->start_ns);
	char *room = (char *)buffer_reserve(to, pieces_size(text) + LINE_MAX_REST);
	char *at = room;

	if (!room)
		return;
	at = PUT_TEXT(at, "sample,");
	at = put_times(encoder, at, sample->time_ns, sample->start_ns, observed_ns);
	at = put(at, from, text->head);
	at = encoder_put_number(at, &sample->value);
	at = put(at, from + text->head, text->middle);
	at = put(at, confidence, strlen(confidence));
	at = sample->flags & RK_PROVISIONAL ? PUT_TEXT(at, ",true") : PUT_TEXT(at, ",");
	at = put(at, from + text->head + text->middle, text->tail);
	at = encoder_put_id(at, &id);
	at = PUT_TEXT(at, ",,,,,,,,\n");
	buffer_advance(to, (size_t)(at - room));
}

static void csv_event(struct encoder *encoder, struct buffer *to,
	const struct known_source *source, const struct event_view *event,
	int64_t observed_ns)
{
	char *room = (char *)buffer_reserve(to, LINE_MAX_REST), *at = room;
	char digits[32];
	struct hash128 id;

	if (!room || event_id(source->view.identity, event, &id) < 0) {
		to->failed = true;
		return;
	}
	at = PUT_TEXT(at, "event,");
	at = put_times(encoder, at, event->time_ns, event->start_ns, observed_ns);
	at = PUT_TEXT(at, ",,,,,,,");
	buffer_advance(to, (size_t)(at - room));
	append_origin(to, source, source->view.tenant, event->labels, event->n_labels);
	encoder_put_id(digits, &id);
	append_field(to, (struct slice){ digits, sizeof(digits) });
	append_field(to, event->type);
	append_field(to, event->key);
	append_field(to, slice_of(phase_name(event->phase)));
	append_field(to, slice_of(severity_name(event->severity)));
	append_field(to, slice_of(event->follow_up ? "true" : ""));
	append_field(to, event->insight);
	append_field(to, event->action);
	append_labels_field(to, event->details, event->n_details);
	buffer_append_byte(to, '\n');
}

const struct encoder_type encoder_csv = {
	.name = "csv",
	.summary = "Comma-separated values with a header line in each file.",
	.version = 1,
	.media_type = "text/csv; charset=utf-8",
	.header = csv_header,
	.make = csv_make,
	.sample = csv_sample,
	.event = csv_event,
};
