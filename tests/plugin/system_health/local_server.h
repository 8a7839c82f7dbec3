/* SPDX-License-Identifier: Apache-2.0 */
/* A server on a local socket, on a thread of its own, that speaks a script. */
#ifndef SYSTEM_HEALTH_LOCAL_SERVER_H
#define SYSTEM_HEALTH_LOCAL_SERVER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct local_server;

/* Serves one client; the connection is closed when it returns. */
typedef void serve_function(struct local_server *server, int client);

struct local_server {
	serve_function *serve;
	const void *script; /* what serve works with */
	int listener;
	int end[2]; /* a pipe: readable at its first end when the server is to stop */
	pthread_t thread;
};

/* Listens at the path and serves one client after the other. Owned by the caller,
 * until local_server_stop frees it. */
struct local_server *local_server_start(
	const char *path, serve_function *serve, const void *script);

void local_server_stop(struct local_server *server);

/* Waits until the client goes away or the server is stopped; what comes is ignored. */
void local_server_wait(struct local_server *server, int client);

/* Sends all of it. False where the client is gone or the server is stopped. */
bool local_server_send(
	struct local_server *server, int client, const void *bytes, size_t n);

#endif
