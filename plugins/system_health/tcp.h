/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TCP sockets by state, from /proc/net/tcp and tcp6 (proc(5)). A busy machine has
 * a million of them, 150 bytes each, so the text is read and counted piece by
 * piece.
 *
 * The kernel goes through its whole table of connections for each of the two files:
 * 1 ms on a machine with 24 GB, which has a table of 262,144 places, even where
 * hardly any is taken. That is most of what this plugin costs, so it is not done in
 * each run.
 */
#ifndef SYSTEM_HEALTH_TCP_H
#define SYSTEM_HEALTH_TCP_H

#include "part.h"
#include "report.h"
#include "schedule.h"
#include "source.h"

/* The kernel's own numbers are 1 to 12. */
enum { TCP_STATES = 13 };

struct tcp_count {
	uint64_t sockets[TCP_STATES];
	bool in_long_line; /* the rest of a line without end is passed over */
};

/* Counts the sockets of all whole lines of a piece. Returns how many bytes that
 * were; what is left comes again in front of the next piece. */
size_t tcp_count_piece(struct tcp_count *count, const char *text, size_t size);

/* Passes over the beginning of a line that is longer than any piece. */
void tcp_count_long_line(struct tcp_count *count);

struct tcp {
	struct schedule schedule;
	struct source sources[2];
	struct handle handles[TCP_STATES];
};

extern const struct part tcp_part;

#endif
