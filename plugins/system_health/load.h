/* SPDX-License-Identifier: Apache-2.0 */
/* The load averages, from /proc/loadavg (proc(5)). */
#ifndef SYSTEM_HEALTH_LOAD_H
#define SYSTEM_HEALTH_LOAD_H

#include "part.h"
#include "report.h"
#include "scan.h"
#include "source.h"

enum { LOAD_PERIODS = 3 };

/* Reads the three averages as they are written. False where one is missing. */
bool load_parse(
	const char *text, size_t size, struct scan_decimal ret_averages[LOAD_PERIODS]);

struct load {
	struct source source;
	struct handle handles[LOAD_PERIODS];
};

extern const struct part load_part;

#endif
