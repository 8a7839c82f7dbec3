/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plugin's tables as data: what its options and metrics are, copied out of
 * the object that states them. Configuration is bound to this, the manual and
 * the schema are printed from it, and it can cross a socket, so that the agent
 * never has to load a foreign plugin to read its tables.
 *
 * The agent's own options (agent, journal, collectors, sinks) are the same kind
 * of table and take the same way.
 */
#ifndef MODEL_DESCRIPTION_H
#define MODEL_DESCRIPTION_H

#include "base/arena.h"

#include <rookery/plugin.h>
#include <stddef.h>
#include <stdint.h>

struct option;

/* Options that stand side by side in one mapping. */
struct option_set {
	const struct option *items;
	size_t n;
};

struct option {
	const char *name;
	uint32_t type;  /* enum rk_type */
	uint32_t flags; /* RK_REQUIRED, ... */
	const char *preset, *range;
	const char *const *choices; /* n_choices names */
	size_t n_choices;
	struct option_set columns; /* of a table or a group */
	const char *help;
};

struct metric {
	const char *name, *unit, *help;
	uint32_t kind, confidence; /* enum rk_kind, enum rk_confidence */
	const char *const *labels; /* n_labels names */
	size_t n_labels;
};

/* Everything below belongs to the arena. */
struct description {
	struct arena arena;
	const char *name, *summary, *version;
	const char *interval, *timeout; /* defaults; NULL where the plugin has none */
	uint32_t flags, needs;          /* RK_STREAM, ...; RK_NEED_*, ... */
	struct option_set options;
	const struct metric *metrics;
	size_t n_metrics;
};

/* Nested tables and groups go no deeper (rookery/plugin.h). */
#define OPTION_MAX_DEPTH 4

/* Copies n options that stand stride bytes apart. 0, -ENOMEM, or -EINVAL where
 * they nest deeper than OPTION_MAX_DEPTH. */
int option_set_copy(struct arena *arena, const struct rk_option *options, size_t stride,
	size_t n, struct option_set *ret_set);

/* NULL where there is none of this name. */
const struct option *option_set_find(const struct option_set *set, const char *name);

/* "duration", "list of texts", ... as the manual calls a type. */
const char *option_type_name(uint32_t type);

/* "gauge", "delta", "cumulative"; "exact", ...; NULL for a number without name. */
const char *kind_name(uint32_t kind);
const char *confidence_name(uint32_t confidence);

void description_finish(struct description *description);

#endif
