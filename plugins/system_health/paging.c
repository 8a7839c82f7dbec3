/* SPDX-License-Identifier: Apache-2.0 */
#include "paging.h"

#include "escape.h"
#include "filter.h"
#include "machine.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

static const char *const field_names[PAGING_FIELDS] = {
	[PAGING_FAULTS] = "pgfault",
	[PAGING_MAJOR_FAULTS] = "pgmajfault",
	[PAGING_SWAPPED_IN] = "pswpin",
	[PAGING_SWAPPED_OUT] = "pswpout",
};

struct paging_reading paging_parse(const char *text, size_t size)
{
	struct scan scan = scan_of(text, size), line, name;
	struct paging_reading reading = { 0 };

	while (scan_line(&scan, &line)) {
		/* Nearly all lines begin otherwise. */
		if (scan_left(&line) == 0 || *line.at != 'p' || !scan_word(&line, &name))
			continue;
		for (size_t i = 0; i < PAGING_FIELDS; i++) {
			if (scan_is(&name, field_names[i]))
				reading.known[i] =
					scan_unsigned(&line, &reading.values[i]);
		}
	}
	return reading;
}

bool swap_next(struct scan *text, struct swap_reading *ret_reading)
{
	struct scan line, type;

	while (scan_line(text, &line)) {
		struct swap_reading reading;

		/* The heading has words where the others have numbers. */
		if (!scan_word(&line, &reading.device) || !scan_word(&line, &type) ||
			!scan_unsigned(&line, &reading.size_bytes) ||
			!scan_unsigned(&line, &reading.used_bytes) ||
			__builtin_mul_overflow(reading.size_bytes, UINT64_C(1024),
				&reading.size_bytes) ||
			__builtin_mul_overflow(reading.used_bytes, UINT64_C(1024),
				&reading.used_bytes) ||
			reading.used_bytes > reading.size_bytes)
			continue;
		*ret_reading = reading;
		return true;
	}
	return false;
}

static void report_swap(
	struct report *report, struct member *member, const struct swap_reading *reading)
{
	const struct {
		const char *name;
		uint64_t bytes;
	} states[] = {
		{ "used", reading->used_bytes },
		{ "free", reading->size_bytes - reading->used_bytes },
	};

	for (size_t i = 0; i < RK_LEN(states); i++) {
		const struct rk_label labels[] = {
			{ LABEL_DEVICE, member->key },
			{ LABEL_PAGING_STATE, states[i].name },
		};

		report_amount(report,
			report_series(report, &member->handles[i], METRIC_PAGING_USAGE,
				labels, RK_LEN(labels)),
			states[i].bytes);
		report_ratio(report,
			report_series(report, &member->handles[RK_LEN(states) + i],
				METRIC_PAGING_UTILIZATION, labels, RK_LEN(labels)),
			states[i].bytes, reading->size_bytes);
	}
}

static int collect_swaps(
	struct paging *paging, struct machine *machine, struct report *report)
{
	char device[PATH_MAX];
	struct scan text;
	struct swap_reading reading;
	int r = machine_read(machine, report, &paging->swaps, "swaps");

	if (r < 0)
		return r;
	text = machine_scan(machine);
	roster_begin(&paging->devices, 4, 0);
	while (swap_next(&text, &reading)) {
		struct member *member;

		if (!escape_undo(&reading.device, device, sizeof(device)) ||
			!label_fits(device))
			continue;
		member = roster_take(&paging->devices, device, strlen(device));
		if (member)
			report_swap(report, member, &reading);
	}
	roster_end(&paging->devices, report);
	return 0;
}

static void report_totals(struct report *report, struct paging *paging,
	const struct paging_reading *reading)
{
	const uint64_t *values = reading->values;
	const bool *known = reading->known;
	bool both = known[PAGING_FAULTS] && known[PAGING_MAJOR_FAULTS] &&
		    values[PAGING_FAULTS] >= values[PAGING_MAJOR_FAULTS];
	const struct {
		bool known;
		uint64_t value;
		enum metric metric;
		const char *type, *direction; /* NULL: no such label */
	} totals[PAGING_TOTALS] = {
		{ known[PAGING_MAJOR_FAULTS], values[PAGING_MAJOR_FAULTS],
			METRIC_PAGING_FAULTS, "major", NULL },
		{ both, values[PAGING_FAULTS] - values[PAGING_MAJOR_FAULTS],
			METRIC_PAGING_FAULTS, "minor", NULL },
		{ known[PAGING_SWAPPED_IN], values[PAGING_SWAPPED_IN],
			METRIC_PAGING_OPERATIONS, "major", "in" },
		{ known[PAGING_SWAPPED_OUT], values[PAGING_SWAPPED_OUT],
			METRIC_PAGING_OPERATIONS, "major", "out" },
	};

	for (size_t i = 0; i < PAGING_TOTALS; i++) {
		const struct rk_label labels[] = {
			{ LABEL_FAULT_TYPE, totals[i].type },
			{ LABEL_PAGING_FLOW, totals[i].direction },
		};

		if (totals[i].known)
			report_total(report,
				report_series(report, &paging->totals[i],
					totals[i].metric, labels,
					totals[i].direction ? 2 : 1),
				0, totals[i].value, 0);
	}
}

static int paging_collect(void *state, struct machine *machine, struct report *report)
{
	struct paging *paging = state;
	struct paging_reading reading;
	int swaps = collect_swaps(paging, machine, report);
	int r = machine_read(machine, report, &paging->vmstat, "vmstat");

	if (r < 0)
		return r;
	reading = paging_parse(machine->text.data, machine->text.size);
	report_totals(report, paging, &reading);
	return swaps;
}

static void paging_finish(void *state)
{
	struct paging *paging = state;

	source_close(&paging->vmstat);
	source_close(&paging->swaps);
	roster_finish(&paging->devices);
}

const struct part paging_part = {
	.name = "paging",
	.collect = paging_collect,
	.finish = paging_finish,
};
