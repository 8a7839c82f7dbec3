/* SPDX-License-Identifier: Apache-2.0 */
/* From values to the struct that a plugin, or the agent itself, reads them from. */
#ifndef MODEL_OPTIONS_H
#define MODEL_OPTIONS_H

#include "value.h"

/*
 * Writes values into a zeroed struct, as the table of its options says; n options
 * stand stride bytes apart, and the values' set was copied from that table. What
 * was not configured and has no preset stays zero. Texts, lists, maps and rows
 * are copied into the arena, which the struct must not outlive. 0 or -ENOMEM.
 */
int options_fill(struct arena *arena, const struct values *values,
	const struct rk_option *options, size_t stride, void *state);

#endif
