/* SPDX-License-Identifier: Apache-2.0 */
#include "elasticsearch.h"

#include "base/number.h"
#include "json_record.h"
#include "pieces.h"

/*
 * A line that says what to do and a line with the object that ndjson has. The id of the
 * fact is the document's, and the time at which this telling of it was observed is its
 * version: a later telling replaces an earlier one and never the other way round, and
 * what is sent again is the same version, which external_gte accepts.
 */

#define ACTION_MAX 160

static void append_action(
	struct buffer *to, const struct hash128 *id, int64_t observed_ns)
{
	char *room = (char *)buffer_reserve(to, ACTION_MAX), *at = room;

	if (!room)
		return;
	at = PUT_TEXT(at, "{\"index\":{\"_id\":\"");
	at = encoder_put_id(at, id);
	at = PUT_TEXT(at, "\",\"version\":");
	at = integer_to_text(at, observed_ns);
	at = PUT_TEXT(at, ",\"version_type\":\"external_gte\"}}\n");
	buffer_advance(to, (size_t)(at - room));
}

static void elasticsearch_sample(struct encoder *encoder, struct buffer *to,
	const struct known_series *series, const struct rk_sample *sample,
	int64_t observed_ns)
{
	struct hash128 id = sample_id(&series->hash, sample->time_ns, sample->start_ns);

	append_action(to, &id, observed_ns);
	json_record_sample(encoder, to, series, sample, observed_ns);
}

static void elasticsearch_event(struct encoder *encoder, struct buffer *to,
	const struct known_source *source, const struct event_view *event,
	int64_t observed_ns)
{
	struct hash128 id;

	if (event_id(source->view.identity, event, &id) < 0) {
		to->failed = true;
		return;
	}
	append_action(to, &id, observed_ns);
	json_record_event(encoder, to, source, event, observed_ns);
}

const struct encoder_type encoder_elasticsearch = {
	.name = "elasticsearch",
	.summary = "Bulk requests for Elasticsearch and OpenSearch.",
	.version = 1,
	.media_type = "application/x-ndjson",
	.make = json_record_make,
	.sample = elasticsearch_sample,
	.event = elasticsearch_event,
};
