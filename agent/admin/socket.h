/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The control socket: a local stream socket (unix(7)) in the state folder, for those
 * who may write to it. A client sends one request, a JSON object on one line, gets one
 * reply likewise, and the connection ends.
 *
 * What a request means is its receiver's business; here are only bounds: of the
 * number of clients, of a request's size, and of the time that it may take to send.
 */
#ifndef ADMIN_SOCKET_H
#define ADMIN_SOCKET_H

#include "base/buffer.h"

#include <jansson.h>
#include <uv.h>

#define ADMIN_SOCKET_NAME "control"
#define ADMIN_MAX_CLIENTS 16         /* at once; more wait */
#define ADMIN_MAX_REQUEST (1u << 20) /* bytes */
#define ADMIN_MAX_REPLY   (16u << 20)
#define ADMIN_TIMEOUT_MS  10000

struct admin_socket;

/* A request that waits for its reply. */
struct admin_call;

struct admin_options {
	uv_loop_t *loop;
	const char *path; /* copied; what stands there is replaced */
	/* A request came. It must be answered once, now or later. [loop] */
	void (*on_call)(void *context, struct admin_call *call, json_t *request);
	void *context;
};

/* Listens, with the mode 0660. 0, or a negative errno with a reason appended to why. */
int admin_open(const struct admin_options *options, struct admin_socket **ret_socket,
	struct buffer *why);

/* Sends the reply, which belongs to this function from here on (NULL: memory ran out);
 * the call is over. Also where the client is gone by now. [loop] */
void admin_reply(struct admin_call *call, json_t *reply);

/* Ends all connections and removes the socket's file; calls that wait may still be
 * answered, and are not heard. Accepts NULL. The loop ends without it then. */
void admin_close(struct admin_socket *socket);

#endif
