/* SPDX-License-Identifier: Apache-2.0 */
/* The other end of the control socket, for commands: one request, one reply. */
#ifndef ADMIN_CLIENT_H
#define ADMIN_CLIENT_H

#include <jansson.h>

/* Asks the agent that listens in a state folder, and waits for its reply at most so
 * long. 0 and the reply, owned by the caller; -ENOENT or -ECONNREFUSED: no agent runs
 * there; -EACCES: not for this user; -ETIMEDOUT; -EBADMSG: the reply is none. The request
 * stays the caller's. Blocks. */
int admin_ask(
	const char *state_dir, const json_t *request, int timeout_ms, json_t **ret_reply);

#endif
