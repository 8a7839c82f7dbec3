/* SPDX-License-Identifier: Apache-2.0 */
#include "descriptors.h"

#include "machine.h"

#include <errno.h>

bool descriptors_parse(
	const char *text, size_t size, struct descriptors_reading *ret_reading)
{
	struct scan scan = scan_of(text, size);
	struct descriptors_reading reading;
	uint64_t unused; /* allocated and free: 0 since Linux 2.6 */

	if (!scan_unsigned(&scan, &reading.count) || !scan_unsigned(&scan, &unused) ||
		!scan_unsigned(&scan, &reading.limit))
		return false;
	*ret_reading = reading;
	return true;
}

static int descriptors_collect(
	void *state, struct machine *machine, struct report *report)
{
	struct descriptors *descriptors = state;
	struct descriptors_reading reading;
	int r = machine_read(machine, report, &descriptors->source, "sys/fs/file-nr");

	if (r < 0)
		return r;
	if (!descriptors_parse(machine->text.data, machine->text.size, &reading))
		return report_fail(
			report, -EBADMSG, "'sys/fs/file-nr' has no three numbers");
	report_amount(report,
		report_series(
			report, &descriptors->count, METRIC_DESCRIPTOR_COUNT, NULL, 0),
		reading.count);
	report_amount(report,
		report_series(
			report, &descriptors->limit, METRIC_DESCRIPTOR_LIMIT, NULL, 0),
		reading.limit);
	return 0;
}

static void descriptors_finish(void *state)
{
	struct descriptors *descriptors = state;

	source_close(&descriptors->source);
}

const struct part descriptors_part = {
	.name = "descriptors",
	.collect = descriptors_collect,
	.finish = descriptors_finish,
};
