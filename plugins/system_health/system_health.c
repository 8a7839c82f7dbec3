/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the machine feels: CPU, memory, disks, file systems, network, processes, the
 * units of systemd and the queue of the mail server.
 *
 * A run goes through the table of parts. Each reads its files, parses them and
 * reports; what this machine lacks is left out and told once; what fails otherwise
 * makes the run partial, and the others are reported all the same.
 */
#include "system_health.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static_assert(offsetof(struct system_health, settings) == 0, "options.h");

#define PART(member, part_switch)                                                        \
	{                                                                                \
		&member##_part, offsetof(struct system_health, member),                  \
			offsetof(struct settings, parts.part_switch)                     \
	}

/* What may have to wait for someone else comes last. */
static const struct {
	const struct part *part;
	size_t state, enabled; /* offsets */
} parts[PARTS] = {
	PART(uptime, uptime),
	PART(load, load),
	PART(cpu, cpu),
	PART(memory, memory),
	PART(paging, paging),
	PART(disk, disk),
	PART(network, network),
	PART(tcp, tcp),
	PART(pressure, pressure),
	PART(process, process),
	PART(descriptors, descriptors),
	PART(entropy, entropy),
	PART(temperature, temperature),
	PART(filesystem, filesystem),
	PART(units, units),
	PART(mail_postfix, mail),
	PART(mail_exim, mail),
};

static void *part_state(struct system_health *health, size_t i)
{
	return (char *)health + parts[i].state;
}

static bool part_is_enabled(const struct system_health *health, size_t i)
{
	return *(const bool *)((const char *)&health->settings + parts[i].enabled);
}

/* Files that this kernel does not have, or not for us. */
static bool is_lacking(int r)
{
	static const int lacking[] = { ENOENT, ENOTDIR, EACCES, EPERM, ENODEV, ENXIO,
		EOPNOTSUPP, ENOSYS };

	for (size_t i = 0; i < RK_LEN(lacking); i++) {
		if (r == -lacking[i])
			return true;
	}
	return false;
}

static void tell_absence(struct system_health *health, size_t i)
{
	if (!health->absence_told[i])
		health->host->log(health->host, RK_LOG_INFO, "%s is left out: %s",
			parts[i].part->name, health->report.reason);
	health->absence_told[i] = true;
}

static void note_failure(struct system_health *health, size_t i, int r)
{
	const char *reason = health->report.reason;
	size_t n = strlen(health->why);

	(void)snprintf(health->why + n, sizeof(health->why) - n, "%s%s: %s",
		n > 0 ? "; " : "", parts[i].part->name,
		reason[0] ? reason : strerror(-r));
}

static void collect_part(struct system_health *health, size_t i)
{
	struct report *report = &health->report;
	uint64_t before = report->n_total;
	int r;

	report->reason[0] = '\0';
	r = parts[i].part->collect(part_state(health, i), &health->machine, report);
	if (r < 0 && is_lacking(r))
		tell_absence(health, i);
	else if (r < 0)
		note_failure(health, i, r);
	if (report->host->request(report->run)->flags & RK_EXPLAIN)
		report->host->log(report->host, RK_LOG_INFO, "%s gave %llu samples%s%s",
			parts[i].part->name,
			(unsigned long long)(report->n_total - before),
			report->reason[0] ? "; " : "", report->reason);
}

static void check(const void *self, const struct rk_host *host, struct rk_faults *faults)
{
	const struct system_health *health = self;

	options_check(&health->settings, host, faults);
}

static int start(void *self, const struct rk_host *host)
{
	struct system_health *health = self;
	int r;

	health->host = host;
	r = machine_open(&health->machine, &health->settings);
	if (r < 0)
		host->log(host, RK_LOG_NOTICE, "cannot open '%s': %s",
			health->settings.proc, strerror(-r));
	return r == -ENOENT || r == -ENOTDIR ? -ENOTSUP : r;
}

static void collect(void *self, struct rk_run *run)
{
	struct system_health *health = self;
	struct report *report = &health->report;
	int r;

	health->why[0] = '\0';
	report_begin(report, health->host, run);
	machine_begin(&health->machine, report);
	for (size_t i = 0; i < PARTS && !report_is_over(report); i++) {
		if (part_is_enabled(health, i))
			collect_part(health, i);
	}
	r = report_is_over(report) ? report->failure : report_flush(report);
	if (r < 0)
		health->host->done(run, r, strerror(-r));
	else if (health->why[0])
		health->host->done(run, RK_PARTIAL, health->why);
	else
		health->host->done(run, 0, NULL);
}

static void stop(void *self)
{
	struct system_health *health = self;

	for (size_t i = 0; i < PARTS; i++)
		parts[i].part->finish(part_state(health, i));
	machine_close(&health->machine);
}

const struct rk_plugin rk_plugin_entry = {
	RK_PLUGIN_ABI,
	.name = "system_health",
	.summary = "Reports how the machine feels: CPU, memory, disks, file systems, "
		   "network, processes, units of systemd and the mail queue.",
	.version = "1.0.0",
	.flags = RK_BLOCKING,
	.needs = RK_NEED_UNIX | RK_NEED_FILES,
	.interval = "10s",
	.timeout = "10s",
	.options = system_health_options,
	.n_options = OPTION_N,
	.metrics = system_health_metrics,
	.n_metrics = METRIC_N,
	.state_size = sizeof(struct system_health),
	.check = check,
	.start = start,
	.collect = collect,
	.stop = stop,
};
