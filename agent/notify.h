/* SPDX-License-Identifier: Apache-2.0 */
/* Tells systemd how the service is (sd_notify(3)): a datagram to NOTIFY_SOCKET. */
#ifndef NOTIFY_H
#define NOTIFY_H

#include <stdint.h>

/* Sends lines such as "READY=1". Does nothing where nobody listens; never waits. */
void notify_send(const char *state);

/* How often the watchdog wants to hear "WATCHDOG=1" at least, in ns; 0: never
 * (sd_watchdog_enabled(3)). */
int64_t notify_watchdog_ns(void);

#endif
