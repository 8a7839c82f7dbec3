/* SPDX-License-Identifier: Apache-2.0 */
#include "schedule.h"

#include "base/macros.h"

/* The first multiple of the interval after a wall time. */
static int64_t slot_after(const struct schedule *schedule, int64_t wall_ns)
{
	int64_t in_grid = wall_ns - schedule->offset_ns;
	int64_t rest = in_grid % schedule->interval_ns;

	if (rest < 0)
		rest += schedule->interval_ns;
	return in_grid - rest + schedule->interval_ns + schedule->offset_ns;
}

static int64_t due_of_slot(const struct schedule *schedule, struct instant now)
{
	return now.monotonic_ns + (schedule->slot_ns - now.wall_ns);
}

static int64_t first_aligned(struct schedule *schedule, struct instant now)
{
	schedule->slot_ns = slot_after(schedule, now.wall_ns);
	return due_of_slot(schedule, now);
}

int64_t schedule_init(struct schedule *schedule, int64_t interval_ns, int64_t jitter_ns,
	bool align, uint64_t hash, struct instant now)
{
	int64_t phase_ns = (int64_t)(hash % (uint64_t)interval_ns);
	int64_t spread_ns = MIN(interval_ns, SCHEDULE_FIRST_NS);

	*schedule = (struct schedule){
		.interval_ns = interval_ns,
		.align = align,
		.origin_ns = now.monotonic_ns + phase_ns,
	};
	if (jitter_ns > 0)
		schedule->offset_ns =
			(int64_t)(hash % (uint64_t)MIN(jitter_ns, interval_ns));
	if (align)
		return first_aligned(schedule, now);
	if (phase_ns < spread_ns)
		return schedule->origin_ns;
	return now.monotonic_ns + (int64_t)((hash >> 16) % (uint64_t)spread_ns);
}

/* The first time of the grid after a time. */
static int64_t grid_after(const struct schedule *schedule, int64_t time_ns)
{
	int64_t rest = (time_ns - schedule->origin_ns) % schedule->interval_ns;

	if (rest < 0)
		rest += schedule->interval_ns;
	return time_ns - rest + schedule->interval_ns;
}

static int64_t next_on_grid(const struct schedule *schedule, int64_t due_ns,
	int64_t now_ns, uint64_t *ret_skipped)
{
	int64_t regular_ns = grid_after(schedule, due_ns);
	int64_t next_ns;

	/* The first run stands beside the grid; do not run twice in a short time. */
	if (regular_ns - due_ns < schedule->interval_ns / 2)
		regular_ns += schedule->interval_ns;
	next_ns = now_ns < regular_ns ? regular_ns : grid_after(schedule, now_ns);
	*ret_skipped = (uint64_t)((next_ns - regular_ns) / schedule->interval_ns);
	return next_ns;
}

static int64_t next_aligned(
	struct schedule *schedule, struct instant now, uint64_t *ret_skipped)
{
	int64_t slot_ns = slot_after(schedule, now.wall_ns);

	/* The clock was put back a little, behind the slot that has just run. */
	if (slot_ns == schedule->slot_ns &&
		schedule->slot_ns - now.wall_ns < schedule->interval_ns / 2)
		slot_ns += schedule->interval_ns;
	*ret_skipped = 0;
	if (slot_ns > schedule->slot_ns + schedule->interval_ns)
		*ret_skipped =
			(uint64_t)((slot_ns - schedule->slot_ns) / schedule->interval_ns -
				   1);
	schedule->slot_ns = slot_ns;
	return due_of_slot(schedule, now);
}

int64_t schedule_next(struct schedule *schedule, int64_t due_ns, struct instant now,
	uint64_t *ret_skipped)
{
	if (schedule->align)
		return next_aligned(schedule, now, ret_skipped);
	return next_on_grid(schedule, due_ns, now.monotonic_ns, ret_skipped);
}

int64_t schedule_again(struct schedule *schedule, struct instant now)
{
	int64_t slot_ns = slot_after(schedule, now.wall_ns);

	/* Jumped over the slot: run now. Jumped back: wait for the earlier one, unless
	 * it is the one that ran before the jump. */
	if (now.wall_ns >= schedule->slot_ns)
		return now.monotonic_ns;
	if (slot_ns < schedule->slot_ns - schedule->interval_ns)
		schedule->slot_ns = slot_ns;
	return due_of_slot(schedule, now);
}
