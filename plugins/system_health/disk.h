/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Transfer, operations and latency of disks, from /proc/diskstats
 * (Documentation/admin-guide/iostats.rst of the kernel).
 */
#ifndef SYSTEM_HEALTH_DISK_H
#define SYSTEM_HEALTH_DISK_H

#include "part.h"
#include "roster.h"
#include "scan.h"
#include "source.h"

/* In the order of the columns behind the name. */
enum disk_field {
	DISK_READS,
	DISK_READS_MERGED,
	DISK_READ_SECTORS,
	DISK_READ_MS,
	DISK_WRITES,
	DISK_WRITES_MERGED,
	DISK_WRITTEN_SECTORS,
	DISK_WRITE_MS,
	DISK_IN_FLIGHT,
	DISK_BUSY_MS,
	DISK_WEIGHTED_MS,
	DISK_DISCARDS, /* these four since Linux 4.18 */
	DISK_DISCARDS_MERGED,
	DISK_DISCARDED_SECTORS,
	DISK_DISCARD_MS,
	DISK_FLUSHES, /* these two since Linux 5.5 */
	DISK_FLUSH_MS,
	DISK_FIELDS
};

struct disk_reading {
	struct scan name;
	uint64_t values[DISK_FIELDS];
	size_t n; /* how many columns there are, at least up to DISK_WEIGHTED_MS */
};

/* Reads the next disk of the text. Lines with fewer columns, as partitions had them
 * before Linux 2.6.25, are passed over. False where none is left. */
bool disk_next(struct scan *text, struct disk_reading *ret_reading);

struct disk {
	struct source source;
	struct roster disks;
};

extern const struct part disk_part;

#endif
