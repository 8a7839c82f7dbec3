/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the campaigns share: their arguments, the seed, and how they tell. A campaign
 * is a series of rounds; each round is made of one number, its seed, and nothing
 * else, so that --seed with the number that a failure prints repeats it.
 */
#ifndef CRASH_CAMPAIGN_H
#define CRASH_CAMPAIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What it means that something is wrong. */
enum fault { FAULT_OTHER, FAULT_LOST, FAULT_INVENTED, FAULT_DOUBLED, FAULT_KINDS };

struct campaign {
	const char *name;
	uint64_t seed;     /* of the round that runs */
	uint64_t first;    /* ... and of the first one */
	uint64_t n_rounds; /* how many; 0: as long as --minutes says */
	double minutes;
	const char *mode; /* --mode, or NULL */
	bool verbose;
	char *folder; /* a fresh one on a fast disk, removed at the end */

	/* What its line tells in the end. */
	uint64_t crashes, restarts, samples;
	uint64_t faults[FAULT_KINDS];
};

/* Reads --seed, --points or --rounds, --minutes, --mode and --verbose; what is not
 * there is what campaign holds already. Ends the program where they make no sense. */
void campaign_begin(struct campaign *campaign, int argc, char **argv);

/* Whether one more round is to be run; then campaign->seed is its seed. */
bool campaign_next(struct campaign *campaign);

/* How many rounds were begun. */
uint64_t campaign_rounds(const struct campaign *campaign);

/* Prints the campaign's line: what was counted, and details of its own. */
void campaign_end(struct campaign *campaign, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A folder of a name below campaign->folder, empty. Owned by the caller. */
char *campaign_folder(const struct campaign *campaign, const char *name);

/* Says what is wrong, with what repeats it, and ends the program. */
void campaign_fails(enum fault fault, const char *format, ...)
	__attribute__((format(printf, 2, 3), noreturn));

/* What else repeats the failure, such as the point of a loss; NULL: nothing. */
void campaign_place(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define must_else(fault, condition, ...)                                                 \
	do {                                                                             \
		if (!(condition))                                                        \
			campaign_fails(fault, __VA_ARGS__);                              \
	} while (0)

#define must(condition, ...) must_else(FAULT_OTHER, condition, __VA_ARGS__)

#endif
