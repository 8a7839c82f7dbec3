/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where time comes from. Everything that waits or stamps gets a clock handed
 * in, so that tests/sim can play hours in milliseconds and let the wall clock
 * jump.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

struct clock {
	/* Never goes back; counts while the machine is awake. For scheduling. */
	int64_t (*monotonic_ns)(const struct clock *clock);
	/* Unix time; may jump. For what is written into data. */
	int64_t (*wall_ns)(const struct clock *clock);
};

/* The machine's own. Any thread. */
extern const struct clock clock_system;

static inline int64_t clock_monotonic_ns(const struct clock *clock)
{
	return clock->monotonic_ns(clock);
}

static inline int64_t clock_wall_ns(const struct clock *clock)
{
	return clock->wall_ns(clock);
}

#endif
