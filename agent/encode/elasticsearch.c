/* SPDX-License-Identifier: Apache-2.0 */
#include "elasticsearch.h"

#include "base/number.h"
#include "bulk_answer.h"
#include "json_record.h"
#include "json_text.h"
#include "pieces.h"

#include <rookery/plugin.h>

/*
 * A line that says what to do and a line with the object that ndjson has. The id of the
 * fact is the document's, and the time at which this telling of it was observed is its
 * version: a later telling replaces an earlier one and never the other way round, and
 * what is sent again is the same version, which external_gte accepts.
 *
 * Data streams take the action create alone, which knows no versions, and want the time
 * under their own name:
 *
 *	{"create":{"_index":"metrics-mail","_id":"8d3a..."}}
 *	{"@timestamp":"2025-...","time":"2025-...",...}
 */

#define ACTION_MAX 200

enum action { ACTION_INDEX, ACTION_CREATE };

struct elasticsearch_options {
	const char *index;
	struct rk_choice action; /* enum action */
};

static const char *const actions[] = { "index", "create", NULL };

/* clang-format off */
static const struct rk_option elasticsearch_table[] = {
	{ .name = "index", RK_FIELD(struct elasticsearch_options, index),
	  .help = "The index or data stream; the one that the address names where it is "
		  "not set." },
	{ .name = "action", RK_FIELD(struct elasticsearch_options, action),
	  .preset = "index", .choices = actions,
	  .help = "'index': a fact that is told again replaces its first telling; "
		  "'create': the first one stays, and each document has its time as "
		  "'@timestamp', as data streams want it." },
};
/* clang-format on */

static const struct elasticsearch_options *options_of(const struct encoder *encoder)
{
	static const struct elasticsearch_options none = { 0 };

	return encoder->options ? encoder->options : &none;
}

static char *put_version(char *to, int64_t observed_ns)
{
	to = PUT_TEXT(to, ",\"version\":");
	to = integer_to_text(to, observed_ns);
	return PUT_TEXT(to, ",\"version_type\":\"external_gte\"");
}

static void append_action(const struct encoder *encoder, struct buffer *to,
	const struct hash128 *id, int64_t observed_ns)
{
	const struct elasticsearch_options *options = options_of(encoder);
	bool creates = options->action.index == ACTION_CREATE;
	char *room, *at;

	buffer_append_text(to, creates ? "{\"create\":{" : "{\"index\":{");
	if (options->index) {
		buffer_append_text(to, "\"_index\":");
		json_append_text(to, slice_of(options->index));
		buffer_append_byte(to, ',');
	}
	at = room = (char *)buffer_reserve(to, ACTION_MAX);
	if (!room)
		return;
	at = PUT_TEXT(at, "\"_id\":\"");
	at = encoder_put_id(at, id);
	*at++ = '"';
	if (!creates)
		at = put_version(at, observed_ns);
	at = PUT_TEXT(at, "}}\n");
	buffer_advance(to, (size_t)(at - room));
}

/* What a document begins with before the record. */
static void append_timestamp(struct encoder *encoder, struct buffer *to, int64_t time_ns)
{
	char *room, *at;

	if (options_of(encoder)->action.index != ACTION_CREATE)
		return;
	at = room = (char *)buffer_reserve(to, ACTION_MAX);
	if (!room)
		return;
	at = PUT_TEXT(at, "{\"@timestamp\":\"");
	at = encoder_put_time(&encoder->seconds[0], &encoder->time, at, time_ns);
	*at++ = '"';
	buffer_advance(to, (size_t)(at - room));
}

/* The record goes on with what stands before it, if anything does. */
static void join(struct buffer *to, size_t document, size_t record)
{
	if (!buffer_failed(to) && record > document)
		to->data[record] = ',';
}

static void elasticsearch_sample(struct encoder *encoder, struct buffer *to,
	const struct known_series *series, const struct rk_sample *sample,
	int64_t observed_ns)
{
	struct hash128 id = sample_id(&series->hash, sample->time_ns, sample->start_ns);
	size_t document, record;

	append_action(encoder, to, &id, observed_ns);
	document = to->size;
	append_timestamp(encoder, to, sample->time_ns);
	record = to->size;
	json_record_sample(encoder, to, series, sample, observed_ns);
	join(to, document, record);
}

static void elasticsearch_event(struct encoder *encoder, struct buffer *to,
	const struct known_source *source, const struct event_view *event,
	int64_t observed_ns)
{
	struct hash128 id;
	size_t document, record;

	if (event_id(source->view.identity, event, &id) < 0) {
		to->failed = true;
		return;
	}
	append_action(encoder, to, &id, observed_ns);
	document = to->size;
	append_timestamp(encoder, to, event->time_ns);
	record = to->size;
	json_record_event(encoder, to, source, event, observed_ns);
	join(to, document, record);
}

const struct encoder_type encoder_elasticsearch = {
	.name = "elasticsearch",
	.summary = "Bulk requests for Elasticsearch and OpenSearch.",
	.version = 1,
	.media_type = "application/x-ndjson",
	.options = elasticsearch_table,
	.n_options = RK_LEN(elasticsearch_table),
	.options_size = sizeof(struct elasticsearch_options),
	.read_answer = bulk_answer_read,
	.make = json_record_make,
	.sample = elasticsearch_sample,
	.event = elasticsearch_event,
};
