/* SPDX-License-Identifier: Apache-2.0 */
/* Random numbers: the kernel's for keys and epochs, a seeded sequence for
 * jitter, so that a test can repeat it. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Fills n bytes (at most 256) from the kernel. */
void random_bytes(void *to, size_t n);
uint64_t random_u64(void);

struct random {
	uint64_t state;
};

void random_seed(struct random *random, uint64_t seed);

/* The next number of the sequence (SplitMix64). */
uint64_t random_next(struct random *random);

/* A number in [0, bound); 0 where bound is 0. */
uint64_t random_below(struct random *random, uint64_t bound);

#endif
