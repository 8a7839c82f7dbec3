/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a batch of syslog messages gets there: the three ways behind the sink. Each keeps
 * its connection from batch to batch and opens a new one where that broke.
 */
#ifndef DELIVER_SYSLOG_CARRIER_H
#define DELIVER_SYSLOG_CARRIER_H

#include "syslog_options.h"

struct carrier;

struct carrier_ops {
	/* Sends what is in the buffer, which stays as it is until on_done. */
	void (*send)(struct carrier *carrier, const struct buffer *messages);
	/* Drops what is under way and the connection, at any time and without a word. */
	void (*stop)(struct carrier *carrier);
	/* Frees it; stopped before. */
	void (*destroy)(struct carrier *carrier);
};

struct carrier {
	const struct carrier_ops *ops;
	const struct syslog_target *target;
	const char *who; /* the sink's id */
	uv_loop_t *loop;
	/* 0: taken; a negative errno, and a line or NULL, borrowed for the call. May come
	 * from inside send. */
	void (*on_done)(struct carrier *carrier, int result, const char *why);
	void *context;
};

/* NULL: out of memory. The caller fills in the rest of struct carrier. */
struct carrier *datagram_carrier_create(void);
struct carrier *stream_carrier_create(void);
struct carrier *relp_create(void);

#endif
