/* SPDX-License-Identifier: Apache-2.0 */
#include "pressure.h"

#include "machine.h"

#include <errno.h>
#include <stdio.h>

enum { US_SCALE = 6, PERCENT_SCALE = 2 };

static const char *const kind_names[PRESSURE_KINDS] = { "some", "full" };
static const char *const period_names[PRESSURE_PERIODS] = { "10s", "60s", "300s" };
static const char *const period_fields[PRESSURE_PERIODS] = {
	"avg10=", "avg60=", "avg300="
};
static const char *const resource_names[PRESSURE_RESOURCES] = { "cpu", "io", "memory",
	"irq" };

/* "avg10=0.04" is a share in percent. */
static bool read_ratio(
	struct scan *line, const char *field, struct scan_decimal *ret_ratio)
{
	if (!scan_text(line, field) || !scan_decimal(line, ret_ratio))
		return false;
	ret_ratio->scale += PERCENT_SCALE;
	return ret_ratio->scale <= SCAN_MAX_SCALE;
}

static bool read_line(struct scan *line, struct pressure_reading *ret_reading)
{
	if (scan_text(line, kind_names[PRESSURE_SOME]))
		ret_reading->kind = PRESSURE_SOME;
	else if (scan_text(line, kind_names[PRESSURE_FULL]))
		ret_reading->kind = PRESSURE_FULL;
	else
		return false;
	for (size_t i = 0; i < PRESSURE_PERIODS; i++) {
		if (!read_ratio(line, period_fields[i], &ret_reading->ratios[i]))
			return false;
	}
	return scan_text(line, "total=") && scan_unsigned(line, &ret_reading->total_us);
}

bool pressure_next(struct scan *text, struct pressure_reading *ret_reading)
{
	struct scan line;

	while (scan_line(text, &line)) {
		struct pressure_reading reading;

		if (read_line(&line, &reading)) {
			*ret_reading = reading;
			return true;
		}
	}
	return false;
}

static void report_reading(struct report *report, struct pressure *pressure,
	size_t resource, const struct pressure_reading *reading)
{
	struct rk_label labels[] = {
		{ LABEL_PSI_RESOURCE, resource_names[resource] },
		{ LABEL_PSI_KIND, kind_names[reading->kind] },
		{ LABEL_PSI_PERIOD, NULL },
	};

	for (size_t i = 0; i < PRESSURE_PERIODS; i++) {
		labels[2].value = period_names[i];
		report_level(report,
			report_series(report,
				&pressure->ratios[resource][reading->kind][i],
				METRIC_PRESSURE_RATIO, labels, 3),
			reading->ratios[i].digits, reading->ratios[i].scale);
	}
	report_total(report,
		report_series(report, &pressure->totals[resource][reading->kind],
			METRIC_PRESSURE_TIME, labels, 2),
		0, reading->total_us, US_SCALE);
}

static int collect_resource(struct pressure *pressure, size_t resource,
	struct machine *machine, struct report *report)
{
	struct pressure_reading reading;
	bool told[PRESSURE_KINDS] = { false };
	struct scan text;
	char name[32];
	int r;

	(void)snprintf(name, sizeof(name), "pressure/%s", resource_names[resource]);
	r = machine_read(machine, report, &pressure->sources[resource], name);
	if (r < 0)
		return r;
	text = machine_scan(machine);
	while (pressure_next(&text, &reading)) {
		if (!told[reading.kind])
			report_reading(report, pressure, resource, &reading);
		told[reading.kind] = true;
	}
	return machine_understood(
		machine, report, name, told[PRESSURE_SOME] || told[PRESSURE_FULL]);
}

/* Kernels have none of these files, or all but irq, or all; booted with psi=0, they
 * have files that cannot be read. */
static int pressure_collect(void *state, struct machine *machine, struct report *report)
{
	struct pressure *pressure = state;
	int r = collect_resource(pressure, 0, machine, report);

	for (size_t i = 1; i < PRESSURE_RESOURCES && r == 0; i++)
		(void)collect_resource(pressure, i, machine, report);
	return r;
}

static void pressure_finish(void *state)
{
	struct pressure *pressure = state;

	for (size_t i = 0; i < PRESSURE_RESOURCES; i++)
		source_close(&pressure->sources[i]);
}

const struct part pressure_part = {
	.name = "pressure",
	.collect = pressure_collect,
	.finish = pressure_finish,
};
