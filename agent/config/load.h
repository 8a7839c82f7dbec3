/* SPDX-License-Identifier: Apache-2.0 */
/* A configuration while it is loaded, part by part. */
#ifndef CONFIG_LOAD_H
#define CONFIG_LOAD_H

#include "bind.h"
#include "config.h"
#include "ids.h"
#include "settings.h"

/* What one entry of `collectors` or `sinks` was bound to. */
struct bound_item {
	struct values common;
	struct values options, format_options;
	bool has_options; /* false: nobody knows which there are */
};

struct bound {
	struct settings settings;
	struct values agent, journal;
	struct bound_item *collectors, *sinks; /* as many as the configuration has */
};

struct loader {
	struct config *config;
	struct bound *bound; /* the configuration's */
	const struct catalogue *catalogue;
	struct report *report;
	struct binder binder;
	struct ids collector_ids, sink_ids;
};

/* Each binds what a node says and reports what is wrong. 0 or -ENOMEM. */

/* node: NULL where the part is not written; main: the main file's name. */
int load_agent(struct loader *loader, const struct node *node, const char *main);
int load_journal(struct loader *loader, const struct node *node, const char *main);

/* One entry; room for it is there. */
int load_collector(struct loader *loader, const struct node *node);
int load_sink(struct loader *loader, const struct node *node);

/* Says what is wrong with the alternatives that stand under a key of an entry: rows of
 * struct match (model/match.h). */
void check_match(struct loader *loader, const struct node *entry, const char *key,
	const struct rk_table *match);

/* ... and with the labels and the prefix of a sink; collectors are loaded. */
void check_shaping(struct loader *loader, const struct node *entry,
	const struct sink_settings *sink);

/* Where a key of a mapping is told of: at its value, else where the mapping is. */
struct spot {
	struct place place;
	unsigned int width;
};
struct spot spot_of(const struct node *mapping, const char *key);

/* The value of an option by its name, which the set has. */
const struct value *value_of(const struct values *values, const char *name);

/* Puts another value in the place of an option's. 0 or -ENOMEM. */
int value_replace(struct arena *arena, struct values *values, const char *name,
	const struct value *value);

/* Says that a text is wrong, with the rule that it breaks; nothing where wrong is
 * NULL. */
void report_rule(struct report *report, const struct spot *spot, const char *text,
	const char *wrong);

/* Which of the known names, of which the last is NULL, may be meant; NULL: none. */
const char *nearest_of(const char *name, const char *const *known);

/* Says that there is no such plugin, type, ...; known: what there is, ends with NULL. */
void report_no_such(struct report *report, const struct spot *spot, const char *what,
	const char *name, const char *const *known);

/* Binds what stands below a key of an entry to a set; what is required in it may be
 * missing where the entry is not enabled. */
struct below {
	const char *key;
	const struct option_set *set;
	bool is_enabled;
};
int load_below(struct loader *loader, const struct node *node, const struct below *below,
	struct values *ret_values);

/* The set is not known: nothing below the key is shown to anybody. */
int hide_below(struct loader *loader, const struct node *node, const char *key);

/* `format` of a sink and what stands below `format_options`. */
int load_format(struct loader *loader, const struct node *node,
	const struct sink_type *type, struct sink_settings *sink,
	struct bound_item *bound);

/* The options of the format that an entry names in plain words; NULL: none. */
const struct option_set *peek_format_options(
	const struct loader *loader, const struct node *node);

#endif
