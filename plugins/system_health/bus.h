/* SPDX-License-Identifier: Apache-2.0 */
/* The system's D-Bus, as its client: a connection that is kept, and calls whose
 * answer is waited for until a due time. */
#ifndef SYSTEM_HEALTH_BUS_H
#define SYSTEM_HEALTH_BUS_H

#include "channel.h"
#include "dbus_wire.h"
#include "source.h"

/* A zeroed struct is not connected. */
struct bus {
	struct channel channel;
	uint32_t serial; /* of the last call */
};

/*
 * Calls, after connecting to the socket at path where that is to be done, and reads
 * the answer into a text that the message then points into. 0, a negative errno of
 * the connection, -EPROTO for what is no D-Bus, or -EREMOTEIO with an error of the
 * one who was called. After all but the last the connection is closed.
 */
int bus_call(struct bus *bus, const char *path, const struct dbus_call *call,
	struct text *answer, struct dbus_message *ret_message);

void bus_close(struct bus *bus);

#endif
