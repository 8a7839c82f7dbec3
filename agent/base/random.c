/* SPDX-License-Identifier: Apache-2.0 */
#include "random.h"

#include "macros.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

void random_bytes(void *to, size_t n)
{
	/* Up to 256 bytes come whole once the kernel's pool is ready, which is
	 * long before any service starts (getrandom(2)). */
	while (getrandom(to, n, 0) != (ssize_t)n) {
		if (errno != EINTR)
			abort();
	}
}

uint64_t random_u64(void)
{
	uint64_t value;

	random_bytes(&value, sizeof(value));
	return value;
}

void random_seed(struct random *random, uint64_t seed)
{
	random->state = seed;
}

uint64_t random_next(struct random *random)
{
	uint64_t z = (random->state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint64_t random_below(struct random *random, uint64_t bound)
{
	/* The bias of the multiplication is below 2^-32 for every bound that
	 * jitter uses. */
	return (uint64_t)((uint128)random_next(random) * bound >> 64);
}
