/* SPDX-License-Identifier: Apache-2.0 */
#include "machine.h"

#include "monotonic.h"
#include "options.h"
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MACHINE_NAME_SIZE = 64 };

struct kernel_stat kernel_stat_parse(const char *text, size_t size)
{
	struct scan scan = scan_of(text, size), line;
	struct kernel_stat stat = { 0 };
	uint64_t value;

	while (scan_line(&scan, &line)) {
		if (scan_text(&line, "btime ") && scan_unsigned(&line, &value)) {
			stat.boot_s = value;
		} else if (scan_text(&line, "processes ") &&
			   scan_unsigned(&line, &value)) {
			stat.created = value;
			stat.has_created = true;
		}
	}
	return stat;
}

static int open_folder(const char *path, int *ret_fd)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	*ret_fd = fd;
	return 0;
}

/* The kernel counts CPU time in ticks, 100 of them a second on all common machines. */
static void set_ticks(struct machine *machine)
{
	long ticks = sysconf(_SC_CLK_TCK);
	uint64_t power = 1;

	machine->ticks_per_second = ticks > 0 ? (uint64_t)ticks : 100;
	while (power < machine->ticks_per_second) {
		power *= 10;
		machine->ticks_scale++;
	}
	machine->ticks_are_decimal = power == machine->ticks_per_second;
}

int machine_open(struct machine *machine, const struct settings *settings)
{
	int r;

	machine->settings = settings;
	machine->process =
		settings->root && strcmp(settings->root, "/") != 0 ? "1" : "self";
	set_ticks(machine);
	r = open_folder(settings->proc, &machine->proc);
	if (r < 0)
		return r;
	machine->proc_open = true;
	/* Without /sys, only what it tells is missing. */
	machine->sys_open = open_folder(settings->sys, &machine->sys) == 0;
	return 0;
}

void machine_close(struct machine *machine)
{
	source_close(&machine->stat);
	text_finish(&machine->stat_text);
	text_finish(&machine->text);
	if (machine->proc_open)
		close(machine->proc);
	if (machine->sys_open)
		close(machine->sys);
	*machine = (struct machine){ 0 };
}

void machine_begin(struct machine *machine, struct report *report)
{
	machine->kernel = (struct kernel_stat){ 0 };
	machine->stat_result =
		source_read(&machine->stat, machine->proc, "stat", &machine->stat_text);
	if (machine->stat_result == 0)
		machine->kernel = kernel_stat_parse(
			machine->stat_text.data, machine->stat_text.size);
	report->boot_ns = 0;
	/* A clock that is not set yet can stand before the boot. */
	if (machine->kernel.boot_s < (uint64_t)(report->now_ns / NS_PER_SECOND))
		report->boot_ns = (int64_t)machine->kernel.boot_s * NS_PER_SECOND;
}

int machine_read(struct machine *machine, struct report *report, struct source *source,
	const char *name)
{
	int r = source_read(source, machine->proc, name, &machine->text);

	if (r < 0)
		report_fail(report, r, "cannot read '%s/%s': %s", machine->settings->proc,
			name, strerror(-r));
	return r;
}

int machine_read_view(struct machine *machine, struct report *report,
	struct source *source, const char *name)
{
	char view[MACHINE_NAME_SIZE];

	(void)snprintf(view, sizeof(view), "%s/%s", machine->process, name);
	return machine_read(machine, report, source, view);
}

int machine_understood(
	struct machine *machine, struct report *report, const char *name, bool something)
{
	if (something || machine->text.size == 0)
		return 0;
	return report_fail(report, -EBADMSG, "'%s' is not understood", name);
}

int machine_path(
	const struct machine *machine, const char *path, char to[MACHINE_PATH_SIZE])
{
	const char *root = machine->settings->root;
	int n = snprintf(to, MACHINE_PATH_SIZE, "%s%s",
		root && strcmp(root, "/") != 0 ? root : "", path);

	return n < MACHINE_PATH_SIZE ? 0 : -ENAMETOOLONG;
}
