/* SPDX-License-Identifier: Apache-2.0 */
/* Swap space and paging, from /proc/swaps and /proc/vmstat (proc(5)). */
#ifndef SYSTEM_HEALTH_PAGING_H
#define SYSTEM_HEALTH_PAGING_H

#include "part.h"
#include "roster.h"
#include "scan.h"
#include "source.h"

enum paging_field {
	PAGING_FAULTS, /* all of them, major ones too */
	PAGING_MAJOR_FAULTS,
	PAGING_SWAPPED_IN,
	PAGING_SWAPPED_OUT,
	PAGING_FIELDS
};

struct paging_reading {
	uint64_t values[PAGING_FIELDS];
	bool known[PAGING_FIELDS];
};

/* Reads the text of /proc/vmstat. */
struct paging_reading paging_parse(const char *text, size_t size);

struct swap_reading {
	struct scan device; /* as written, see escape.h */
	uint64_t size_bytes, used_bytes;
};

/* Reads the next device of the text of /proc/swaps. False where none is left. */
bool swap_next(struct scan *text, struct swap_reading *ret_reading);

enum { PAGING_TOTALS = 4 };

struct paging {
	struct source vmstat, swaps;
	struct roster devices;
	struct handle totals[PAGING_TOTALS];
};

extern const struct part paging_part;

#endif
