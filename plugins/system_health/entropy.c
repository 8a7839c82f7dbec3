/* SPDX-License-Identifier: Apache-2.0 */
#include "entropy.h"

#include "machine.h"

#include <errno.h>

bool entropy_parse(const char *text, size_t size, uint64_t *ret_bits)
{
	struct scan scan = scan_of(text, size);

	return scan_unsigned(&scan, ret_bits);
}

static int entropy_collect(void *state, struct machine *machine, struct report *report)
{
	struct entropy *entropy = state;
	uint64_t bits;
	int r = machine_read(
		machine, report, &entropy->source, "sys/kernel/random/entropy_avail");

	if (r < 0)
		return r;
	if (!entropy_parse(machine->text.data, machine->text.size, &bits))
		return report_fail(report, -EBADMSG, "'entropy_avail' is no number");
	report_amount(report,
		report_series(report, &entropy->handle, METRIC_ENTROPY, NULL, 0), bits);
	return 0;
}

static void entropy_finish(void *state)
{
	struct entropy *entropy = state;

	source_close(&entropy->source);
}

const struct part entropy_part = {
	.name = "entropy",
	.collect = entropy_collect,
	.finish = entropy_finish,
};
