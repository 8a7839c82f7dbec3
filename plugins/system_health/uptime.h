/* SPDX-License-Identifier: Apache-2.0 */
/* How long the machine has been up, from /proc/uptime (proc(5)). */
#ifndef SYSTEM_HEALTH_UPTIME_H
#define SYSTEM_HEALTH_UPTIME_H

#include "part.h"
#include "report.h"
#include "scan.h"
#include "source.h"

/* Reads the seconds as they are written. False where the text has none. */
bool uptime_parse(const char *text, size_t size, struct scan_decimal *ret_uptime);

struct uptime {
	struct source source;
	struct handle handle;
};

extern const struct part uptime_part;

#endif
