/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counting by state means to open, read and close a file for each process, since
 * the kernel keeps no such sum: 2 microseconds for a kernel thread, up to 10 for a
 * program with many threads, of which most goes into the figures of /proc/<pid>/stat
 * that nobody wants here. 10,000 processes take 20 to 100 ms, so there is a bound, and
 * the part can be switched off.
 */
#include "process.h"

#include "machine.h"
#include "options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	/* "pid (name) state ...": a name has at most 64 bytes. */
	PROCESS_STAT_SIZE = 256,
	PROCESS_NAME_SIZE = 32,
	/* How often a long count looks whether the run is over. */
	PROCESS_CHECK = 512,
};

static const struct {
	const char *name, *letters;
} states[PROCESS_STATES] = {
	[PROCESS_RUNNING] = { "running", "R" },
	[PROCESS_SLEEPING] = { "sleeping", "S" },
	[PROCESS_BLOCKED] = { "blocked", "DK" },
	[PROCESS_IDLE] = { "idle", "IP" },
	[PROCESS_STOPPED] = { "stopped", "Tt" },
	[PROCESS_DEFUNCT] = { "defunct", "ZXx" },
	[PROCESS_UNKNOWN] = { "unknown", "" },
};

bool process_parse(const char *text, size_t size, enum process_state *ret_state)
{
	/* The name may hold anything, parentheses too; nothing behind it does. */
	const char *name_end = size > 0 ? memrchr(text, ')', size) : NULL;
	char letter;

	if (!name_end || (size_t)(name_end - text) + 2 >= size || name_end[1] != ' ')
		return false;
	letter = name_end[2];
	for (size_t i = 0; i < PROCESS_UNKNOWN; i++) {
		if (letter != '\0' && strchr(states[i].letters, letter)) {
			*ret_state = (enum process_state)i;
			return true;
		}
	}
	*ret_state = PROCESS_UNKNOWN;
	return true;
}

static bool is_process(const char *name)
{
	return name[0] >= '1' && name[0] <= '9';
}

/* Processes end while they are counted; those are not counted. */
static void count_process(
	const struct machine *machine, const char *name, uint64_t counts[PROCESS_STATES])
{
	char path[PROCESS_NAME_SIZE], text[PROCESS_STAT_SIZE];
	enum process_state state;
	ssize_t n;
	int fd;

	if (snprintf(path, sizeof(path), "%s/stat", name) >= (int)sizeof(path))
		return;
	fd = openat(machine->proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	n = read(fd, text, sizeof(text));
	close(fd);
	if (n > 0 && process_parse(text, (size_t)n, &state))
		counts[state]++;
}

static int open_processes(struct process *process, const struct machine *machine)
{
	int fd;

	if (process->processes) {
		rewinddir(process->processes);
		return 0;
	}
	fd = openat(machine->proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	process->processes = fdopendir(fd);
	if (!process->processes) {
		int r = -errno;

		close(fd);
		return r;
	}
	return 0;
}

/* Returns how many processes there are, or more than most where there are more. */
static int64_t count_states(struct process *process, const struct machine *machine,
	struct report *report, uint64_t counts[PROCESS_STATES])
{
	int64_t most = machine->settings->process.most, n = 0;
	const struct dirent *entry;

	while (n <= most && (entry = readdir(process->processes))) {
		if (!is_process(entry->d_name))
			continue;
		n++;
		if (n % PROCESS_CHECK == 0 && report_is_over(report))
			break;
		if (n <= most)
			count_process(machine, entry->d_name, counts);
	}
	return n;
}

static int report_states(
	struct process *process, const struct machine *machine, struct report *report)
{
	uint64_t counts[PROCESS_STATES] = { 0 };
	int r = open_processes(process, machine);

	if (r < 0)
		return report_fail(report, r, "cannot list '%s': %s",
			machine->settings->proc, strerror(-r));
	if (count_states(process, machine, report, counts) >
		machine->settings->process.most) {
		if (!process->too_many_told)
			report->host->log(report->host, RK_LOG_WARNING,
				"more than %lld processes: they are not counted by state",
				(long long)machine->settings->process.most);
		process->too_many_told = true;
		return 0;
	}
	process->too_many_told = false;
	for (size_t i = 0; i < PROCESS_STATES; i++) {
		const struct rk_label label = { LABEL_PROCESS_STATE, states[i].name };

		report_amount(report,
			report_series(report, &process->states[i], METRIC_PROCESS_COUNT,
				&label, 1),
			counts[i]);
	}
	return 0;
}

static bool read_number(struct machine *machine, struct report *report,
	struct source *source, const char *name, uint64_t *ret_value)
{
	struct scan text;

	if (machine_read(machine, report, source, name) < 0)
		return false;
	text = machine_scan(machine);
	return scan_unsigned(&text, ret_value);
}

/* A thread takes a number of pid_max and a place of threads-max. */
static void report_limit(
	struct process *process, struct machine *machine, struct report *report)
{
	uint64_t threads, pids;

	if (!read_number(machine, report, &process->threads_max, "sys/kernel/threads-max",
		    &threads) ||
		!read_number(
			machine, report, &process->pid_max, "sys/kernel/pid_max", &pids))
		return;
	report_amount(report,
		report_series(report, &process->limit, METRIC_PROCESS_LIMIT, NULL, 0),
		threads < pids ? threads : pids);
}

static int process_collect(void *state, struct machine *machine, struct report *report)
{
	struct process *process = state;

	if (machine->kernel.has_created)
		report_total(report,
			report_series(report, &process->created, METRIC_PROCESS_CREATED,
				NULL, 0),
			0, machine->kernel.created, 0);
	report_limit(process, machine, report);
	if (machine->settings->process.most == 0)
		return 0;
	return report_states(process, machine, report);
}

static void process_finish(void *state)
{
	struct process *process = state;

	if (process->processes)
		closedir(process->processes);
	process->processes = NULL;
	source_close(&process->threads_max);
	source_close(&process->pid_max);
}

const struct part process_part = {
	.name = "process",
	.collect = process_collect,
	.finish = process_finish,
};
