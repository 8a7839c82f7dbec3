/* SPDX-License-Identifier: Apache-2.0 */
#include "load.h"

#include "machine.h"

#include <errno.h>

static const char *const period_names[LOAD_PERIODS] = { "1m", "5m", "15m" };

bool load_parse(
	const char *text, size_t size, struct scan_decimal ret_averages[LOAD_PERIODS])
{
	struct scan scan = scan_of(text, size);

	for (size_t i = 0; i < LOAD_PERIODS; i++) {
		if (!scan_decimal(&scan, &ret_averages[i]))
			return false;
	}
	return true;
}

static int load_collect(void *state, struct machine *machine, struct report *report)
{
	struct load *load = state;
	struct scan_decimal averages[LOAD_PERIODS];
	int r = machine_read(machine, report, &load->source, "loadavg");

	if (r < 0)
		return r;
	if (!load_parse(machine->text.data, machine->text.size, averages))
		return report_fail(report, -EBADMSG, "'loadavg' has no three averages");
	for (size_t i = 0; i < LOAD_PERIODS; i++) {
		const struct rk_label label = { LABEL_LOAD_PERIOD, period_names[i] };

		report_level(report,
			report_series(report, &load->handles[i], METRIC_LOAD_AVERAGE,
				&label, 1),
			averages[i].digits, averages[i].scale);
	}
	return 0;
}

static void load_finish(void *state)
{
	struct load *load = state;

	source_close(&load->source);
}

const struct part load_part = {
	.name = "load",
	.collect = load_collect,
	.finish = load_finish,
};
