/* SPDX-License-Identifier: Apache-2.0 */
#include "influx.h"

#include "base/cleanup.h"
#include "base/number.h"
#include "base/utf8.h"
#include "json_text.h"
#include "pieces.h"
#include "tags.h"

/*
 * A point is one of a series, which its measurement and tags tell, and a time. One that
 * is written again replaces the fields of the one before: so what may change between
 * two tellings of a fact is a field, and every field is written each time.
 *
 *	[a.b,collector=c,host=mx1 value=]42[,confidence="]exact",provisional=f 1763...
 *
 * The value is always a float: the first point fixes the type of a field, and whether a
 * number is whole says nothing about the next one.
 */

#define LINE_MAX_REST 160

/* ---- texts ------------------------------------------------------------- */

/* What stands for a character in a name or a tag; NULL: itself. There is no escape for
 * an end of line, so that it is spelt out. */
static const char *tag_escape(char c)
{
	switch (c) {
	case ',':
		return "\\,";
	case '=':
		return "\\=";
	case ' ':
		return "\\ ";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	default:
		return NULL;
	}
}

static void append_escaped(struct buffer *to, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *escape = tag_escape(text[i]);

		if (escape)
			buffer_append_text(to, escape);
		else
			buffer_append_byte(to, (uint8_t)text[i]);
	}
	/* A backslash at the end would escape what comes behind the text. */
	if (n > 0 && text[n - 1] == '\\')
		buffer_append_byte(to, '_');
}

static void append_name(struct buffer *to, struct slice text)
{
	CLEANUP(buffer_finish) struct buffer valid = { 0 };

	utf8_append_repaired(&valid, text.at, text.n);
	if (buffer_failed(&valid))
		to->failed = true;
	append_escaped(to, (const char *)valid.data, valid.size);
}

static void append_tags(struct buffer *to, struct tags *tags)
{
	tags_sort(tags);
	for (size_t i = 0; i < tags->n; i++) {
		buffer_append_byte(to, ',');
		append_name(to, tags->items[i].name);
		buffer_append_byte(to, '=');
		append_name(to, tags->items[i].value);
	}
}

/* A text as a field; ends of lines may stand in it. */
static void append_text_field(struct buffer *to, const char *name, struct slice text)
{
	CLEANUP(buffer_finish) struct buffer valid = { 0 };

	utf8_append_repaired(&valid, text.at, text.n);
	buffer_append_format(to, ",%s=\"", name);
	for (size_t i = 0; i < valid.size; i++) {
		if (valid.data[i] == '"' || valid.data[i] == '\\')
			buffer_append_byte(to, '\\');
		buffer_append_byte(to, valid.data[i]);
	}
	buffer_append_byte(to, '"');
	if (buffer_failed(&valid))
		to->failed = true;
}

/* ---- samples ----------------------------------------------------------- */

static void *influx_make(struct encoder *encoder, const struct known_source *source,
	const struct known_series *series)
{
	const struct series_view *view = &series->view;
	struct tags tags = { .n = 0 };
	struct buffer out = { 0 };

	(void)encoder;
	pieces_begin(&out);
	append_name(&out, view->metric);
	tags_add_labels(&tags, source, view->labels, view->n_labels);
	tags_make_way(&tags);
	tags_add_origin(&tags, source, encoder_tenant(source, series));
	tags_add(&tags, "kind", slice_of(kind_name(view->kind)));
	tags_add(&tags, "unit", view->unit);
	append_tags(&out, &tags);
	buffer_append_text(&out, " value=");
	return pieces_end(&out, out.size, out.size);
}

/* The period's begin, where there is one, and the time. */
static char *put_times(char *to, int64_t start_ns, int64_t time_ns)
{
	if (start_ns != 0) {
		to = PUT_TEXT(to, ",start=");
		to = integer_to_text(to, start_ns);
		*to++ = 'i';
	}
	*to++ = ' ';
	to = integer_to_text(to, time_ns);
	*to++ = '\n';
	return to;
}

static void influx_sample(struct encoder *encoder, struct buffer *to,
	const struct known_series *series, const struct rk_sample *sample,
	int64_t observed_ns)
{
	const struct pieces *text = series->made;
	const char *confidence = encoder_confidence(series, sample);
	char *room = (char *)buffer_reserve(to, text->head + LINE_MAX_REST);
	char *at = room;

	(void)encoder;
	(void)observed_ns;
	if (!room)
		return;
	at = put(at, text->bytes, text->head);
	at = encoder_put_number(at, &sample->value);
	at = PUT_TEXT(at, ",confidence=\"");
	at = put(at, confidence, strlen(confidence));
	at = PUT_TEXT(at, "\",provisional=");
	*at++ = sample->flags & RK_PROVISIONAL ? 't' : 'f';
	at = put_times(at, sample->start_ns, sample->time_ns);
	buffer_advance(to, (size_t)(at - room));
}

/* ---- events ------------------------------------------------------------ */

static void append_details(struct buffer *to, const struct event_view *event)
{
	CLEANUP(buffer_finish) struct buffer object = { 0 };

	json_append_labels(&object, event->details, event->n_details);
	append_text_field(
		to, "details", (struct slice){ (const char *)object.data, object.size });
	if (buffer_failed(&object))
		to->failed = true;
}

static void influx_event(struct encoder *encoder, struct buffer *to,
	const struct known_source *source, const struct event_view *event,
	int64_t observed_ns)
{
	struct tags tags = { .n = 0 };
	char *room;

	(void)encoder;
	(void)observed_ns;
	tags_add_labels(&tags, source, event->labels, event->n_labels);
	tags_make_way(&tags);
	tags_add_origin(&tags, source, source->view.tenant);
	tags_add(&tags, "type", event->type);
	tags_add(&tags, "key", event->key);
	tags_add(&tags, "phase", slice_of(phase_name(event->phase)));
	buffer_append_text(to, "rookery.event");
	append_tags(to, &tags);
	buffer_append_format(to, " follow_up=%c", event->follow_up ? 't' : 'f');
	append_text_field(to, "severity", slice_of(severity_name(event->severity)));
	append_text_field(to, "insight", event->insight);
	append_text_field(to, "action", event->action);
	append_details(to, event);
	room = (char *)buffer_reserve(to, LINE_MAX_REST);
	if (room)
		buffer_advance(
			to, (size_t)(put_times(room, event->start_ns, event->time_ns) -
				     room));
}

/* InfluxDB has taken the others then, and tells how many it has not ("dropped=3"): those
 * that are too old for it, of another type than the field has, or of more series than it
 * allows. A line that it cannot read is not among these. */
static const char *const outdated[] = { "partial write: points beyond retention policy",
	"partial write: field type conflict", "partial write: max", NULL };

const struct encoder_type encoder_influx = {
	.name = "influx",
	.summary = "InfluxDB's line protocol, in nanoseconds.",
	.version = 1,
	.outdated = outdated,
	.media_type = "text/plain; charset=utf-8",
	.make = influx_make,
	.sample = influx_sample,
	.event = influx_event,
};
