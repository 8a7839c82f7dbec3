/* SPDX-License-Identifier: Apache-2.0 */
#include "network.h"

#include "machine.h"
#include "options.h"

static const struct {
	enum network_field field;
	enum metric metric;
	const char *direction;
} totals[] = {
	{ NETWORK_RECEIVED_BYTES, METRIC_NETWORK_IO, "receive" },
	{ NETWORK_RECEIVED_PACKETS, METRIC_NETWORK_PACKET_COUNT, "receive" },
	{ NETWORK_RECEIVED_ERRORS, METRIC_NETWORK_ERRORS, "receive" },
	{ NETWORK_RECEIVED_DROPPED, METRIC_NETWORK_PACKET_DROPPED, "receive" },
	{ NETWORK_TRANSMITTED_BYTES, METRIC_NETWORK_IO, "transmit" },
	{ NETWORK_TRANSMITTED_PACKETS, METRIC_NETWORK_PACKET_COUNT, "transmit" },
	{ NETWORK_TRANSMITTED_ERRORS, METRIC_NETWORK_ERRORS, "transmit" },
	{ NETWORK_TRANSMITTED_DROPPED, METRIC_NETWORK_PACKET_DROPPED, "transmit" },
};

bool network_next(struct scan *text, struct network_reading *ret_reading)
{
	struct scan line, name;

	while (scan_line(text, &line)) {
		struct network_reading reading = { 0 };
		size_t n = 0;

		/* The two lines of the heading have no colon. Old kernels write the
		 * first number right behind it. */
		if (!scan_until(&line, ':', &name) || !scan_word(&name, &reading.name))
			continue;
		while (n < NETWORK_FIELDS && scan_unsigned(&line, &reading.values[n]))
			n++;
		if (n < NETWORK_FIELDS)
			continue;
		*ret_reading = reading;
		return true;
	}
	return false;
}

static void report_interface(struct report *report, struct member *member,
	const struct network_reading *reading)
{
	for (size_t i = 0; i < RK_LEN(totals); i++) {
		const struct rk_label labels[] = {
			{ LABEL_INTERFACE, member->key },
			{ LABEL_NET_DIRECTION, totals[i].direction },
			{ LABEL_DEVICE, member->key },
		};
		bool is_packets = totals[i].metric == METRIC_NETWORK_PACKET_COUNT;
		struct counter *counter = &member->counters[i];

		counter_read(counter, reading->values[totals[i].field], report);
		report_total(report,
			report_series(report, &member->handles[i], totals[i].metric,
				labels, is_packets ? 3 : 2),
			counter->start_ns, counter->value, 0);
	}
}

static int network_collect(void *state, struct machine *machine, struct report *report)
{
	struct network *network = state;
	struct network_reading reading;
	struct scan text;
	int r = machine_read_view(machine, report, &network->source, "net/dev");

	if (r < 0)
		return r;
	text = machine_scan(machine);
	roster_begin(&network->interfaces, RK_LEN(totals), RK_LEN(totals));
	while (network_next(&text, &reading)) {
		struct member *member = roster_take(
			&network->interfaces, reading.name.at, scan_left(&reading.name));

		if (!member)
			continue;
		if (member->fresh)
			member->wanted = label_fits(member->key) &&
					 filter_takes(&machine->settings->network.names,
						 member->key);
		if (member->wanted)
			report_interface(report, member, &reading);
	}
	roster_end(&network->interfaces, report);
	return machine_understood(machine, report, "net/dev", network->interfaces.n > 0);
}

static void network_finish(void *state)
{
	struct network *network = state;

	source_close(&network->source);
	roster_finish(&network->interfaces);
}

const struct part network_part = {
	.name = "network",
	.collect = network_collect,
	.finish = network_finish,
};
