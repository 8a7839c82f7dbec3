/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All collectors: starts and stops them, and watches the wall clock for the sake of
 * the aligned ones.
 */
#ifndef COLLECT_SCHEDULER_H
#define COLLECT_SCHEDULER_H

#include "collector.h"

struct scheduler {
	struct list collectors; /* of struct collector; borrowed */
	struct timers *timers;
	struct timer watch; /* of the wall clock */
	int64_t wall_offset_ns;
	size_t n_aligned;
};

/* 0 or -ENOMEM. */
int scheduler_init(struct scheduler *scheduler, struct timers *timers);

/* No collector is left. */
void scheduler_finish(struct scheduler *scheduler);

/* Adds a collector and schedules its first run. */
void scheduler_add(struct scheduler *scheduler, struct collector *collector);

/* Takes one out; it may be finished then. */
void scheduler_remove(struct scheduler *scheduler, struct collector *collector);

/* Asks all to stop; each tells by its services' on_rest. */
void scheduler_stop(struct scheduler *scheduler);

#endif
