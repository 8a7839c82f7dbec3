/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a collector runs: a grid of times that is its own and stays the same over
 * restarts, so that ten thousand collectors do not run together. Plain arithmetic;
 * who waits is the collector.
 *
 * Not aligned, the grid counts on the monotonic clock from the agent's start, with
 * a phase within the interval that comes from the identity. The first run comes
 * sooner: within SCHEDULE_FIRST_NS. Aligned, it stands on the wall clock's multiples
 * of the interval (1h: the full hour in UTC) plus a stable share of the jitter; when
 * the wall clock jumps, the collector asks again.
 */
#ifndef COLLECT_SCHEDULE_H
#define COLLECT_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#define SCHEDULE_FIRST_NS INT64_C(10000000000)

struct schedule {
	int64_t interval_ns;
	bool align;
	int64_t origin_ns; /* not aligned: a time of the grid, monotonic */
	int64_t offset_ns; /* aligned: behind the full interval */
	int64_t slot_ns;   /* aligned: the wall time that the next run is for */
};

/* What the clocks say. */
struct instant {
	int64_t monotonic_ns, wall_ns;
};

/* hash: of the collector's identity. Returns when the first run is due. */
int64_t schedule_init(struct schedule *schedule, int64_t interval_ns, int64_t jitter_ns,
	bool align, uint64_t hash, struct instant now);

/* The monotonic time of the next run after one that was due at due_ns and ended now;
 * ret_skipped: how many came due meanwhile. */
int64_t schedule_next(struct schedule *schedule, int64_t due_ns, struct instant now,
	uint64_t *ret_skipped);

/* Aligned: when the awaited run is due after the wall clock jumped. */
int64_t schedule_again(struct schedule *schedule, struct instant now);

#endif
