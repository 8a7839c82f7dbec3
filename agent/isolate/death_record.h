/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often the children of a plugin have died, and in whose calls: what decides when the
 * next one is made, and who gets a child of its own.
 *
 * After one death nobody waits. After each further one within the window the wait
 * doubles, somewhere within which the next child comes (full jitter); after too many it
 * is parked: there is one try each long while.
 */
#ifndef ISOLATE_DEATH_RECORD_H
#define ISOLATE_DEATH_RECORD_H

#include <stddef.h>
#include <stdint.h>

#define DEATH_WINDOW_NS   (INT64_C(600) * 1000000000)
#define DEATH_WINDOW_TEXT "10m"
#define DEATH_FIRST_NS    (INT64_C(1) * 1000000000)
#define DEATH_MANY        8
#define DEATH_PARKED_NS   (INT64_C(600) * 1000000000)

struct random;

struct death {
	const char *plugin;
	const char *only;   /* the collector whose own child it was; NULL: a shared one */
	const char *blamed; /* in whose call; NULL: nobody's */
	int64_t now_ns;     /* monotonic */
	unsigned int n;     /* written: how many within the window, with this one */
};

struct death_record;
struct death_blame;

/* A zeroed struct has none. */
struct death_records {
	struct death_record *records; /* owned, n_records */
	size_t n_records;
	struct death_blame *blames; /* owned, n_blames */
	size_t n_blames;
};

void death_records_finish(struct death_records *records);

/* Where memory is short, the death is forgotten. */
void death_records_add(
	struct death_records *records, struct death *death, struct random *random);

/* How often a collector's calls have ended a child. */
unsigned int death_records_blame(const struct death_records *records, const char *id);

/* How long from now on no child is to be made; 0: it may be. */
int64_t death_records_wait(const struct death_records *records, const char *plugin,
	const char *only, int64_t now_ns);

#endif
