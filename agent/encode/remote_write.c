/* SPDX-License-Identifier: Apache-2.0 */
#include "remote_write.h"

#include "base/cleanup.h"
#include "base/macros.h"
#include "base/utf8.h"
#include "pieces.h"
#include "protobuf.h"
#include "shaping.h"
#include "tags.h"

#include <snappy-c.h>

/*
 * A body is a WriteRequest of one TimeSeries for each sample, in their order. All but
 * the sample itself is made once a series:
 *
 *	WriteRequest { repeated TimeSeries timeseries = 1; }
 *	TimeSeries   { repeated Label labels = 1; repeated Sample samples = 2; }
 *	Label        { string name = 1, value = 2; }
 *	Sample       { double value = 1; int64 timestamp = 2; } in milliseconds
 *
 * There are no events in it, and no deltas: those are what a gauge is.
 */

/* A metric's, with what a sink puts in front; tags.c puts less in front of labels'. */
#define NAME_MAX_SIZE    (SHAPING_MAX_PREFIX + SERIES_MAX_NAME + 1)
#define SAMPLE_MAX_BYTES 64

/* ---- names ------------------------------------------------------------- */

/* [a-zA-Z_][a-zA-Z0-9_]*: dots, and all else that may not stand there, become '_'. */
static struct slice legal_name(char *room, struct slice name)
{
	size_t n = MIN(name.n, (size_t)NAME_MAX_SIZE - 1), at = 0;

	if (n > 0 && name.at[0] >= '0' && name.at[0] <= '9')
		room[at++] = '_';
	for (size_t i = 0; i < n; i++) {
		char c = name.at[i];
		bool legal = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9');

		room[at++] = legal ? c : '_';
	}
	return (struct slice){ room, at };
}

static void append_label(struct buffer *to, struct slice name, struct slice value)
{
	size_t begin = to->size;

	protobuf_append_text(to, 1, name);
	protobuf_append_text(to, 2, value);
	protobuf_wrap(to, 1, begin);
}

/* Appends the label at i and those behind it that got the same name: their values are
 * joined, as OpenTelemetry has it for Prometheus. Returns the next one. */
static size_t append_joined(struct buffer *to, const struct tags *tags, size_t i)
{
	CLEANUP(buffer_finish) struct buffer joined = { 0 };
	struct slice name = tags->items[i].name;
	size_t first = i;

	while (++i < tags->n && slice_equal(tags->items[i].name, name)) {
		if (joined.size == 0)
			buffer_append(&joined, tags->items[first].value.at,
				tags->items[first].value.n);
		buffer_append_byte(&joined, ';');
		buffer_append(&joined, tags->items[i].value.at, tags->items[i].value.n);
	}
	if (i == first + 1)
		append_label(to, name, tags->items[first].value);
	else
		append_label(to, name,
			(struct slice){ (const char *)joined.data, joined.size });
	if (buffer_failed(&joined))
		to->failed = true;
	return i;
}

static void append_labels(struct buffer *to, struct slice metric, struct tags *tags)
{
	char names[TAGS_MAX][NAME_MAX_SIZE], metric_name[NAME_MAX_SIZE];

	/* Sorted by their own names first, so that values are joined in that order. */
	tags_sort(tags);
	for (size_t i = 0; i < tags->n; i++)
		tags->items[i].name = legal_name(names[i], tags->items[i].name);
	labels_sort(tags->items, tags->n);
	append_label(to, slice_of("__name__"), legal_name(metric_name, metric));
	for (size_t i = 0; i < tags->n;)
		i = append_joined(to, tags, i);
}

/* ---- samples ----------------------------------------------------------- */

static void *remote_write_make(struct encoder *encoder, const struct known_source *source,
	const struct known_series *series)
{
	const struct series_view *view = &series->view;
	struct tags tags = { .n = 0 };
	struct buffer out = { 0 };

	(void)encoder;
	pieces_begin(&out);
	tags_add_labels(&tags, source, view->labels, view->n_labels);
	tags_make_way(&tags);
	tags_add_origin(&tags, source, encoder_tenant(source, series));
	tags_add(&tags, "confidence", slice_of(confidence_name(view->confidence)));
	tags_add(&tags, "kind", slice_of(kind_name(view->kind)));
	tags_add(&tags, "unit", view->unit);
	append_labels(&out, view->metric, &tags);
	return pieces_end(&out, out.size, out.size);
}

static int64_t floor_ms(int64_t ns)
{
	return ns / NS_PER_MS - (ns % NS_PER_MS < 0);
}

static void remote_write_sample(struct encoder *encoder, struct buffer *to,
	const struct known_series *series, const struct rk_sample *sample,
	int64_t observed_ns)
{
	const struct pieces *labels = series->made;
	uint64_t ms = (uint64_t)floor_ms(sample->time_ns);
	size_t size = 1 + 8 + 1 + varint_size(ms); /* a double and a varint */
	uint8_t *room = buffer_reserve(to, labels->head + SAMPLE_MAX_BYTES), *at = room;

	(void)encoder;
	(void)observed_ns;
	if (!room)
		return;
	at = protobuf_put_head(at, 1, labels->head + protobuf_head_size(size) + size);
	memcpy(at, labels->bytes, labels->head);
	at = protobuf_put_head(at + labels->head, 2, size);
	at = protobuf_put_double(at, 1, encoder_real(&sample->value));
	at = protobuf_put_varint(at, 2, ms);
	buffer_advance(to, (size_t)(at - room));
}

static void remote_write_finish(struct encoder *encoder, struct buffer *body)
{
	struct buffer packed = { .limit = body->limit };
	size_t size = snappy_max_compressed_length(body->size);
	uint8_t *room = buffer_reserve(&packed, size);

	(void)encoder;
	if (!room || buffer_failed(body) ||
		snappy_compress((const char *)body->data, body->size, (char *)room,
			&size) != SNAPPY_OK) {
		body->failed = true;
		buffer_finish(&packed);
		return;
	}
	buffer_advance(&packed, size);
	buffer_finish(body);
	*body = packed;
}

static const char *const headers[] = {
	"Content-Encoding: snappy",
	"X-Prometheus-Remote-Write-Version: 0.1.0",
	NULL,
};

/* What Prometheus, and those that are made of it, say of samples that are older than
 * what they have, restated, or beyond their window; Mimir's have names. */
static const char *const outdated[] = { "out of order", "duplicate sample",
	"out of bounds", "too old", "err-mimir-sample-out-of-order",
	"err-mimir-sample-duplicate-timestamp", "err-mimir-sample-timestamp-too-old",
	NULL };

const struct encoder_type encoder_remote_write = {
	.name = "prometheus_remote_write",
	.summary = "Prometheus remote write 1.0; events are left out.",
	.version = 1,
	.outdated = outdated,
	.media_type = "application/x-protobuf",
	.headers = headers,
	.finish = remote_write_finish,
	.make = remote_write_make,
	.sample = remote_write_sample,
};
