/* SPDX-License-Identifier: Apache-2.0 */
#include "json.h"

#include "json_record.h"

void json_array_begin(struct encoder *encoder, struct buffer *to)
{
	(void)encoder;
	buffer_append_byte(to, '[');
}

/* A comma instead of the byte that the item left. */
void json_array_next(struct buffer *to)
{
	if (!buffer_failed(to))
		to->data[to->size - 1] = ',';
}

void json_array_finish(struct encoder *encoder, struct buffer *body)
{
	(void)encoder;
	if (body->size > 1)
		buffer_cut(body, body->size - 1);
	buffer_append_byte(body, ']');
}

static void json_sample(struct encoder *encoder, struct buffer *to,
	const struct known_series *series, const struct rk_sample *sample,
	int64_t observed_ns)
{
	json_record_sample(encoder, to, series, sample, observed_ns);
	json_array_next(to);
}

static void json_event(struct encoder *encoder, struct buffer *to,
	const struct known_source *source, const struct event_view *event,
	int64_t observed_ns)
{
	json_record_event(encoder, to, source, event, observed_ns);
	json_array_next(to);
}

const struct encoder_type encoder_json = {
	.name = "json",
	.summary = "A JSON array of the same objects as ndjson.",
	.version = 1,
	.media_type = "application/json",
	.header = json_array_begin,
	.finish = json_array_finish,
	.make = json_record_make,
	.sample = json_sample,
	.event = json_event,
};
