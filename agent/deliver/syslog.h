/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sink that sends syslog messages (RFC 5424): by datagrams, on a stream, or with RELP,
 * which alone acknowledges them. What a batch that was taken means for each of them
 * stands in docs/DELIVERY.md.
 */
#ifndef DELIVER_SYSLOG_H
#define DELIVER_SYSLOG_H

#include "sink.h"

extern const struct transport transport_syslog;

#endif
