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

struct campaign {
	const char *name;
	uint64_t seed;     /* of the round that runs */
	uint64_t first;    /* ... and of the first one */
	uint64_t n_rounds; /* how many; 0: as long as --minutes says */
	double minutes;
	const char *mode; /* --mode, or NULL */
	bool verbose;
	char *folder; /* a fresh one on a fast disk, removed at the end */
};

/* Reads --seed, --points or --rounds, --minutes, --mode and --verbose; what is not
 * there is what campaign holds already. Ends the program where they make no sense. */
void campaign_begin(struct campaign *campaign, int argc, char **argv);

/* Whether one more round is to be run; then campaign->seed is its seed. */
bool campaign_next(struct campaign *campaign);

/* How many rounds were begun. */
uint64_t campaign_rounds(const struct campaign *campaign);

void campaign_end(struct campaign *campaign);

/* A folder of a name below campaign->folder, empty. Owned by the caller. */
char *campaign_folder(const struct campaign *campaign, const char *name);

/* Says what is wrong, with what repeats it, and ends the program. */
void campaign_fails(const char *format, ...)
	__attribute__((format(printf, 1, 2), noreturn));

/* What else repeats the failure, such as the point of a loss; NULL: nothing. */
void campaign_place(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define must(condition, ...)                                                             \
	do {                                                                             \
		if (!(condition))                                                        \
			campaign_fails(__VA_ARGS__);                                     \
	} while (0)

#endif
