/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which records somebody takes: those that fit one of several alternatives, each of
 * which is a row of globs that must all fit. It is told of a series once and of each
 * event anew; labels and tenant are those that the record has outside
 * (docs/DATA-MODEL.md), and what a record lacks fits nothing.
 */
#ifndef MODEL_MATCH_H
#define MODEL_MATCH_H

#include "dictionary.h"
#include "record.h"

#include <stdbool.h>

#define MATCH_MAX_ALTERNATIVES 64

/* An alternative, as configuration fills it; NULL: whatever it is. One that names a
 * metric takes samples alone, one that names an event's type events alone. */
struct match {
	const char *metric, *event, *collector, *plugin, *tenant;
	struct rk_map labels; /* name and glob */
};

/* match: a table of struct match; one without rows takes everything. */
bool match_takes_series(const struct rk_table *match, const struct source_view *source,
	const struct series_view *series);
bool match_takes_event(const struct rk_table *match, const struct source_view *source,
	const struct event_view *event);

/* The same of a record that a reader has in its hands; the answer for a series is found
 * once and kept beside it. A series that nobody defined is taken. */
bool match_takes_record(const struct rk_table *match, const struct known_source *source,
	const struct record *record);

/* Copies a table and its texts into the arena. 0 or -ENOMEM. */
struct arena;
int match_copy(
	struct arena *arena, const struct rk_table *match, struct rk_table *ret_copy);

/* Differs where the rows do; 0 where there are none. */
uint64_t match_hash(const struct rk_table *match);

#endif
