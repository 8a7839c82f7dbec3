/* SPDX-License-Identifier: Apache-2.0 */
#include "posthog.h"

#include "json_record.h"
#include "json_text.h"
#include "pieces.h"
#include "store_answer.h"

#include <jansson.h>
#include <rookery/plugin.h>

/*
 * One body is one request: the project's key, which PostHog wants nowhere else, and an
 * event for each record.
 *
 *	{"api_key":"phc_...","batch":[
 *	{"uuid":"8d3a0c55-....[","event":"a.b","distinct_id":"mx1/c","timestamp":"]
 *	2025-...","properties":{"$process_person_profile":false,"time":...}},...]}
 *
 * Its properties are the object that ndjson has. PostHog keeps one of several events of
 * the same day, uuid, name and distinct_id. No event is a person's.
 */

#define EVENT_MAX_REST 160

struct posthog_options {
	struct rk_secret api_key;
	const char *distinct_id, *event;
};

/* clang-format off */
static const struct rk_option posthog_table[] = {
	{ .name = "api_key", RK_FIELD(struct posthog_options, api_key),
	  .flags = RK_REQUIRED,
	  .help = "The project's API key (phc_...), which stands in each request." },
	{ .name = "distinct_id", RK_FIELD(struct posthog_options, distinct_id),
	  .help = "Whose events these are; the collector's identity, such as mx1/host, "
		  "where it is not set." },
	{ .name = "event", RK_FIELD(struct posthog_options, event),
	  .help = "The name of the event that a sample becomes; its metric's name where "
		  "it is not set. Events have their type for a name." },
};
/* clang-format on */

static const struct posthog_options *options_of(const struct encoder *encoder)
{
	static const struct posthog_options none = { 0 };

	return encoder->options ? encoder->options : &none;
}

/* The id's 128 bits but for six of them, as a UUID of version 8 (RFC 9562, section 5.8):
 * not every 128 bits are one, and PostHog refuses what is none. */
static char *put_uuid(char *to, const struct hash128 *id)
{
	static const char variants[] = "89ab";
	char digits[32];
	unsigned int at;

	encoder_put_id(digits, id);
	digits[12] = '8';
	at = (unsigned int)(digits[16] <= '9' ? digits[16] - '0' : digits[16] - 'a' + 10);
	digits[16] = variants[at & 3];
	for (size_t i = 0; i < sizeof(digits); i++) {
		if (i == 8 || i == 12 || i == 16 || i == 20)
			*to++ = '-';
		*to++ = digits[i];
	}
	return to;
}

static void append_context(const struct encoder *encoder, struct buffer *to,
	const struct known_source *source, struct slice name)
{
	const char *distinct_id = options_of(encoder)->distinct_id;

	buffer_append_text(to, "\",\"event\":");
	json_append_text(to, name);
	buffer_append_text(to, ",\"distinct_id\":");
	json_append_text(to, distinct_id ? slice_of(distinct_id) : source->view.identity);
	buffer_append_text(to, ",\"timestamp\":\"");
}

static char *put_begin(char *to, const struct hash128 *id)
{
	to = PUT_TEXT(to, "{\"uuid\":\"");
	return put_uuid(to, id);
}

static char *put_end(struct encoder *encoder, char *to, int64_t time_ns)
{
	to = encoder_put_time(&encoder->seconds[0], &encoder->time, to, time_ns);
	return PUT_TEXT(to, "\",\"properties\":{\"$process_person_profile\":false");
}

/* The record that begins there goes on with what stands before it; the newline behind it
 * becomes the event's end. */
static void end_event(struct buffer *to, size_t record)
{
	if (buffer_failed(to))
		return;
	to->data[record] = ',';
	to->data[to->size - 1] = '}';
	buffer_append_byte(to, ',');
}

static void *posthog_make(struct encoder *encoder, const struct known_source *source,
	const struct known_series *series)
{
	const char *name = options_of(encoder)->event;
	struct buffer out = { 0 };
	struct pieces *pieces;
	size_t middle, tail, context;

	json_record_begin(&out, source, series, &middle, &tail);
	context = out.size;
	append_context(
		encoder, &out, source, name ? slice_of(name) : series->view.metric);
	pieces = pieces_end(&out, middle, tail);
	if (pieces)
		pieces_split(pieces, out.size - context);
	return pieces;
}

static void posthog_sample(struct encoder *encoder, struct buffer *to,
	const struct known_series *series, const struct rk_sample *sample,
	int64_t observed_ns)
{
	const struct pieces *text = series->made;
	struct hash128 id = sample_id(&series->hash, sample->time_ns, sample->start_ns);
	char *room = (char *)buffer_reserve(to, text->rest + EVENT_MAX_REST);
	char *at = room;
	size_t record;

	if (!room)
		return;
	at = put_begin(at, &id);
	at = put(at, text->bytes + pieces_size(text), text->rest);
	at = put_end(encoder, at, sample->time_ns);
	buffer_advance(to, (size_t)(at - room));
	record = to->size;
	json_record_sample(encoder, to, series, sample, observed_ns);
	end_event(to, record);
}

static void posthog_event(struct encoder *encoder, struct buffer *to,
	const struct known_source *source, const struct event_view *event,
	int64_t observed_ns)
{
	char *room = (char *)buffer_reserve(to, EVENT_MAX_REST);
	struct hash128 id;
	size_t record;

	if (!room || event_id(source->view.identity, event, &id) < 0) {
		to->failed = true;
		return;
	}
	buffer_advance(to, (size_t)(put_begin(room, &id) - room));
	append_context(encoder, to, source, event->type);
	room = (char *)buffer_reserve(to, EVENT_MAX_REST);
	if (!room)
		return;
	buffer_advance(to, (size_t)(put_end(encoder, room, event->time_ns) - room));
	record = to->size;
	json_record_event(encoder, to, source, event, observed_ns);
	end_event(to, record);
}

static void posthog_header(struct encoder *encoder, struct buffer *to)
{
	const char *key = options_of(encoder)->api_key.text;

	buffer_append_text(to, "{\"api_key\":");
	json_append_text(to, slice_of(key ? key : ""));
	buffer_append_text(to, ",\"batch\":[");
}

static void posthog_finish(struct encoder *encoder, struct buffer *body)
{
	(void)encoder;
	if (!buffer_failed(body) && body->data[body->size - 1] == ',')
		buffer_cut(body, body->size - 1);
	buffer_append_text(body, "]}");
}

static bool names_events(const json_t *products)
{
	bool found = false;

	for (size_t i = 0; i < json_array_size(products); i++) {
		const char *name = json_string_value(json_array_get(products, i));

		found |= name && strcmp(name, "events") == 0;
	}
	return found;
}

/* Beyond its quota PostHog drops what it gets, with status 200 and a list of what is
 * limited: {"status":"Ok","quota_limited":["events"]}. Other bodies say nothing. */
static void posthog_read_answer(const char *body, size_t n, bool is_whole,
	uint32_t n_records, struct store_answer *ret_answer)
{
	json_t *root = is_whole ? json_loadb(body, n, 0, NULL) : NULL;

	(void)n_records;
	*ret_answer = (struct store_answer){ .verdict = STORE_TOOK };
	if (names_events(json_object_get(root, "quota_limited")) ||
		names_events(json_object_get(root, "quotaLimited"))) {
		ret_answer->verdict = STORE_SHUT;
		ret_answer->why = "PostHog drops events beyond its quota";
	}
	json_decref(root);
}

const struct encoder_type encoder_posthog = {
	.name = "posthog",
	.summary = "PostHog's batch capture.",
	.version = 1,
	.media_type = "application/json",
	.options = posthog_table,
	.n_options = RK_LEN(posthog_table),
	.options_size = sizeof(struct posthog_options),
	.read_answer = posthog_read_answer,
	.header = posthog_header,
	.finish = posthog_finish,
	.make = posthog_make,
	.sample = posthog_sample,
	.event = posthog_event,
};
