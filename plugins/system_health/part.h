/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A part of the plugin: one idea that is read, parsed and reported on its own, can
 * be switched off, and fails without hurting the others.
 */
#ifndef SYSTEM_HEALTH_PART_H
#define SYSTEM_HEALTH_PART_H

struct machine;
struct report;

struct part {
	const char *name;

	/* One collection. state is the part's own, zeroed at first. 0, or a
	 * negative errno; -ENOENT and its like say that this machine has no such
	 * thing, which is no failure (see is_lacking in system_health.c). */
	int (*collect)(void *state, struct machine *machine, struct report *report);

	/* Frees what the state holds; also that of a part that never ran. */
	void (*finish)(void *state);
};

#endif
