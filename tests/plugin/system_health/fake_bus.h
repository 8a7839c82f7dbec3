/* SPDX-License-Identifier: Apache-2.0 */
/* A message bus with systemd behind it, good and bad, for a local_server. */
#ifndef SYSTEM_HEALTH_FAKE_BUS_H
#define SYSTEM_HEALTH_FAKE_BUS_H

#include "local_server.h"

#include <stddef.h>
#include <stdint.h>

/* What the script of the server says. */
enum behaviour {
	BUS_LISTS,
	BUS_REJECTS,
	BUS_KNOWS_NO_SYSTEMD,
	BUS_REFUSES,
	BUS_IS_SILENT,
	BUS_TALKS_NONSENSE,
	BUS_LISTS_SOMETHING_ELSE,
	BUS_HANGS_UP,
};

serve_function fake_bus_serve;

/* A message that is written piece by piece. */
struct message {
	char bytes[4096];
	size_t n;
};

/* Writes the answer to ListUnits: "postfix@-.service" and "cron.service" active,
 * "opendkim.service" failed, "dev-sda.swap" inactive, and one in a state that is
 * newer than the plugin. Returns where its body begins. */
size_t fake_bus_write_list(struct message *message, uint32_t serial);

#endif
