/* SPDX-License-Identifier: Apache-2.0 */
#include "rfc5424.h"

#include "base/checksum.h"
#include "base/macros.h"
#include "base/number.h"
#include "json_record.h"
#include "pieces.h"
#include "structured_data.h"

/* Numerical codes of section 6.2.1. */
enum { FACILITY_LOCAL0 = 16 };
enum { SYSLOG_ERROR = 3, SYSLOG_WARNING, SYSLOG_NOTICE, SYSLOG_INFORMATIONAL };

enum {
	SIZE_ROOM = 5,       /* "1234 ", which most messages need */
	LINE_MAX_REST = 400, /* all of a message's own but text and JSON */
	TIME_MAX_DIGITS =
		26, /* "2026-11-21T03:10:07.512345": no more than microseconds */
};

/*
 * A series' pieces are those of its JSON, or of its sentence; their rest is what its
 * messages have in common from HOST to the value.
 */

static const struct rfc5424_options preset = {
	.facility = FACILITY_LOCAL0,
	.app_name = RFC5424_APP_NAME,
	.sd_id = RFC5424_SD_ID,
};

static const struct rfc5424_options *options_of(const struct encoder *encoder)
{
	return encoder->options ? encoder->options : &preset;
}

void rfc5424_configure(struct encoder *encoder, const struct rfc5424_options *options)
{
	static const struct hash_key key = { { 5, 4 } };
	struct buffer bytes = { 0 };

	buffer_append_format(&bytes, "%u %s %s %d", options->facility, options->app_name,
		options->sd_id, options->sentences);
	encoder->options = options;
	encoder->options_hash = siphash64(&key, bytes.data, bytes.size);
	buffer_finish(&bytes);
}

/* ---- sizes -------------------------------------------------------------- */

/* Leaves room for the size; returns where. */
static size_t begin_message(struct buffer *to)
{
	size_t begin = to->size;

	if (buffer_reserve(to, SIZE_ROOM))
		buffer_advance(to, SIZE_ROOM);
	return begin;
}

static void end_message(struct buffer *to, size_t begin)
{
	char digits[NUMBER_TEXT_SIZE];
	size_t n, size;

	/* Where it takes more room than was left. */
	if (!buffer_reserve(to, sizeof(digits)))
		return;
	size = to->size - begin - SIZE_ROOM;
	n = (size_t)(unsigned_to_text(digits, size) - digits);
	digits[n++] = ' ';
	if (n != SIZE_ROOM)
		memmove(to->data + begin + n, to->data + begin + SIZE_ROOM, size);
	memcpy(to->data + begin, digits, n);
	to->size = begin + n + size;
}

const char *rfc5424_next(const char **at, const char *end, size_t *ret_size)
{
	const char *from = *at;
	size_t size = 0;

	while (from < end && *from >= '0' && *from <= '9' && size < SIZE_MAX / 100)
		size = size * 10 + (size_t)(*from++ - '0');
	if (from == *at || from == end || *from != ' ' || size == 0 ||
		size > (size_t)(end - from - 1))
		return NULL;
	*at = from + 1 + size;
	*ret_size = size;
	return from + 1;
}

/* ---- the header --------------------------------------------------------- */

/* The header's time, which has no nanoseconds. */
static char *put_stamp(struct encoder *encoder, char *to, int64_t time_ns)
{
	char text[TIMESTAMP_TEXT_SIZE];
	size_t n = (size_t)(encoder_put_time(
				    &encoder->seconds[0], &encoder->time, text, time_ns) -
			    text);

	if (n <= TIME_MAX_DIGITS + 1)
		return put(to, text, n);
	to = put(to, text, TIME_MAX_DIGITS);
	*to++ = 'Z';
	return to;
}

static char *put_begin(
	struct encoder *encoder, char *to, unsigned int severity, int64_t time_ns)
{
	*to++ = '<';
	to = unsigned_to_text(to, options_of(encoder)->facility * 8 + severity);
	to = PUT_TEXT(to, ">1 ");
	to = put_stamp(encoder, to, time_ns);
	*to++ = ' ';
	return to;
}

/* HOST APP - MSGID [ID */
static void append_header(const struct encoder *encoder, struct buffer *to,
	struct slice host, struct slice id)
{
	const struct rfc5424_options *options = options_of(encoder);

	structured_append_field(to, host, RFC5424_MAX_HOST);
	buffer_append_byte(to, ' ');
	structured_append_field(to, slice_of(options->app_name), RFC5424_MAX_APP_NAME);
	buffer_append_text(to, " - ");
	structured_append_field(to, id, RFC5424_MAX_MSGID);
	buffer_append_format(to, " [%s", options->sd_id);
}

/* ---- structured data ---------------------------------------------------- */

static void append_origin(struct buffer *to, const struct known_source *source,
	struct slice tenant, const struct label *own, size_t n_own)
{
	struct label labels[2 * SERIES_MAX_LABELS];
	size_t n = encoder_labels(source, own, n_own, labels);

	structured_append(to, "tenant", tenant);
	structured_append(to, "collector", source->view.collector);
	structured_append(to, "plugin", source->view.plugin);
	structured_append(to, "host", source->view.host);
	structured_append_labels(to, 'l', labels, n);
}

/* The times and the id, which end it: time only where the header's is not all of it. */
static char *put_end(struct encoder *encoder, char *to, const struct rk_sample *sample,
	int64_t observed_ns, const struct hash128 *id)
{
	if (sample->time_ns % 1000 != 0) {
		to = PUT_TEXT(to, " time=\"");
		to = encoder_put_time(
			&encoder->seconds[0], &encoder->time, to, sample->time_ns);
		*to++ = '"';
	}
	if (sample->start_ns != 0) {
		to = PUT_TEXT(to, " start=\"");
		to = encoder_put_time(
			&encoder->seconds[1], &encoder->start, to, sample->start_ns);
		*to++ = '"';
	}
	to = PUT_TEXT(to, " observed=\"");
	to = encoder_put_time(&encoder->seconds[2], &encoder->observed, to, observed_ns);
	to = PUT_TEXT(to, "\" id=\"");
	to = encoder_put_id(to, id);
	return PUT_TEXT(to, "\"] ");
}

/* ---- samples ------------------------------------------------------------ */

static void append_series(struct buffer *out, const struct encoder *encoder,
	const struct known_source *source, const struct known_series *series)
{
	const struct series_view *view = &series->view;

	append_header(encoder, out, source->view.host, view->metric);
	structured_append(out, "metric", view->metric);
	structured_append(out, "kind", slice_of(kind_name(view->kind)));
	structured_append(out, "unit", view->unit);
	append_origin(out, source, encoder_tenant(source, series), view->labels,
		view->n_labels);
	buffer_append_text(out, " value=\"");
}

/* [mail.queue.length ]12[ {message}] */
static void begin_sentence(struct buffer *out, const struct series_view *view,
	size_t *ret_middle, size_t *ret_tail)
{
	pieces_begin(out);
	structured_append_sentence(out, view->metric);
	buffer_append_byte(out, ' ');
	*ret_middle = out->size;
	buffer_append_byte(out, ' ');
	structured_append_sentence(out, view->unit);
	*ret_tail = out->size;
}

static void append_sentence(
	struct buffer *to, const struct pieces *text, const struct rk_number *value)
{
	char *room = (char *)buffer_reserve(to, pieces_size(text) + NUMBER_TEXT_SIZE);
	char *at = room;

	if (!room)
		return;
	at = put(at, text->bytes, text->head);
	at = encoder_put_number(at, value);
	at = put(at, text->bytes + text->head, text->middle);
	buffer_advance(to, (size_t)(at - room));
}

static void *rfc5424_make(struct encoder *encoder, const struct known_source *source,
	const struct known_series *series)
{
	struct buffer out = { 0 };
	struct pieces *pieces;
	size_t middle, tail, rest;

	if (options_of(encoder)->sentences)
		begin_sentence(&out, &series->view, &middle, &tail);
	else
		json_record_begin(&out, source, series, &middle, &tail);
	rest = out.size;
	append_series(&out, encoder, source, series);
	pieces = pieces_end(&out, middle, tail);
	if (pieces)
		pieces_split(pieces, out.size - rest);
	return pieces;
}

static void rfc5424_sample(struct encoder *encoder, struct buffer *to,
	const struct known_series *series, const struct rk_sample *sample,
	int64_t observed_ns)
{
	const struct pieces *text = series->made;
	const char *confidence = encoder_confidence(series, sample);
	struct hash128 id = sample_id(&series->hash, sample->time_ns, sample->start_ns);
	size_t begin = begin_message(to);
	char *room = (char *)buffer_reserve(to, text->rest + LINE_MAX_REST), *at = room;

	if (!room)
		return;
	at = put_begin(encoder, at, SYSLOG_INFORMATIONAL, sample->time_ns);
	at = put(at, text->bytes + pieces_size(text), text->rest);
	at = encoder_put_number(at, &sample->value);
	at = PUT_TEXT(at, "\" confidence=\"");
	at = put(at, confidence, strlen(confidence));
	*at++ = '"';
	if (sample->flags & RK_PROVISIONAL)
		at = PUT_TEXT(at, " provisional=\"true\"");
	at = put_end(encoder, at, sample, observed_ns, &id);
	buffer_advance(to, (size_t)(at - room));
	if (options_of(encoder)->sentences) {
		append_sentence(to, text, &sample->value);
	} else {
		json_record_sample(encoder, to, series, sample, observed_ns);
		buffer_cut(to, to->size - 1);
	}
	end_message(to, begin);
}

/* ---- events ------------------------------------------------------------- */

static unsigned int event_severity(uint32_t severity)
{
	static const unsigned int codes[] = {
		[RK_LOW] = SYSLOG_NOTICE,
		[RK_MEDIUM] = SYSLOG_WARNING,
		[RK_HIGH] = SYSLOG_ERROR,
	};

	return severity < LENGTH(codes) ? codes[severity] : SYSLOG_NOTICE;
}

static void append_event_data(struct buffer *to, const struct known_source *source,
	const struct event_view *event)
{
	structured_append(to, "event", event->type);
	structured_append(to, "key", event->key);
	structured_append(to, "phase", slice_of(phase_name(event->phase)));
	structured_append(to, "severity", slice_of(severity_name(event->severity)));
	if (event->follow_up)
		structured_append(to, "follow_up", slice_of("true"));
	structured_append(to, "insight", event->insight);
	structured_append(to, "action", event->action);
	append_origin(to, source, source->view.tenant, event->labels, event->n_labels);
	structured_append_labels(to, 'd', event->details, event->n_details);
}

/* Appends what put_end and put_begin write. */
static void append_put(struct buffer *to, const char *from, const char *end)
{
	buffer_append(to, from, (size_t)(end - from));
}

static void append_event_sentence(struct buffer *to, const struct event_view *event)
{
	structured_append_sentence(to, event->insight);
	if (event->action.n > 0)
		buffer_append_byte(to, ' ');
	structured_append_sentence(to, event->action);
}

static void rfc5424_event(struct encoder *encoder, struct buffer *to,
	const struct known_source *source, const struct event_view *event,
	int64_t observed_ns)
{
	const struct rk_sample times = { .time_ns = event->time_ns,
		.start_ns = event->start_ns };
	size_t begin = begin_message(to);
	char room[LINE_MAX_REST];
	struct hash128 id;

	if (event_id(source->view.identity, event, &id) < 0) {
		to->failed = true;
		return;
	}
	append_put(to, room,
		put_begin(
			encoder, room, event_severity(event->severity), event->time_ns));
	append_header(encoder, to, source->view.host, event->type);
	append_event_data(to, source, event);
	append_put(to, room, put_end(encoder, room, &times, observed_ns, &id));
	if (options_of(encoder)->sentences) {
		append_event_sentence(to, event);
	} else {
		json_record_event(encoder, to, source, event, observed_ns);
		buffer_cut(to, to->size - 1);
	}
	end_message(to, begin);
}

const struct encoder_type encoder_rfc5424 = {
	.name = "rfc5424",
	.summary = "Syslog messages with structured data.",
	.version = 1,
	.media_type = "application/octet-stream",
	.makes_messages = true,
	.make = rfc5424_make,
	.sample = rfc5424_sample,
	.event = rfc5424_event,
};
