/* SPDX-License-Identifier: Apache-2.0 */
#include "memory.h"

#include "machine.h"

#include <errno.h>

static const char *const field_names[MEMORY_FIELDS] = {
	[MEMORY_TOTAL] = "MemTotal",
	[MEMORY_FREE] = "MemFree",
	[MEMORY_AVAILABLE] = "MemAvailable",
	[MEMORY_BUFFERS] = "Buffers",
	[MEMORY_CACHED] = "Cached",
	[MEMORY_SHARED] = "Shmem",
	[MEMORY_RECLAIMABLE] = "SReclaimable",
	[MEMORY_UNRECLAIMABLE] = "SUnreclaim",
};

static const char *const state_names[MEMORY_STATES] = {
	[MEMORY_STATE_USED] = "used",
	[MEMORY_STATE_FREE] = "free",
	[MEMORY_STATE_BUFFERS] = "buffers",
	[MEMORY_STATE_CACHED] = "cached",
};

/* The fields that are metrics as they stand. */
static const struct {
	enum memory_field field;
	enum metric metric;
	struct rk_label label; /* no name: none */
} stated[] = {
	{ MEMORY_TOTAL, METRIC_MEMORY_LIMIT, { NULL, NULL } },
	{ MEMORY_AVAILABLE, METRIC_MEMORY_AVAILABLE, { NULL, NULL } },
	{ MEMORY_SHARED, METRIC_MEMORY_SHARED, { NULL, NULL } },
	{ MEMORY_RECLAIMABLE, METRIC_MEMORY_SLAB_USAGE,
		{ LABEL_SLAB_STATE, "reclaimable" } },
	{ MEMORY_UNRECLAIMABLE, METRIC_MEMORY_SLAB_USAGE,
		{ LABEL_SLAB_STATE, "unreclaimable" } },
};

struct memory_reading memory_parse(const char *text, size_t size)
{
	struct scan scan = scan_of(text, size), line, name;
	struct memory_reading reading = { 0 };

	while (scan_line(&scan, &line)) {
		uint64_t value;

		if (!scan_until(&line, ':', &name) || !scan_unsigned(&line, &value) ||
			__builtin_mul_overflow(value, UINT64_C(1024), &value))
			continue;
		for (size_t i = 0; i < MEMORY_FIELDS; i++) {
			if (scan_is(&name, field_names[i])) {
				reading.bytes[i] = value;
				reading.known[i] = true;
			}
		}
	}
	return reading;
}

bool memory_split(const struct memory_reading *reading, uint64_t ret_bytes[MEMORY_STATES])
{
	const uint64_t *bytes = reading->bytes;
	uint64_t cached, taken;

	if (!reading->known[MEMORY_TOTAL] || !reading->known[MEMORY_FREE] ||
		!reading->known[MEMORY_BUFFERS] || !reading->known[MEMORY_CACHED])
		return false;
	/* A mail queue of many small files fills the kernel's caches of names and
	 * inodes, which is no memory in use. */
	if (__builtin_add_overflow(
		    bytes[MEMORY_CACHED], bytes[MEMORY_RECLAIMABLE], &cached) ||
		__builtin_add_overflow(
			bytes[MEMORY_FREE], bytes[MEMORY_BUFFERS], &taken) ||
		__builtin_add_overflow(taken, cached, &taken) ||
		taken > bytes[MEMORY_TOTAL])
		return false;
	ret_bytes[MEMORY_STATE_USED] = bytes[MEMORY_TOTAL] - taken;
	ret_bytes[MEMORY_STATE_FREE] = bytes[MEMORY_FREE];
	ret_bytes[MEMORY_STATE_BUFFERS] = bytes[MEMORY_BUFFERS];
	ret_bytes[MEMORY_STATE_CACHED] = cached;
	return true;
}

static void report_states(struct report *report, struct memory *memory,
	const struct memory_reading *reading)
{
	uint64_t bytes[MEMORY_STATES];

	if (!memory_split(reading, bytes))
		return;
	for (size_t i = 0; i < MEMORY_STATES; i++) {
		const struct rk_label label = { LABEL_MEMORY_STATE, state_names[i] };

		struct rk_sample sample = {
			.series = report_series(report, &memory->usage[i],
				METRIC_MEMORY_USAGE, &label, 1),
			/* The kernel states no such figure. */
			.confidence =
				i == MEMORY_STATE_USED ? RK_APPROXIMATE : RK_AS_DECLARED,
			.value = decimal((int64_t)bytes[i], 0),
		};

		if (bytes[i] <= INT64_MAX)
			report_add(report, &sample);
		report_ratio(report,
			report_series(report, &memory->utilization[i],
				METRIC_MEMORY_UTILIZATION, &label, 1),
			bytes[i], reading->bytes[MEMORY_TOTAL]);
	}
}

static int memory_collect(void *state, struct machine *machine, struct report *report)
{
	struct memory *memory = state;
	struct memory_reading reading;
	int r = machine_read(machine, report, &memory->source, "meminfo");

	if (r < 0)
		return r;
	reading = memory_parse(machine->text.data, machine->text.size);
	if (!reading.known[MEMORY_TOTAL])
		return report_fail(report, -EBADMSG, "'meminfo' has no MemTotal");
	report_states(report, memory, &reading);
	for (size_t i = 0; i < RK_LEN(stated); i++) {
		enum memory_field field = stated[i].field;

		if (reading.known[field])
			report_amount(report,
				report_series(report, &memory->fields[field],
					stated[i].metric, &stated[i].label,
					stated[i].label.name ? 1 : 0),
				reading.bytes[field]);
	}
	return 0;
}

static void memory_finish(void *state)
{
	struct memory *memory = state;

	source_close(&memory->source);
}

const struct part memory_part = {
	.name = "memory",
	.collect = memory_collect,
	.finish = memory_finish,
};
