/* SPDX-License-Identifier: Apache-2.0 */
#include "temperature.h"

#include "machine.h"

#include <errno.h>

enum { MILLI_SCALE = 3 };

bool temperature_parse(const char *text, size_t size, int64_t *ret_millidegrees)
{
	struct scan scan = scan_of(text, size);

	return scan_signed(&scan, ret_millidegrees);
}

static uint32_t sensor_series(struct report *report, struct sensor *sensor)
{
	/* An empty value is no label. */
	const struct rk_label labels[] = {
		{ LABEL_SENSOR, sensor->id },
		{ LABEL_SENSOR_NAME, sensor->name },
		{ LABEL_SENSOR_PARENT, sensor->parent },
	};

	return report_series(
		report, &sensor->handle, METRIC_TEMPERATURE, labels, RK_LEN(labels));
}

static int temperature_collect(
	void *state, struct machine *machine, struct report *report)
{
	struct temperature *temperature = state;
	struct sensors *sensors = &temperature->sensors;
	int r = machine->sys_open ? sensors_refresh(sensors, machine->sys, report)
				  : -ENOENT;

	if (r < 0)
		return report_fail(report, r, "there is no temperature sensor");
	for (size_t i = 0; i < sensors->n; i++) {
		struct sensor *sensor = &sensors->items[i];
		int64_t millidegrees;

		/* Sensors sleep with their device, or are briefly out of order: they
		 * are left out then. */
		r = source_read(
			&sensor->source, machine->sys, sensor->path, &machine->text);
		if (r == -ENOENT)
			sensors_expire(sensors);
		if (r == 0 && temperature_parse(machine->text.data, machine->text.size,
				      &millidegrees))
			report_level(report, sensor_series(report, sensor), millidegrees,
				MILLI_SCALE);
	}
	return 0;
}

static void temperature_finish(void *state)
{
	struct temperature *temperature = state;

	sensors_finish(&temperature->sensors);
}

const struct part temperature_part = {
	.name = "temperature",
	.collect = temperature_collect,
	.finish = temperature_finish,
};
