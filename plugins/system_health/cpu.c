/* SPDX-License-Identifier: Apache-2.0 */
#include "cpu.h"

#include "machine.h"
#include "options.h"

#include <errno.h>
#include <string.h>

/* Idle and waiting time are estimated by the kernel when they are read, and can
 * turn out a little less the next time. Up to this the larger figure is kept:
 * a running total that goes down would be taken for a new start. */
enum { CPU_STEP_BACK_S = 3 };

/* The member's handles: the times, then the utilizations. */
enum { CPU_HANDLES = 2 * CPU_MODES };

enum { CPU_NUMBER_DIGITS = 10 };

static const char *const mode_names[CPU_MODES] = {
	[CPU_USER] = "user",
	[CPU_NICE] = "nice",
	[CPU_SYSTEM] = "system",
	[CPU_IDLE] = "idle",
	[CPU_IOWAIT] = "iowait",
	[CPU_INTERRUPT] = "interrupt",
	[CPU_SOFTIRQ] = "softirq",
	[CPU_STEAL] = "steal",
};

static bool is_number(const struct scan *word)
{
	if (scan_left(word) > CPU_NUMBER_DIGITS)
		return false;
	for (const char *at = word->at; at < word->end; at++) {
		if (*at < '0' || *at > '9')
			return false;
	}
	return true;
}

bool cpu_next(struct scan *text, struct cpu_reading *ret_reading)
{
	struct scan line, word;

	while (scan_line(text, &line)) {
		struct cpu_reading reading = { 0 };

		if (!scan_word(&line, &word) || !scan_text(&word, "cpu"))
			continue;
		reading.number = word;
		while (reading.n_modes < CPU_MODES &&
			scan_unsigned(&line, &reading.ticks[reading.n_modes]))
			reading.n_modes++;
		/* user, nice, system and idle have always been there. */
		if (reading.n_modes <= CPU_IDLE || !is_number(&reading.number))
			continue;
		*ret_reading = reading;
		return true;
	}
	return false;
}

static uint32_t mode_series(
	struct report *report, struct member *member, enum metric metric, size_t mode)
{
	const struct rk_label labels[] = {
		{ LABEL_CPU_MODE, mode_names[mode] },
		{ LABEL_CPU, member->key },
	};
	size_t i = metric == METRIC_CPU_TIME ? mode : CPU_MODES + mode;

	return report_series(report, &member->handles[i], metric, labels,
		member->key_size > 0 ? 2 : 1);
}

static void report_time(struct report *report, const struct machine *machine,
	uint32_t series, uint64_t ticks)
{
	if (machine->ticks_are_decimal) {
		report_total(report, series, 0, ticks, machine->ticks_scale);
		return;
	}
	report_add(report, &(struct rk_sample){
				   .series = series,
				   .start_ns = report->boot_ns,
				   .value = { .real = (double)ticks /
						      (double)machine->ticks_per_second },
			   });
}

/* The time between the two readings as the CPU itself counts it. False where one
 * of its counters is new or went down, so that no share can be told. */
static bool elapsed_ticks(const struct member *member, size_t n, uint64_t *ret_ticks)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		if (!member->counters[i].has_delta ||
			__builtin_add_overflow(sum, member->counters[i].delta, &sum))
			return false;
	}
	*ret_ticks = sum;
	return true;
}

static void report_cpu(struct report *report, const struct machine *machine,
	struct member *member, const struct cpu_reading *reading)
{
	uint64_t elapsed;

	for (size_t i = 0; i < reading->n_modes; i++) {
		struct counter *counter = &member->counters[i];
		uint64_t ticks = reading->ticks[i];

		if (counter->known && ticks < counter->value &&
			counter->value - ticks <=
				CPU_STEP_BACK_S * machine->ticks_per_second)
			ticks = counter->value;
		counter_read(counter, ticks, report);
		report_time(report, machine,
			mode_series(report, member, METRIC_CPU_TIME, i), ticks);
	}
	if (!elapsed_ticks(member, reading->n_modes, &elapsed))
		return;
	for (size_t i = 0; i < reading->n_modes; i++)
		report_ratio(report,
			mode_series(report, member, METRIC_CPU_UTILIZATION, i),
			member->counters[i].delta, elapsed);
}

static int cpu_collect(void *state, struct machine *machine, struct report *report)
{
	struct cpu *cpu = state;
	struct scan text = scan_of(machine->stat_text.data, machine->stat_text.size);
	struct cpu_reading reading;
	uint64_t count = 0;

	if (machine->stat_result < 0)
		return report_fail(report, machine->stat_result,
			"cannot read '%s/stat': %s", machine->settings->proc,
			strerror(-machine->stat_result));
	roster_begin(&cpu->cpus, CPU_HANDLES, CPU_MODES);
	while (cpu_next(&text, &reading)) {
		bool is_total = scan_left(&reading.number) == 0;
		struct member *member;

		count += !is_total;
		if (!is_total && !machine->settings->cpu.per_core)
			continue;
		member = roster_take(
			&cpu->cpus, reading.number.at, scan_left(&reading.number));
		if (member)
			report_cpu(report, machine, member, &reading);
	}
	roster_end(&cpu->cpus, report);
	if (cpu->cpus.n == 0)
		return report_fail(report, -EBADMSG, "'%s/stat' has no line of a CPU",
			machine->settings->proc);
	report_amount(report,
		report_series(report, &cpu->count, METRIC_CPU_LOGICAL_COUNT, NULL, 0),
		count);
	return 0;
}

static void cpu_finish(void *state)
{
	struct cpu *cpu = state;

	roster_finish(&cpu->cpus);
}

const struct part cpu_part = {
	.name = "cpu",
	.collect = cpu_collect,
	.finish = cpu_finish,
};
