/* SPDX-License-Identifier: Apache-2.0 */
#include "cloudevents.h"

#include "base/number.h"
#include "json.h"
#include "json_record.h"
#include "json_text.h"
#include "pieces.h"

#include <rookery/plugin.h>

/*
 * Source and id must be unique for each telling: the fact's id and when the agent took
 * this telling of it over. What is sent again has both as before.
 *
 *	{"specversion":"1.0","id":"8d3a....1763...[","source":"/mx1/c",...,"time":"]
 *	2025-...","datacontenttype":"application/json","data":{...}}
 */

#define ENVELOPE_MAX_REST 160

enum mode { MODE_BATCHED, MODE_STRUCTURED };

struct cloudevents_options {
	struct rk_choice mode; /* enum mode */
	const char *source;
};

static const char *const modes[] = { "batched", "structured", NULL };

/* clang-format off */
static const struct rk_option cloudevents_table[] = {
	{ .name = "mode", RK_FIELD(struct cloudevents_options, mode),
	  .preset = "batched", .choices = modes,
	  .help = "'batched': an array of events in each request; 'structured': one event "
		  "in each, for receivers that take no batches." },
	{ .name = "source", RK_FIELD(struct cloudevents_options, source),
	  .help = "What each source begins with, such as https://example.org/rookery; "
		  "'/' and the collector's identity follow." },
};
/* clang-format on */

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c && strchr("-._~/", c));
}

/* What is configured, but for what a URI cannot have (RFC 3986, section 2). */
static void append_base(struct buffer *to, const char *base)
{
	size_t n = strlen(base);

	while (n > 0 && base[n - 1] == '/')
		n--;
	for (size_t i = 0; i < n; i++) {
		if (is_unreserved(base[i]) || strchr(":?#[]@!$&'()*+,;=%", base[i]))
			buffer_append_byte(to, (uint8_t)base[i]);
		else
			buffer_append_format(to, "%%%02X", (uint8_t)base[i]);
	}
}

/* The identity as the path of a URI reference (RFC 3986, section 4.2). */
static void append_source(
	const struct encoder *encoder, struct buffer *to, struct slice identity)
{
	const struct cloudevents_options *options = encoder->options;

	if (options && options->source)
		append_base(to, options->source);
	buffer_append_byte(to, '/');
	for (size_t i = 0; i < identity.n; i++) {
		/* A double slash at the beginning would name a host. */
		if (is_unreserved(identity.at[i]) && (i > 0 || identity.at[i] != '/'))
			buffer_append_byte(to, (uint8_t)identity.at[i]);
		else
			buffer_append_format(to, "%%%02X", (uint8_t)identity.at[i]);
	}
}

/* What all events of a series have between id and time; subject may be empty. */
struct context {
	const char *type;
	struct slice more; /* of the type */
	struct slice subject;
};

static void append_context(const struct encoder *encoder, struct buffer *to,
	const struct known_source *source, const struct context *context)
{
	const struct slice subject = context->subject;

	buffer_append_text(to, "\",\"source\":\"");
	append_source(encoder, to, source->view.identity);
	buffer_append_format(to, "\",\"type\":\"%s", context->type);
	buffer_append(to, context->more.at, context->more.n);
	buffer_append_byte(to, '"');
	if (subject.n > 0) {
		buffer_append_text(to, ",\"subject\":");
		json_append_text(to, subject);
	}
	buffer_append_text(to, ",\"time\":\"");
}

static char *put_begin(char *to, const struct hash128 *id, int64_t observed_ns)
{
	to = PUT_TEXT(to, "{\"specversion\":\"1.0\",\"id\":\"");
	to = encoder_put_id(to, id);
	*to++ = '.';
	return integer_to_text(to, observed_ns);
}

static char *put_end(struct encoder *encoder, char *to, int64_t time_ns)
{
	to = encoder_put_time(&encoder->seconds[0], &encoder->time, to, time_ns);
	return PUT_TEXT(to, "\",\"datacontenttype\":\"application/json\",\"data\":");
}

/* The newline behind data becomes the end of the event. */
static void end_event(struct buffer *to)
{
	if (!buffer_failed(to))
		to->data[to->size - 1] = '}';
	buffer_append_byte(to, '\n');
	json_array_next(to);
}

static void *cloudevents_make(struct encoder *encoder, const struct known_source *source,
	const struct known_series *series)
{
	const struct context context = { "rookery.sample", { "", 0 },
		series->view.metric };
	struct buffer out = { 0 };
	struct pieces *pieces;
	size_t middle, tail, data;

	json_record_begin(&out, source, series, &middle, &tail);
	data = out.size;
	append_context(encoder, &out, source, &context);
	pieces = pieces_end(&out, middle, tail);
	if (pieces)
		pieces_split(pieces, out.size - data);
	return pieces;
}

static void cloudevents_sample(struct encoder *encoder, struct buffer *to,
	const struct known_series *series, const struct rk_sample *sample,
	int64_t observed_ns)
{
	const struct pieces *text = series->made;
	struct hash128 id = sample_id(&series->hash, sample->time_ns, sample->start_ns);
	char *room = (char *)buffer_reserve(to, text->rest + ENVELOPE_MAX_REST);
	char *at = room;

	if (!room)
		return;
	at = put_begin(at, &id, observed_ns);
	at = put(at, text->bytes + pieces_size(text), text->rest);
	at = put_end(encoder, at, sample->time_ns);
	buffer_advance(to, (size_t)(at - room));
	json_record_sample(encoder, to, series, sample, observed_ns);
	end_event(to);
}

static void append_begin(struct encoder *encoder, struct buffer *to,
	const struct known_source *source, const struct event_view *event,
	int64_t observed_ns)
{
	const struct context context = { "rookery.event.", event->type, event->key };
	char *room = (char *)buffer_reserve(to, ENVELOPE_MAX_REST);
	struct hash128 id;

	if (!room || event_id(source->view.identity, event, &id) < 0) {
		to->failed = true;
		return;
	}
	buffer_advance(to, (size_t)(put_begin(room, &id, observed_ns) - room));
	append_context(encoder, to, source, &context);
	room = (char *)buffer_reserve(to, ENVELOPE_MAX_REST);
	if (room)
		buffer_advance(
			to, (size_t)(put_end(encoder, room, event->time_ns) - room));
}

static void cloudevents_event(struct encoder *encoder, struct buffer *to,
	const struct known_source *source, const struct event_view *event,
	int64_t observed_ns)
{
	append_begin(encoder, to, source, event, observed_ns);
	json_record_event(encoder, to, source, event, observed_ns);
	end_event(to);
}

/* One event alone: what the array has behind it goes. */
static void structured_finish(struct encoder *encoder, struct buffer *body)
{
	(void)encoder;
	if (body->size > 0)
		buffer_cut(body, body->size - 1);
}

static const struct encoder_type structured = {
	.name = "cloudevents",
	.version = 1,
	.media_type = "application/cloudevents+json; charset=utf-8",
	.max_records = 1,
	.finish = structured_finish,
	.make = cloudevents_make,
	.sample = cloudevents_sample,
	.event = cloudevents_event,
};

static const struct encoder_type *cloudevents_variant(const void *options)
{
	const struct cloudevents_options *cloudevents = options;

	return cloudevents->mode.index == MODE_STRUCTURED ? &structured
							  : &encoder_cloudevents;
}

const struct encoder_type encoder_cloudevents = {
	.name = "cloudevents",
	.summary = "CloudEvents 1.0, batches of JSON events or one in each request.",
	.version = 1,
	.options = cloudevents_table,
	.n_options = RK_LEN(cloudevents_table),
	.options_size = sizeof(struct cloudevents_options),
	.variant = cloudevents_variant,
	.media_type = "application/cloudevents-batch+json; charset=utf-8",
	.header = json_array_begin,
	.finish = json_array_finish,
	.make = cloudevents_make,
	.sample = cloudevents_sample,
	.event = cloudevents_event,
};
