/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machine that is looked at, by its /proc and /sys: this one, the host that a
 * container runs on, or a captured tree. What several parts read is read here,
 * once a run.
 */
#ifndef SYSTEM_HEALTH_MACHINE_H
#define SYSTEM_HEALTH_MACHINE_H

#include "scan.h"
#include "source.h"

#include <stdbool.h>
#include <stdint.h>

struct report;
struct settings;

enum { MACHINE_PATH_SIZE = 4096 };

/* What /proc/stat says besides CPU times. */
struct kernel_stat {
	uint64_t boot_s; /* Unix time; 0: unsaid */
	uint64_t created;
	bool has_created;
};

/* Reads both from the text of /proc/stat. */
struct kernel_stat kernel_stat_parse(const char *text, size_t size);

/* A zeroed struct is a machine that is not open. */
struct machine {
	const struct settings *settings; /* borrowed */
	int proc, sys;                   /* descriptors of the folders */
	bool proc_open, sys_open;
	/* Whose view of mounts and interfaces counts: our own, or with a root
	 * of the host's that of its first process. */
	const char *process;
	uint64_t ticks_per_second;
	bool ticks_are_decimal; /* a tick is 1 / 10^ticks_scale second */
	uint32_t ticks_scale;
	struct source stat;
	struct text stat_text; /* /proc/stat, valid for the run */
	int stat_result;       /* of reading it */
	struct kernel_stat kernel;
	struct text text; /* of the part at work, valid until it reads again */
};

/* 0, or what opening /proc gave. machine_close follows either way. */
int machine_open(struct machine *machine, const struct settings *settings);
void machine_close(struct machine *machine);

/* Reads what all parts share, and tells the report since when the kernel counts. */
void machine_begin(struct machine *machine, struct report *report);

/* Reads a file of /proc into machine->text. 0, or a negative errno whose reason the
 * report has got. */
int machine_read(struct machine *machine, struct report *report, struct source *source,
	const char *name);

/* The same for one of the process whose view counts, such as "net/dev". */
int machine_read_view(struct machine *machine, struct report *report,
	struct source *source, const char *name);

/* 0 where something was read from machine->text, or where it is empty; else -EBADMSG,
 * since a file whose lines are all strange is no empty one. */
int machine_understood(
	struct machine *machine, struct report *report, const char *name, bool something);

static inline struct scan machine_scan(const struct machine *machine)
{
	return scan_of(machine->text.data, machine->text.size);
}

/* Puts the path behind the host's root. 0 or -ENAMETOOLONG. */
int machine_path(
	const struct machine *machine, const char *path, char to[MACHINE_PATH_SIZE]);

#endif
