/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames (isolate/wire.h) over a socket pair, on the loop; the agent and the child each
 * have one end. What goes out waits in a buffer for as long as the other side does not
 * read; how much that may be is for the user to bound, who knows what can be dropped.
 *
 * What went through is overwritten where the channel is secret: configured secrets come
 * this way.
 */
#ifndef ISOLATE_CHANNEL_H
#define ISOLATE_CHANNEL_H

#include "base/buffer.h"
#include "wire.h"

#include <uv.h>

struct channel {
	uv_poll_t poll;
	int fd; /* owned; -1: closed */
	struct buffer in, out;
	size_t n_sent; /* of out */
	/* A frame came. 0; a negative errno ends the channel with it, by on_end. The
	 * channel may be closed from inside. */
	int (*on_frame)(struct channel *channel, struct wire_frame *frame);
	/* Nothing will come any more: 0, the other side closed; or a negative errno.
	 * Once, and never from inside channel_flush. */
	void (*on_end)(struct channel *channel, int result);
	/* The storage is the owner's again. */
	void (*on_closed)(struct channel *channel);
	bool ended, failed;
};

/* Takes the descriptor over, also where that fails. 0 or a negative errno. The functions
 * are set by the caller before. [loop] */
int channel_open(struct channel *channel, uv_loop_t *loop, int fd, bool secret);

/* Where frames are put; channel_flush sends them as far as that works now. A channel that
 * ended takes them and drops them. */
static inline struct buffer *channel_out(struct channel *channel)
{
	return &channel->out;
}

void channel_flush(struct channel *channel);

/* How many bytes wait for the other side to read. */
static inline size_t channel_waiting(const struct channel *channel)
{
	return channel->out.size - channel->n_sent;
}

/* Closes; on_closed comes on a later turn of the loop. */
void channel_close(struct channel *channel);

#endif
