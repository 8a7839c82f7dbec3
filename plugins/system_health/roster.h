/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The devices of one kind that a machine has now, with what is kept of each from
 * run to run: its series, its last counters, and whether the filters take it.
 *
 *	roster_begin, roster_take for each device that is there, roster_end
 *
 * Devices that were not taken in between have gone: their series are forgotten.
 */
#ifndef SYSTEM_HEALTH_ROSTER_H
#define SYSTEM_HEALTH_ROSTER_H

#include "report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A running total of the kernel and what it grew by since the run before. */
struct counter {
	uint64_t value, delta;
	int64_t start_ns; /* since when it counts; 0: since boot */
	bool known;
	bool has_delta; /* false at first, and after a wrap-around or reset */
};

/* One more reading. A counter that came later, or that went down, counts since the
 * run before: when exactly it began, nobody says. */
void counter_read(struct counter *counter, uint64_t value, const struct report *report);

struct member {
	const char *key;        /* key_size bytes and a NUL */
	struct handle *handles; /* as many as the roster says */
	struct counter *counters;
	size_t key_size;
	bool fresh;  /* came in this run: decide whether it is wanted */
	bool wanted; /* the caller's to keep */
	bool seen;
};

/* A zeroed struct is an empty roster. */
struct roster {
	struct member **members; /* owned, and each of them */
	size_t n, capacity;
	size_t n_handles, n_counters; /* of each member */
	size_t expected;              /* devices come in the same order each time */
};

void roster_begin(struct roster *roster, size_t n_handles, size_t n_counters);

/* The member with these bytes as its key, added where it is new. Borrowed until
 * roster_end of a run that does not take it. NULL where it was taken already, or
 * where memory or the bound of members is used up: that device is left out. */
struct member *roster_take(struct roster *roster, const char *key, size_t key_size);

void roster_end(struct roster *roster, struct report *report);

/* Frees all, and leaves the series to the host. */
void roster_finish(struct roster *roster);

#endif
