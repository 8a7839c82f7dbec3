/* SPDX-License-Identifier: Apache-2.0 */
#include "shaping.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static bool has_label(const struct rk_map *labels, struct slice name)
{
	for (size_t i = 0; i < labels->n; i++) {
		if (slice_equal(slice_of(labels->items[i].name), name))
			return true;
	}
	return false;
}

/* The sink's labels become the source's, which win over those of series and events. A
 * source has room for both where the configuration that it is from still counts; else
 * the sink's come first. */
static void add_labels(const struct rk_map *labels, struct source_view *source)
{
	const struct source_view before = *source;
	size_t n = 0;

	for (size_t i = 0; i < labels->n && n < SERIES_MAX_LABELS; i++)
		source->labels[n++] = (struct label){ slice_of(labels->items[i].name),
			slice_of(labels->items[i].value) };
	for (size_t i = 0; i < before.n_labels && n < SERIES_MAX_LABELS; i++) {
		if (!has_label(labels, before.labels[i].name))
			source->labels[n++] = before.labels[i];
	}
	source->n_labels = n;
	labels_sort(source->labels, n);
}

void *shaping_make(struct encoder *encoder, const struct known_source *source,
	const struct known_series *series)
{
	char metric[SHAPING_MAX_PREFIX + SERIES_MAX_NAME + 1];
	struct known_source shaped_source = *source;
	struct known_series shaped = *series;

	if (encoder->labels.n > 0)
		add_labels(&encoder->labels, &shaped_source.view);
	if (encoder->prefix) {
		snprintf(metric, sizeof(metric), "%s%.*s", encoder->prefix,
			(int)series->view.metric.n, series->view.metric.at);
		shaped.view.metric = slice_of(metric);
	}
	/* It takes make, which copies what it needs, for a list of initial values. */
	/* cppcheck-suppress returnDanglingLifetime */
	return encoder->type->make(encoder, &shaped_source, &shaped);
}

void shaping_event(struct encoder *encoder, struct buffer *to,
	const struct known_source *source, const struct event_view *event,
	int64_t observed_ns)
{
	struct known_source shaped_source;

	if (encoder->labels.n == 0) {
		encoder->type->event(encoder, to, source, event, observed_ns);
		return;
	}
	shaped_source = *source;
	add_labels(&encoder->labels, &shaped_source.view);
	encoder->type->event(encoder, to, &shaped_source, event, observed_ns);
}

/* ---- the hash ---------------------------------------------------------- */

enum { HASH_PREFIX = 1, HASH_NAME, HASH_VALUE };

/* What a text is for stands in the key, and so does all that came before it. */
static uint64_t hash_text(uint64_t hash, uint64_t use, const char *text)
{
	const struct hash_key key = { { hash, use } };

	return siphash64(&key, text, strlen(text));
}

uint64_t shaping_hash(const struct encoder *encoder)
{
	uint64_t hash = 0;

	if (encoder->prefix)
		hash = hash_text(hash, HASH_PREFIX, encoder->prefix);
	for (size_t i = 0; i < encoder->labels.n; i++) {
		hash = hash_text(hash, HASH_NAME, encoder->labels.items[i].name);
		hash = hash_text(hash, HASH_VALUE, encoder->labels.items[i].value);
	}
	return hash;
}
