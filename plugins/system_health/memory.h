/* SPDX-License-Identifier: Apache-2.0 */
/* Memory by state, from /proc/meminfo (proc(5)). */
#ifndef SYSTEM_HEALTH_MEMORY_H
#define SYSTEM_HEALTH_MEMORY_H

#include "part.h"
#include "report.h"
#include "source.h"

#include <stddef.h>

enum memory_field {
	MEMORY_TOTAL,
	MEMORY_FREE,
	MEMORY_AVAILABLE, /* since Linux 3.14 */
	MEMORY_BUFFERS,
	MEMORY_CACHED,
	MEMORY_SHARED,
	MEMORY_RECLAIMABLE,
	MEMORY_UNRECLAIMABLE,
	MEMORY_FIELDS
};

struct memory_reading {
	uint64_t bytes[MEMORY_FIELDS];
	bool known[MEMORY_FIELDS];
};

struct memory_reading memory_parse(const char *text, size_t size);

/* What usage is split into. */
enum memory_state {
	MEMORY_STATE_USED,
	MEMORY_STATE_FREE,
	MEMORY_STATE_BUFFERS,
	MEMORY_STATE_CACHED,
	MEMORY_STATES
};

/* Splits the total up. False where a field is missing or they contradict. */
bool memory_split(
	const struct memory_reading *reading, uint64_t ret_bytes[MEMORY_STATES]);

struct memory {
	struct source source;
	struct handle usage[MEMORY_STATES], utilization[MEMORY_STATES];
	struct handle fields[MEMORY_FIELDS];
};

extern const struct part memory_part;

#endif
