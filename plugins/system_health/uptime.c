/* SPDX-License-Identifier: Apache-2.0 */
#include "uptime.h"

#include "machine.h"

#include <errno.h>

bool uptime_parse(const char *text, size_t size, struct scan_decimal *ret_uptime)
{
	struct scan scan = scan_of(text, size);

	return scan_decimal(&scan, ret_uptime);
}

static int uptime_collect(void *state, struct machine *machine, struct report *report)
{
	struct uptime *uptime = state;
	struct scan_decimal seconds;
	int r = machine_read(machine, report, &uptime->source, "uptime");

	if (r < 0)
		return r;
	if (!uptime_parse(machine->text.data, machine->text.size, &seconds))
		return report_fail(report, -EBADMSG, "'uptime' is no number");
	report_level(report,
		report_series(report, &uptime->handle, METRIC_UPTIME, NULL, 0),
		seconds.digits, seconds.scale);
	return 0;
}

static void uptime_finish(void *state)
{
	struct uptime *uptime = state;

	source_close(&uptime->source);
}

const struct part uptime_part = {
	.name = "uptime",
	.collect = uptime_collect,
	.finish = uptime_finish,
};
