/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connection to a socket of the local system. Nothing on it waits longer than
 * until a due time, nor once the run is over.
 */
#ifndef SYSTEM_HEALTH_CHANNEL_H
#define SYSTEM_HEALTH_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct report;

/* A zeroed struct is a channel that is not open. */
struct channel {
	int fd;
	bool open;
	int64_t due_ns;        /* monotonic */
	struct report *report; /* of the run, borrowed */
};

/* For all that follows. */
void channel_bound(struct channel *channel, int64_t due_ns, struct report *report);

/* 0, -ENAMETOOLONG, or what connect(2) says. */
int channel_connect(struct channel *channel, const char *path);

/* Sends all of it. 0, -ETIMEDOUT, -ECANCELED, or what send(2) says. */
int channel_send(struct channel *channel, const void *bytes, size_t n);

/* Receives up to n bytes. Returns how many, 0 at the end, or as channel_send. */
ssize_t channel_receive(struct channel *channel, void *to, size_t n);

/* The bounds stay. */
void channel_close(struct channel *channel);

#endif
