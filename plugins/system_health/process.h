/* SPDX-License-Identifier: Apache-2.0 */
/* Processes by state, how many were created, and how many there may be (proc(5)). */
#ifndef SYSTEM_HEALTH_PROCESS_H
#define SYSTEM_HEALTH_PROCESS_H

#include "part.h"
#include "report.h"
#include "source.h"

#include <dirent.h>

enum process_state {
	PROCESS_RUNNING,
	PROCESS_SLEEPING,
	PROCESS_BLOCKED,
	PROCESS_IDLE,
	PROCESS_STOPPED,
	PROCESS_DEFUNCT,
	PROCESS_UNKNOWN, /* a letter that is newer than this table */
	PROCESS_STATES
};

/* Reads the state from the text of /proc/<pid>/stat. False where it has none. */
bool process_parse(const char *text, size_t size, enum process_state *ret_state);

struct process {
	DIR *processes; /* owned: /proc, rewound for each run */
	bool too_many_told;
	struct source threads_max, pid_max;
	struct handle states[PROCESS_STATES], created, limit;
};

extern const struct part process_part;

#endif
