/* SPDX-License-Identifier: Apache-2.0 */
/* The clock that waits are bounded with: it never jumps. */
#ifndef SYSTEM_HEALTH_MONOTONIC_H
#define SYSTEM_HEALTH_MONOTONIC_H

#include <stdint.h>
#include <time.h>

#define NS_PER_SECOND INT64_C(1000000000)
#define NS_PER_MS     INT64_C(1000000)

static inline int64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

#endif
