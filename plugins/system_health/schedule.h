/* SPDX-License-Identifier: Apache-2.0 */
/* Parts that cost more than they change do their work once in a while, not in each
 * run. */
#ifndef SYSTEM_HEALTH_SCHEDULE_H
#define SYSTEM_HEALTH_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

struct report;

/* A zeroed struct has not begun. */
struct schedule {
	int64_t turn;
	bool began;
};

/* Whether this run is the first one of all, or of a turn of every_ns, or a person
 * asked for it. Turns go by the time for which the run was scheduled, so that a
 * run that is a little late or early changes nothing. 0: in each run. */
bool schedule_is_due(
	struct schedule *schedule, int64_t every_ns, const struct report *report);

#endif
