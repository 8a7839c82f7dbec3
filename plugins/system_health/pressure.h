/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pressure stall information: how long threads waited for a resource, from
 * /proc/pressure (Documentation/accounting/psi.rst of the kernel).
 */
#ifndef SYSTEM_HEALTH_PRESSURE_H
#define SYSTEM_HEALTH_PRESSURE_H

#include "part.h"
#include "report.h"
#include "scan.h"
#include "source.h"

enum { PRESSURE_PERIODS = 3, PRESSURE_RESOURCES = 4 };

/* Whether some threads waited, or all that had work to do. */
enum pressure_kind { PRESSURE_SOME, PRESSURE_FULL, PRESSURE_KINDS };

struct pressure_reading {
	enum pressure_kind kind;
	struct scan_decimal ratios[PRESSURE_PERIODS]; /* 1: all the time */
	uint64_t total_us;
};

/* Reads the next line of the text. False where none is left. */
bool pressure_next(struct scan *text, struct pressure_reading *ret_reading);

struct pressure {
	struct source sources[PRESSURE_RESOURCES];
	struct handle ratios[PRESSURE_RESOURCES][PRESSURE_KINDS][PRESSURE_PERIODS];
	struct handle totals[PRESSURE_RESOURCES][PRESSURE_KINDS];
};

extern const struct part pressure_part;

#endif
