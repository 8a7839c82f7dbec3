/* SPDX-License-Identifier: Apache-2.0 */
#include "match.h"

#include "base/arena.h"
#include "base/macros.h"
#include "glob.h"

#include <errno.h>
#include <string.h>

/* What is matched: a series or an event. */
struct subject {
	const struct source_view *source;
	struct slice metric, event; /* one of them is empty */
	struct slice tenant;
	const struct label *labels; /* its own */
	size_t n_labels;
};

static bool fits(const char *glob, struct slice text)
{
	return !glob || (text.n > 0 && glob_fits(glob, text));
}

static struct slice find_label(const struct label *labels, size_t n, struct slice name)
{
	for (size_t i = 0; i < n; i++) {
		if (slice_equal(labels[i].name, name))
			return labels[i].value;
	}
	return (struct slice){ 0 };
}

/* What configuration adds wins, as where it is written. */
static struct slice subject_label(const struct subject *subject, const char *name)
{
	const struct source_view *source = subject->source;
	struct slice value = find_label(source->labels, source->n_labels, slice_of(name));

	return value.at ? value
			: find_label(subject->labels, subject->n_labels, slice_of(name));
}

static bool labels_fit(const struct rk_map *globs, const struct subject *subject)
{
	for (size_t i = 0; i < globs->n; i++) {
		if (!fits(globs->items[i].value,
			    subject_label(subject, globs->items[i].name)))
			return false;
	}
	return true;
}

static bool alternative_fits(const struct match *match, const struct subject *subject)
{
	return fits(match->metric, subject->metric) &&
	       fits(match->event, subject->event) &&
	       fits(match->collector, subject->source->collector) &&
	       fits(match->plugin, subject->source->plugin) &&
	       fits(match->tenant, subject->tenant) &&
	       labels_fit(&match->labels, subject);
}

static bool one_fits(const struct rk_table *match, const struct subject *subject)
{
	const struct match *rows = match->rows;

	for (size_t i = 0; i < match->n; i++) {
		if (alternative_fits(&rows[i], subject))
			return true;
	}
	return match->n == 0;
}

bool match_takes_series(const struct rk_table *match, const struct source_view *source,
	const struct series_view *series)
{
	const struct subject subject = {
		.source = source,
		.metric = series->metric,
		.tenant = series->tenant.n > 0 ? series->tenant : source->tenant,
		.labels = series->labels,
		.n_labels = series->n_labels,
	};

	return one_fits(match, &subject);
}

bool match_takes_event(const struct rk_table *match, const struct source_view *source,
	const struct event_view *event)
{
	const struct subject subject = {
		.source = source,
		.event = event->type,
		.tenant = source->tenant,
		.labels = event->labels,
		.n_labels = event->n_labels,
	};

	return one_fits(match, &subject);
}

bool match_takes_record(const struct rk_table *match, const struct known_source *source,
	const struct record *record)
{
	struct known_series *series;

	if (record->is_event)
		return match_takes_event(match, &source->view, &record->event);
	series = known_source_series(source, record->sample.series);
	if (series && series->selection == SELECTION_UNKNOWN)
		series->selection =
			match_takes_series(match, &source->view, &series->view)
				? SELECTION_TAKEN
				: SELECTION_LEFT_OUT;
	return !series || series->selection == SELECTION_TAKEN;
}

/* ---- copies ------------------------------------------------------------ */

static int copy_text(struct arena *arena, const char **text)
{
	if (*text)
		*text = arena_copy_text(arena, *text, strlen(*text));
	else
		return 0;
	return *text ? 0 : -ENOMEM;
}

static int copy_labels(struct arena *arena, struct rk_map *labels)
{
	struct rk_label *items = arena_take(arena, (labels->n + 1) * sizeof(*items));

	if (!items)
		return -ENOMEM;
	for (size_t i = 0; i < labels->n; i++) {
		items[i] = labels->items[i];
		if (copy_text(arena, &items[i].name) < 0 ||
			copy_text(arena, &items[i].value) < 0)
			return -ENOMEM;
	}
	labels->items = items;
	return 0;
}

static int copy_row(struct arena *arena, struct match *row)
{
	const char **const texts[] = { &row->metric, &row->event, &row->collector,
		&row->plugin, &row->tenant };

	for (size_t i = 0; i < LENGTH(texts); i++) {
		if (copy_text(arena, texts[i]) < 0)
			return -ENOMEM;
	}
	return copy_labels(arena, &row->labels);
}

int match_copy(
	struct arena *arena, const struct rk_table *match, struct rk_table *ret_copy)
{
	const struct match *from = match->rows;
	struct match *rows = arena_take(arena, (match->n + 1) * sizeof(*rows));
	int r = rows ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < match->n; i++) {
		rows[i] = from[i];
		r = copy_row(arena, &rows[i]);
	}
	if (r == 0)
		*ret_copy = (struct rk_table){ rows, match->n };
	return r;
}

/* ---- the hash ---------------------------------------------------------- */

/* What a text is for stands in the key, and so does all that came before it. */
static uint64_t hash_text(uint64_t hash, uint64_t column, const char *text)
{
	const struct hash_key key = { { hash, column } };

	return text ? siphash64(&key, text, strlen(text)) : hash;
}

static uint64_t hash_row(uint64_t hash, const struct match *row)
{
	const char *const texts[] = {
		"", /* a row begins */
		row->metric,
		row->event,
		row->collector,
		row->plugin,
		row->tenant,
	};

	for (size_t i = 0; i < LENGTH(texts); i++)
		hash = hash_text(hash, i, texts[i]);
	for (size_t i = 0; i < row->labels.n; i++) {
		hash = hash_text(hash, LENGTH(texts), row->labels.items[i].name);
		hash = hash_text(hash, LENGTH(texts) + 1, row->labels.items[i].value);
	}
	return hash;
}

uint64_t match_hash(const struct rk_table *match)
{
	const struct match *rows = match->rows;
	uint64_t hash = 0;

	for (size_t i = 0; i < match->n; i++)
		hash = hash_row(hash, &rows[i]);
	return hash;
}
