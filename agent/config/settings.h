/* SPDX-License-Identifier: Apache-2.0 */
/* The agent's own options, as the same kind of table that plugins have. */
#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

#include "model/value.h"

enum settings_part {
	SETTINGS_AGENT,
	SETTINGS_JOURNAL,
	SETTINGS_COLLECTOR, /* of each entry of `collectors` */
	SETTINGS_SINK,      /* of each entry of `sinks` */
	SETTINGS_PARTS,
};

/* The tables as data. */
struct settings {
	struct option_set sets[SETTINGS_PARTS];
};

/* 0 or -ENOMEM. */
int settings_describe(struct arena *arena, struct settings *ret_settings);

/* Writes values into the part's struct (agent_settings, ...), which is zeroed. 0 or
 * -ENOMEM. */
int settings_fill(struct arena *arena, enum settings_part part,
	const struct values *values, void *to);

#endif
