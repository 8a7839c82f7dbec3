/* SPDX-License-Identifier: Apache-2.0 */
#include "dictionary.h"

#include "base/macros.h"

#include <errno.h>
#include <stdlib.h>

static void known_series_destroy(
	struct dictionary *dictionary, struct known_series *series)
{
	if (!series)
		return;
	if (series->made && dictionary->forget)
		dictionary->forget(dictionary->context, series->made);
	free(series->packed);
	free(series);
}

static void known_source_destroy(
	struct dictionary *dictionary, struct known_source *source)
{
	if (!source)
		return;
	for (size_t i = 0; i < source->n_series; i++)
		known_series_destroy(dictionary, source->series[i]);
	free(source->series);
	free(source->packed);
	free(source);
}

void dictionary_clear(struct dictionary *dictionary)
{
	for (size_t i = 0; i < dictionary->n_sources; i++)
		known_source_destroy(dictionary, dictionary->sources[i]);
	free(dictionary->sources);
	dictionary->sources = NULL;
	dictionary->n_sources = 0;
}

static char *copy_slice(struct slice slice)
{
	char *copy = malloc(slice.n + 1);

	if (copy) {
		memcpy(copy, slice.at, slice.n);
		copy[slice.n] = '\0';
	}
	return copy;
}

/* An array of n pointers, grown so that it has a place for number; NULL where
 * memory ran out, and then the array is as it was. */
static void *grow(void *array, size_t *n, uint32_t number)
{
	size_t needed = (size_t)number + 1;
	size_t larger = MAX(needed, *n + *n / 2);
	void **grown;

	if (number < *n)
		return array;
	grown = realloc(array, larger * sizeof(*grown));
	if (!grown)
		return NULL;
	memset(grown + *n, 0, (larger - *n) * sizeof(*grown));
	*n = larger;
	return grown;
}

static int known_source_create(struct slice definition, struct known_source **ret_source)
{
	struct known_source *source = calloc(1, sizeof(*source));
	int r = -ENOMEM;

	if (!source)
		return -ENOMEM;
	source->packed = copy_slice(definition);
	if (source->packed)
		r = source_unpack(source->packed, definition.n, &source->view);
	if (r < 0) {
		free(source->packed);
		free(source);
		return r;
	}
	*ret_source = source;
	return 0;
}

static int known_series_create(const struct known_source *source, struct slice definition,
	struct known_series **ret_series)
{
	struct known_series *series = calloc(1, sizeof(*series));
	int r = -ENOMEM;

	if (!series)
		return -ENOMEM;
	series->packed = copy_slice(definition);
	if (series->packed)
		r = series_unpack(series->packed, definition.n, &series->view);
	if (r == 0)
		r = series_hash(source->view.identity, &series->view, &series->hash);
	if (r < 0) {
		free(series->packed);
		free(series);
		return r;
	}
	*ret_series = series;
	return 0;
}

static int learn_source(struct dictionary *dictionary, const struct frame_view *frame)
{
	void *grown = grow(dictionary->sources, &dictionary->n_sources, frame->source);
	struct known_source *source;
	int r;

	if (!grown)
		return -ENOMEM;
	dictionary->sources = grown;
	r = known_source_create(frame->source_definition, &source);
	if (r < 0)
		return r;
	known_source_destroy(dictionary, dictionary->sources[frame->source]);
	dictionary->sources[frame->source] = source;
	return 0;
}

static int learn_series(struct dictionary *dictionary, struct known_source *source,
	uint32_t number, struct slice packed)
{
	void *grown = grow(source->series, &source->n_series, number);
	struct known_series *series;
	int r;

	if (!grown)
		return -ENOMEM;
	source->series = grown;
	r = known_series_create(source, packed, &series);
	if (r < 0)
		return r;
	known_series_destroy(dictionary, source->series[number]);
	source->series[number] = series;
	return 0;
}

int dictionary_learn(struct dictionary *dictionary, const struct frame_view *frame)
{
	struct unpack from = unpack_start(frame->definitions.at, frame->definitions.n);
	struct known_source *source;
	struct slice packed;
	uint32_t number;
	int r = 0;

	if (frame->source_definition.n > 0)
		r = learn_source(dictionary, frame);
	if (r < 0 || frame->definitions.n == 0)
		return r;
	source = dictionary_source(dictionary, frame->source);
	if (!source)
		return -EBADMSG;
	while (r == 0 && frame_next_definition(&from, &number, &packed))
		r = learn_series(dictionary, source, number, packed);
	return from.failed ? -EBADMSG : r;
}
