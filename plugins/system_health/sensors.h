/* SPDX-License-Identifier: Apache-2.0 */
/* Which temperature sensors there are below /sys. */
#ifndef SYSTEM_HEALTH_SENSORS_H
#define SYSTEM_HEALTH_SENSORS_H

#include "report.h"
#include "source.h"

#include <stdbool.h>
#include <stddef.h>

enum { SENSOR_TEXT_SIZE = 128 };

struct sensor {
	struct source source;
	struct handle handle;
	char path[SENSOR_TEXT_SIZE];   /* below /sys */
	char id[SENSOR_TEXT_SIZE];     /* "coretemp.0/temp1" */
	char name[SENSOR_TEXT_SIZE];   /* "Package id 0"; may be empty */
	char parent[SENSOR_TEXT_SIZE]; /* "coretemp" */
};

/* A zeroed struct holds none. */
struct sensors {
	struct sensor *items; /* owned */
	size_t n;
	int wait; /* runs until they are looked for again */
};

/* Looks for the sensors, where it is time to. sys is the descriptor of /sys. 0 or
 * a negative errno. */
int sensors_refresh(struct sensors *sensors, int sys, struct report *report);

/* Lets the next refresh look anew, since one of them is gone. */
void sensors_expire(struct sensors *sensors);

void sensors_finish(struct sensors *sensors);

#endif
