/* SPDX-License-Identifier: Apache-2.0 */
/* CPU time by mode, from /proc/stat (proc(5)). */
#ifndef SYSTEM_HEALTH_CPU_H
#define SYSTEM_HEALTH_CPU_H

#include "part.h"
#include "roster.h"
#include "scan.h"

/* In the order of the columns. Time of guests is in that of user and nice. */
enum cpu_mode {
	CPU_USER,
	CPU_NICE,
	CPU_SYSTEM,
	CPU_IDLE,
	CPU_IOWAIT,
	CPU_INTERRUPT,
	CPU_SOFTIRQ,
	CPU_STEAL,
	CPU_MODES
};

struct cpu_reading {
	struct scan number; /* "0", "1", ...; empty: all together */
	uint64_t ticks[CPU_MODES];
	size_t n_modes; /* old kernels have fewer */
};

/* Reads the next CPU of the text of /proc/stat. False where there is none left. */
bool cpu_next(struct scan *text, struct cpu_reading *ret_reading);

struct cpu {
	struct roster cpus;
	struct handle count;
};

extern const struct part cpu_part;

#endif
