/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Temperatures, from /sys/class/hwmon or, on machines without it, from
 * /sys/class/thermal (Documentation/hwmon/sysfs-interface.rst of the kernel).
 */
#ifndef SYSTEM_HEALTH_TEMPERATURE_H
#define SYSTEM_HEALTH_TEMPERATURE_H

#include "part.h"
#include "sensors.h"

/* Reads thousandths of a degree Celsius. False where the text is no temperature. */
bool temperature_parse(const char *text, size_t size, int64_t *ret_millidegrees);

struct temperature {
	struct sensors sensors;
};

extern const struct part temperature_part;

#endif
