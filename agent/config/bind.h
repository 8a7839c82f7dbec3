/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a tree to values, as a set of options says. Every problem goes into the
 * report and the rest is bound all the same; so values of a configuration with
 * errors are complete, but not all of them are what was written.
 */
#ifndef CONFIG_BIND_H
#define CONFIG_BIND_H

#include "document.h"

#include "model/value.h"

struct binder {
	struct arena *arena;            /* takes the values */
	struct document_set *documents; /* are told where secrets stand */
	struct report *report;
	bool is_preset;      /* what is bound is the text of a preset */
	bool allows_missing; /* required options may be missing */
};

/* A mapping in a file, and what may stand in it. */
struct section {
	const struct option_set *set; /* outlives the values */
	const struct node *node;      /* NULL: it is not written */
	struct place place;           /* where that is told, then */
	/* More keys, which the caller binds, up to the first without a name. */
	struct beside {
		const char *key;
		const struct option_set *set; /* what stands below it; or NULL */
	} beside[2];
};

/* 0 or -ENOMEM. */
int bind_section(const struct binder *binder, const struct section *section,
	struct values *ret_values);

/* Binds one option. node: NULL where it is not written; place: of the mapping that
 * it is missing in. */
int bind_option(const struct binder *binder, const struct option *option,
	const struct node *node, struct place place, struct value *ret_value);

#endif
