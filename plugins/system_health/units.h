/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The states of systemd's units, asked of its manager over D-Bus
 * (org.freedesktop.systemd1(5)).
 */
#ifndef SYSTEM_HEALTH_UNITS_H
#define SYSTEM_HEALTH_UNITS_H

#include "bus.h"
#include "part.h"
#include "roster.h"

enum { UNIT_STATES = 7 };

struct unit {
	const char *name;
	const char *active_state;
};

/* Begins to read the answer to ListUnits. False where it is none. */
bool units_begin(const struct dbus_message *message, struct dbus_reader *ret_list);

/* Reads the next unit. False where none is left. */
bool unit_next(struct dbus_reader *list, struct unit *ret_unit);

struct units {
	struct bus bus;
	struct roster names;
	struct handle counts[UNIT_STATES];
};

extern const struct part units_part;

#endif
