/* SPDX-License-Identifier: Apache-2.0 */
/* Transfer, errors and drops of interfaces, from /proc/net/dev (proc(5)). */
#ifndef SYSTEM_HEALTH_NETWORK_H
#define SYSTEM_HEALTH_NETWORK_H

#include "part.h"
#include "roster.h"
#include "scan.h"
#include "source.h"

/* In the order of the columns; sixteen of them, of which eight are reported. */
enum network_field {
	NETWORK_RECEIVED_BYTES = 0,
	NETWORK_RECEIVED_PACKETS = 1,
	NETWORK_RECEIVED_ERRORS = 2,
	NETWORK_RECEIVED_DROPPED = 3,
	NETWORK_TRANSMITTED_BYTES = 8,
	NETWORK_TRANSMITTED_PACKETS = 9,
	NETWORK_TRANSMITTED_ERRORS = 10,
	NETWORK_TRANSMITTED_DROPPED = 11,
	NETWORK_FIELDS = 16
};

struct network_reading {
	struct scan name;
	uint64_t values[NETWORK_FIELDS];
};

/* Reads the next interface of the text. False where none is left. */
bool network_next(struct scan *text, struct network_reading *ret_reading);

struct network {
	struct source source;
	struct roster interfaces;
};

extern const struct part network_part;

#endif
