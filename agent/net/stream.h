/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A byte stream to another machine, with or without TLS, on the loop. One struct is one
 * connection: what failed or ended is closed, and the next one is a new struct.
 *
 * It reads all the time, so that it hears when the peer leaves. Nothing is told from
 * inside a call, and nothing any more after stream_close. All functions are the loop's.
 */
#ifndef NET_STREAM_H
#define NET_STREAM_H

#include "tls.h"

#include <uv.h>

struct stream;

struct stream_listener {
	/* It can be written to. */
	void (*on_open)(struct stream_listener *listener);
	/* Borrowed for the call. */
	void (*on_read)(struct stream_listener *listener, const uint8_t *bytes, size_t n);
	/* What was written is with the kernel, all of it. */
	void (*on_written)(struct stream_listener *listener);
	/* It broke or ended; once, and nothing comes behind it but stream_close. why: a
	 * line, borrowed for the call. */
	void (*on_failed)(struct stream_listener *listener, int error, const char *why);
};

struct stream_order {
	const char *host, *port;        /* a name or an address; a number */
	const struct tls_settings *tls; /* NULL: none; outlives the stream */
	uint64_t connect_ms;            /* for the name, then the connection, then TLS */
	uint64_t idle_ms;               /* that nothing may move where something should */
};

/* Begins to connect. 0, or -ENOMEM and nothing is told. The order's texts outlive the
 * stream. */
int stream_open(uv_loop_t *loop, const struct stream_order *order,
	struct stream_listener *listener, struct stream **ret_stream);

/* One write at a time; the bytes stay until on_written or stream_close. */
void stream_write(struct stream *stream, const void *bytes, size_t n);

/* Whether the peer owes an answer: silence is a failure then. */
void stream_expect(struct stream *stream, bool answer);

/* Bytes that the peer's kernel has not acknowledged; 0 where that cannot be told. */
size_t stream_unacknowledged(const struct stream *stream);

/* Ends it at any time; it frees itself. last: a few bytes to say if that needs no
 * waiting; may be NULL. Accepts NULL. */
void stream_close(struct stream *stream, const char *last);

#endif
