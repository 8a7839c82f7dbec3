/* SPDX-License-Identifier: Apache-2.0 */
/* Open files of the whole machine, from /proc/sys/fs/file-nr (proc(5)). */
#ifndef SYSTEM_HEALTH_DESCRIPTORS_H
#define SYSTEM_HEALTH_DESCRIPTORS_H

#include "part.h"
#include "report.h"
#include "scan.h"
#include "source.h"

struct descriptors_reading {
	uint64_t count, limit;
};

/* False where the text is not of its three columns. */
bool descriptors_parse(
	const char *text, size_t size, struct descriptors_reading *ret_reading);

struct descriptors {
	struct source source;
	struct handle count, limit;
};

extern const struct part descriptors_part;

#endif
