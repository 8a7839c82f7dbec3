/* SPDX-License-Identifier: Apache-2.0 */
#include "scheduler.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/macros.h"

/* How often the wall clock is looked at while there are aligned collectors, and
 * what counts as a jump rather than as slewing. */
#define WATCH_INTERVAL_NS (10 * NS_PER_SECOND)
#define JUMP_NS           (200 * NS_PER_MS)

static int64_t wall_offset(const struct scheduler *scheduler)
{
	const struct clock *clock = scheduler->timers->clock;

	return clock_wall_ns(clock) - clock_monotonic_ns(clock);
}

static void on_watch(struct timer *timer)
{
	struct scheduler *scheduler = container_of(timer, struct scheduler, watch);
	int64_t offset_ns = wall_offset(scheduler);
	int64_t jump_ns = offset_ns - scheduler->wall_offset_ns;

	timers_set_after(scheduler->timers, timer, WATCH_INTERVAL_NS);
	scheduler->wall_offset_ns = offset_ns;
	if (jump_ns > -JUMP_NS && jump_ns < JUMP_NS)
		return;
	log_notice("scheduler", "the wall clock jumped by %.1f s", (double)jump_ns / 1e9);
	list_each(link, &scheduler->collectors)
		collector_clock_jumped(container_of(link, struct collector, link));
}

int scheduler_init(struct scheduler *scheduler, struct timers *timers)
{
	*scheduler = (struct scheduler){ .timers = timers, .watch.on_due = on_watch };
	list_init(&scheduler->collectors);
	return timers_reserve(timers, 1);
}

void scheduler_finish(struct scheduler *scheduler)
{
	timers_unset(scheduler->timers, &scheduler->watch);
	timers_release(scheduler->timers, 1);
}

void scheduler_add(struct scheduler *scheduler, struct collector *collector)
{
	list_append(&scheduler->collectors, &collector->link);
	if (collector->options.align && scheduler->n_aligned++ == 0) {
		scheduler->wall_offset_ns = wall_offset(scheduler);
		timers_set_after(scheduler->timers, &scheduler->watch, WATCH_INTERVAL_NS);
	}
	collector_start(collector);
}

void scheduler_remove(struct scheduler *scheduler, struct collector *collector)
{
	list_remove(&collector->link);
	if (collector->options.align && --scheduler->n_aligned == 0)
		timers_unset(scheduler->timers, &scheduler->watch);
}

void scheduler_stop(struct scheduler *scheduler)
{
	list_each(link, &scheduler->collectors)
		collector_stop(container_of(link, struct collector, link));
}
