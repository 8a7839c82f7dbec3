/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that tells one series from another as one flat list of names and values: for
 * formats that have no other place for collector, host or tenant than beside labels.
 */
#ifndef ENCODE_TAGS_H
#define ENCODE_TAGS_H

#include "encoder.h"

#define TAGS_MAX (2 * SERIES_MAX_LABELS + 16)

struct tags {
	struct label items[TAGS_MAX];
	size_t n;
};

/* Adds a tag; one without a name or a value is left out. */
void tags_add(struct tags *tags, const char *name, struct slice value);

/* The labels with those that configuration adds. */
void tags_add_labels(struct tags *tags, const struct known_source *source,
	const struct label *own, size_t n_own);

/* Renames what has a name that flat formats use themselves: "host" becomes
 * "label.host" (tags.c has the names). */
void tags_make_way(struct tags *tags);

/* Collector, host, plugin and tenant. */
void tags_add_origin(
	struct tags *tags, const struct known_source *source, struct slice tenant);

/* Sorts by name; of two with the same name, the one that was added first stays. */
void tags_sort(struct tags *tags);

#endif
