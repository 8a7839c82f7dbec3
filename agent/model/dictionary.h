/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a reader of frames knows: the sources and series that were defined up to
 * here. Each series carries its hash and a place for what a reader makes of it,
 * such as an encoder's text.
 */
#ifndef MODEL_DICTIONARY_H
#define MODEL_DICTIONARY_H

#include "frame.h"

/* Whether a reader takes a series, where it does not take all of them. */
enum selection { SELECTION_UNKNOWN, SELECTION_TAKEN, SELECTION_LEFT_OUT };

struct known_series {
	struct hash128 hash;
	char *packed; /* owned; view points into it */
	struct series_view view;
	void *made; /* the reader's, freed with dictionary.forget; NULL at first */
	enum selection selection; /* the reader's; unknown at first */
};

struct known_source {
	char *packed; /* owned; view points into it */
	struct source_view view;
	struct known_series **series; /* by number; NULL where not defined */
	size_t n_series;
};

struct dictionary {
	struct known_source **sources; /* by number; NULL where not defined */
	size_t n_sources;
	/* Frees known_series.made; may be NULL. */
	void (*forget)(void *context, void *made);
	void *context;
};

/* Forgets all; the dictionary can be used again. */
void dictionary_clear(struct dictionary *dictionary);

/* Learns what the frame defines; a number that is defined anew replaces what it
 * was. 0, -EBADMSG or -ENOMEM; what was learned up to there stays. */
int dictionary_learn(struct dictionary *dictionary, const struct frame_view *frame);

/* NULL where not defined. Borrowed until the next learn or clear. */
static inline struct known_source *dictionary_source(
	const struct dictionary *dictionary, uint32_t number)
{
	return number < dictionary->n_sources ? dictionary->sources[number] : NULL;
}

static inline struct known_series *known_source_series(
	const struct known_source *source, uint32_t number)
{
	return number < source->n_series ? source->series[number] : NULL;
}

#endif
