/* SPDX-License-Identifier: Apache-2.0 */
#include "series.h"

#include "base/cleanup.h"

#include <errno.h>

/* "rookery.sample.1" in little-endian order. */
static const struct hash_key series_hash_key = {
	{ UINT64_C(0x2e7972656b6f6f72), UINT64_C(0x312e656c706d6173) },
};

static int slice_compare(struct slice a, struct slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n > 0 ? memcmp(a.at, b.at, n) : 0;

	if (order != 0)
		return order;
	return (a.n > b.n) - (a.n < b.n);
}

bool labels_sort(struct label *labels, size_t n)
{
	/* There are few, and most come sorted. */
	for (size_t i = 1; i < n; i++) {
		struct label label = labels[i];
		size_t at = i;

		while (at > 0 && slice_compare(labels[at - 1].name, label.name) > 0) {
			labels[at] = labels[at - 1];
			at--;
		}
		labels[at] = label;
	}
	for (size_t i = 1; i < n; i++) {
		if (slice_equal(labels[i - 1].name, labels[i].name))
			return false;
	}
	return true;
}

void labels_pack(struct buffer *to, const struct label *labels, size_t n)
{
	pack_unsigned(to, n);
	for (size_t i = 0; i < n; i++) {
		pack_slice(to, labels[i].name);
		pack_slice(to, labels[i].value);
	}
}

size_t labels_unpack(struct unpack *from, struct label *labels)
{
	size_t n = (size_t)unpack_up_to(from, SERIES_MAX_LABELS);

	for (size_t i = 0; i < n; i++) {
		labels[i].name = unpack_slice(from);
		labels[i].value = unpack_slice(from);
	}
	return n;
}

void source_pack(struct buffer *to, const struct source_view *source)
{
	pack_slice(to, source->host);
	pack_slice(to, source->collector);
	pack_slice(to, source->identity);
	pack_slice(to, source->plugin);
	pack_slice(to, source->tenant);
	labels_pack(to, source->labels, source->n_labels);
}

int source_unpack(const void *bytes, size_t n, struct source_view *ret_source)
{
	struct unpack from = unpack_start(bytes, n);
	struct source_view source;

	source.host = unpack_slice(&from);
	source.collector = unpack_slice(&from);
	source.identity = unpack_slice(&from);
	source.plugin = unpack_slice(&from);
	source.tenant = unpack_slice(&from);
	source.n_labels = labels_unpack(&from, source.labels);
	if (from.failed || from.at != from.end)
		return -EBADMSG;
	*ret_source = source;
	return 0;
}

void series_pack(struct buffer *to, const struct series_view *series)
{
	buffer_append_byte(to, (uint8_t)series->kind);
	buffer_append_byte(to, (uint8_t)series->confidence);
	pack_slice(to, series->metric);
	pack_slice(to, series->unit);
	pack_slice(to, series->tenant);
	labels_pack(to, series->labels, series->n_labels);
}

int series_unpack(const void *bytes, size_t n, struct series_view *ret_series)
{
	struct unpack from = unpack_start(bytes, n);
	struct series_view series;

	series.kind = unpack_byte(&from);
	series.confidence = unpack_byte(&from);
	series.metric = unpack_slice(&from);
	series.unit = unpack_slice(&from);
	series.tenant = unpack_slice(&from);
	series.n_labels = labels_unpack(&from, series.labels);
	if (from.failed || from.at != from.end || series.kind > RK_CUMULATIVE ||
		series.confidence > RK_DIRECTIONAL)
		return -EBADMSG;
	*ret_series = series;
	return 0;
}

int series_hash(
	struct slice identity, const struct series_view *series, struct hash128 *ret_hash)
{
	CLEANUP(buffer_finish) struct buffer message = { 0 };
	struct label labels[SERIES_MAX_LABELS + 1];
	size_t n = series->n_labels;

	memcpy(labels, series->labels, n * sizeof(*labels));
	if (series->tenant.n > 0) {
		labels[n++] = (struct label){ slice_of("tenant"), series->tenant };
		labels_sort(labels, n);
	}
	pack_slice(&message, identity);
	pack_slice(&message, series->metric);
	buffer_append_byte(&message, (uint8_t)series->kind);
	pack_slice(&message, series->unit);
	labels_pack(&message, labels, n);
	if (buffer_failed(&message))
		return -ENOMEM;
	*ret_hash = siphash128(&series_hash_key, message.data, message.size);
	return 0;
}
