/* SPDX-License-Identifier: Apache-2.0 */
#include "disk.h"

#include "machine.h"
#include "options.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A sector is this size whatever the disk's own is. */
enum { SECTOR_SIZE = 512 };

enum { DISK_NAME_SIZE = 128, MS_SCALE = 3, LATENCY_SCALE = 6, US_PER_MS = 1000 };

enum disk_direction { DISK_READ, DISK_WRITE, DISK_DISCARD, DISK_FLUSH, DISK_DIRECTIONS };

#define NO_FIELD DISK_FIELDS

/* Where each direction has its columns. What is discarded is not transferred. */
static const struct {
	const char *name;
	enum disk_field operations, ms, merged, sectors;
} directions[DISK_DIRECTIONS] = {
	[DISK_READ] = { "read", DISK_READS, DISK_READ_MS, DISK_READS_MERGED,
		DISK_READ_SECTORS },
	[DISK_WRITE] = { "write", DISK_WRITES, DISK_WRITE_MS, DISK_WRITES_MERGED,
		DISK_WRITTEN_SECTORS },
	[DISK_DISCARD] = { "discard", DISK_DISCARDS, DISK_DISCARD_MS,
		DISK_DISCARDS_MERGED, NO_FIELD },
	[DISK_FLUSH] = { "flush", DISK_FLUSHES, DISK_FLUSH_MS, NO_FIELD, NO_FIELD },
};

/* The member's handles: one for each column that is reported, then the latencies. */
enum { DISK_HANDLES = DISK_FIELDS + DISK_DIRECTIONS };

bool disk_next(struct scan *text, struct disk_reading *ret_reading)
{
	struct scan line, word;

	while (scan_line(text, &line)) {
		struct disk_reading reading = { 0 };

		bool named = scan_word(&line, &word); /* the major number */

		named = named && scan_word(&line, &word); /* the minor number */
		if (!named || !scan_word(&line, &reading.name))
			continue;
		while (reading.n < DISK_FIELDS &&
			scan_unsigned(&line, &reading.values[reading.n]))
			reading.n++;
		if (reading.n <= DISK_WEIGHTED_MS)
			continue;
		*ret_reading = reading;
		return true;
	}
	return false;
}

/* sysfs knows what a partition is; its names have ! for a slash. */
static bool is_partition(const struct machine *machine, const char *name)
{
	char path[DISK_NAME_SIZE + 32];

	(void)snprintf(path, sizeof(path), "class/block/%s/partition", name);
	for (char *at = path + strlen("class/block/"); *at; at++) {
		if (*at == '/' && strcmp(at, "/partition") != 0)
			*at = '!';
	}
	return machine->sys_open && faccessat(machine->sys, path, F_OK, 0) == 0;
}

static bool is_wanted(const struct machine *machine, const char *name)
{
	const struct disk_settings *settings = &machine->settings->disk;

	return label_fits(name) && filter_takes(&settings->names, name) &&
	       (settings->partitions || !is_partition(machine, name));
}

struct disk_total {
	enum metric metric;
	enum disk_field field;
	const char *direction; /* NULL: none */
	uint64_t factor;
	uint32_t scale;
};

static void report_field(
	struct report *report, struct member *member, const struct disk_total *total)
{
	const struct rk_label labels[] = {
		{ LABEL_DEVICE, member->key },
		{ LABEL_DISK_DIRECTION, total->direction },
	};
	const struct counter *counter = &member->counters[total->field];
	uint64_t digits;

	if (!counter->known ||
		__builtin_mul_overflow(counter->value, total->factor, &digits))
		return;
	report_total(report,
		report_series(report, &member->handles[total->field], total->metric,
			labels, total->direction ? 2 : 1),
		counter->start_ns, digits, total->scale);
}

static void report_direction(struct report *report, struct member *member, size_t i)
{
	const char *name = directions[i].name;
	const struct disk_total totals[] = {
		{ METRIC_DISK_OPERATIONS, directions[i].operations, name, 1, 0 },
		{ METRIC_DISK_OPERATION_TIME, directions[i].ms, name, 1, MS_SCALE },
		{ METRIC_DISK_MERGED, directions[i].merged, name, 1, 0 },
		{ METRIC_DISK_IO, directions[i].sectors, name, SECTOR_SIZE, 0 },
	};

	for (size_t k = 0; k < RK_LEN(totals); k++) {
		if (totals[k].field != NO_FIELD)
			report_field(report, member, &totals[k]);
	}
}

/* The time of the operations since the run before, divided by their number. */
static void report_latency(struct report *report, struct member *member, size_t i)
{
	const struct rk_label labels[] = {
		{ LABEL_DEVICE, member->key },
		{ LABEL_DISK_DIRECTION, directions[i].name },
	};
	const struct counter *operations = &member->counters[directions[i].operations];
	const struct counter *ms = &member->counters[directions[i].ms];
	uint64_t us;

	if (!operations->has_delta || !ms->has_delta || operations->delta == 0 ||
		__builtin_mul_overflow(ms->delta, (uint64_t)US_PER_MS, &us))
		return;
	us = us / operations->delta +
	     (us % operations->delta >= (operations->delta + 1) / 2);
	report_level(report,
		report_series(report, &member->handles[DISK_FIELDS + i],
			METRIC_DISK_LATENCY, labels, RK_LEN(labels)),
		(int64_t)us, LATENCY_SCALE);
}

static void report_disk(
	struct report *report, struct member *member, const struct disk_reading *reading)
{
	static const struct disk_total busy = { METRIC_DISK_IO_TIME, DISK_BUSY_MS, NULL,
		1, MS_SCALE };

	for (size_t i = 0; i < reading->n; i++)
		counter_read(&member->counters[i], reading->values[i], report);
	report_field(report, member, &busy);
	for (size_t i = 0; i < DISK_DIRECTIONS; i++) {
		report_direction(report, member, i);
		report_latency(report, member, i);
	}
}

static int disk_collect(void *state, struct machine *machine, struct report *report)
{
	struct disk *disk = state;
	struct disk_reading reading;
	struct scan text;
	int r = machine_read(machine, report, &disk->source, "diskstats");

	if (r < 0)
		return r;
	text = machine_scan(machine);
	roster_begin(&disk->disks, DISK_HANDLES, DISK_FIELDS);
	while (disk_next(&text, &reading)) {
		struct member *member;

		if (scan_left(&reading.name) >= DISK_NAME_SIZE)
			continue;
		member = roster_take(
			&disk->disks, reading.name.at, scan_left(&reading.name));
		if (!member)
			continue;
		if (member->fresh)
			member->wanted = is_wanted(machine, member->key);
		if (member->wanted)
			report_disk(report, member, &reading);
	}
	roster_end(&disk->disks, report);
	return machine_understood(machine, report, "diskstats", disk->disks.n > 0);
}

static void disk_finish(void *state)
{
	struct disk *disk = state;

	source_close(&disk->source);
	roster_finish(&disk->disks);
}

const struct part disk_part = {
	.name = "disk",
	.collect = disk_collect,
	.finish = disk_finish,
};
