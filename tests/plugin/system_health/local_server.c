/* SPDX-License-Identifier: Apache-2.0 */
#include "local_server.h"

#include "cases.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Waits for events at fd. False where the server is to stop, or something is wrong. */
static bool wait_for(struct local_server *server, int fd, short events)
{
	struct pollfd waits[] = {
		{ .fd = fd, .events = events },
		{ .fd = server->end[0], .events = POLLIN },
	};

	return poll(waits, 2, -1) > 0 && waits[1].revents == 0;
}

void local_server_wait(struct local_server *server, int client)
{
	char ignored[4096];

	while (wait_for(server, client, POLLIN) &&
		recv(client, ignored, sizeof(ignored), 0) > 0)
		;
}

bool local_server_send(
	struct local_server *server, int client, const void *bytes, size_t n)
{
	const char *at = bytes;

	while (n > 0) {
		ssize_t sent;

		if (!wait_for(server, client, POLLOUT))
			return false;
		sent = send(client, at, n, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent < 0)
			return false;
		at += sent;
		n -= (size_t)sent;
	}
	return true;
}

static void *run(void *argument)
{
	struct local_server *server = argument;

	while (wait_for(server, server->listener, POLLIN)) {
		int client = accept(server->listener, NULL, NULL);

		if (client < 0)
			break;
		server->serve(server, client);
		close(client);
	}
	return NULL;
}

struct local_server *local_server_start(
	const char *path, serve_function *serve, const void *script)
{
	struct local_server *server = calloc(1, sizeof(*server));
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	assert_non_null(server);
	server->serve = serve;
	server->script = script;
	assert_true(strlen(path) < sizeof(address.sun_path));
	memcpy(address.sun_path, path, strlen(path));
	server->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(server->listener, (const struct sockaddr *)&address,
				 sizeof(address)),
		0);
	assert_int_equal(listen(server->listener, 8), 0);
	assert_int_equal(pipe(server->end), 0);
	assert_int_equal(pthread_create(&server->thread, NULL, run, server), 0);
	return server;
}

void local_server_stop(struct local_server *server)
{
	assert_int_equal(write(server->end[1], "", 1), 1);
	pthread_join(server->thread, NULL);
	close(server->listener);
	close(server->end[0]);
	close(server->end[1]);
	free(server);
}
