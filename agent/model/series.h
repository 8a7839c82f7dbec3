/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a series is and whose: definitions in packed form, and the hash that
 * sample ids are made from.
 *
 * A source is one started instance of a collector. A series is a metric with a
 * fixed set of labels, of one source. Both are packed once, when they come up;
 * the packed bytes are the key for looking a series up, what the journal writes
 * in front of the first sample, and what readers decode.
 */
#ifndef MODEL_SERIES_H
#define MODEL_SERIES_H

#include "base/checksum.h"
#include "base/pack.h"

#include <rookery/plugin.h>
#include <stdint.h>

#define SERIES_MAX_LABELS      32   /* rookery/plugin.h: rk_host.series */
#define SERIES_MAX_LABEL_VALUE 1024 /* bytes */
#define SERIES_MAX_NAME        64   /* bytes of a metric's or a label's name */
#define SERIES_MAX_NUMBER      (1u << 20)

struct label {
	struct slice name, value;
};

/* A definition unpacked: borrowed from the packed bytes. */
struct source_view {
	struct slice host, collector, identity, plugin, tenant;
	struct label labels[SERIES_MAX_LABELS]; /* what configuration adds */
	size_t n_labels;
};

struct series_view {
	struct slice metric, unit;
	struct slice tenant; /* empty: the source's */
	uint32_t kind, confidence;
	struct label labels[SERIES_MAX_LABELS]; /* sorted by name */
	size_t n_labels;
};

void source_pack(struct buffer *to, const struct source_view *source);
void series_pack(struct buffer *to, const struct series_view *series);

/* 0, or -EBADMSG where the bytes are no such definition. */
int source_unpack(const void *bytes, size_t n, struct source_view *ret_source);
int series_unpack(const void *bytes, size_t n, struct series_view *ret_series);

/* Names and values one after the other; at most SERIES_MAX_LABELS are read. */
void labels_pack(struct buffer *to, const struct label *labels, size_t n);
size_t labels_unpack(struct unpack *from, struct label *labels);

/* Sorts labels by name; false where a name occurs twice. */
bool labels_sort(struct label *labels, size_t n);

/*
 * Ids. A sample's is SipHash-2-4-128 of its time and start (two 64-bit
 * little-endian integers of nanoseconds) under the key of its series; that key
 * is SipHash-2-4-128, under a fixed key, of identity, metric, kind, unit and
 * the series' own labels with its tenant as one of them. docs/DATA-MODEL.md has
 * the exact bytes, so that others can make the same ids. 0 or -ENOMEM.
 */
int series_hash(struct slice identity, const struct series_view *series,
	struct hash128 *ret_hash);

static inline struct hash128 sample_id(
	const struct hash128 *series, int64_t time_ns, int64_t start_ns)
{
	struct hash_key key = { { series->words[0], series->words[1] } };

	return siphash128_pair(&key, (uint64_t)time_ns, (uint64_t)start_ns);
}

#endif
