/* SPDX-License-Identifier: Apache-2.0 */
#include "socket.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/macros.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET_MODE 0660
#define BACKLOG     16

struct admin_socket {
	struct admin_options options;
	uv_pipe_t pipe;
	char *path; /* owned */
	struct list clients;
	size_t n_clients;
	bool waiting; /* a connection waits for one of the others to end */
};

/* One connection: it reads a request, waits for the reply, writes it and closes. */
struct client {
	struct list link;
	struct admin_socket *socket;
	uv_pipe_t pipe;
	uv_timer_t timer;
	unsigned int n_handles; /* not closed yet */
	struct buffer request;
	struct admin_call *call; /* NULL: none waits */
	uv_write_t write;
	char *reply; /* owned, while it is written */
};

struct admin_call {
	struct client *client; /* NULL: it is gone */
};

/* ---- the end of a connection ------------------------------------------- */

static void client_on_closed(uv_handle_t *handle)
{
	struct client *client = handle->data;

	if (--client->n_handles > 0)
		return;
	buffer_finish(&client->request);
	free(client->reply);
	free(client);
}

static void socket_accept(struct admin_socket *socket);

static void client_close(struct client *client)
{
	struct admin_socket *socket = client->socket;

	if (uv_is_closing((uv_handle_t *)&client->pipe))
		return;
	if (client->call)
		client->call->client = NULL;
	client->call = NULL;
	list_remove(&client->link);
	socket->n_clients--;
	uv_close((uv_handle_t *)&client->pipe, client_on_closed);
	uv_close((uv_handle_t *)&client->timer, client_on_closed);
	if (socket->waiting && !uv_is_closing((uv_handle_t *)&socket->pipe))
		socket_accept(socket);
}

/* ---- replies ----------------------------------------------------------- */

static void client_on_written(uv_write_t *write, int status)
{
	struct client *client = write->data;

	(void)status;
	client_close(client);
}

static void client_on_timeout(uv_timer_t *timer)
{
	client_close(timer->data);
}

static int client_write(struct client *client, json_t *reply)
{
	size_t size;
	uv_buf_t bytes;
	int r;

	client->reply = reply ? json_dumps(reply, JSON_COMPACT) : NULL;
	if (!client->reply)
		return -ENOMEM;
	size = strlen(client->reply);
	if (size > ADMIN_MAX_REPLY)
		return -EMSGSIZE;
	client->reply[size] = '\n'; /* in the place of the end, which is not sent */
	bytes = uv_buf_init(client->reply, (unsigned int)size + 1);
	client->write.data = client;
	r = uv_write(&client->write, (uv_stream_t *)&client->pipe, &bytes, 1,
		client_on_written);
	if (r == 0)
		r = uv_timer_start(
			&client->timer, client_on_timeout, ADMIN_TIMEOUT_MS, 0);
	return r;
}

void admin_reply(struct admin_call *call, json_t *reply)
{
	struct client *client = call->client;

	if (client) {
		client->call = NULL;
		if (client_write(client, reply) < 0)
			client_close(client);
	}
	json_decref(reply);
	free(call);
}

/* ---- requests ---------------------------------------------------------- */

static void client_refuse(struct client *client, const char *why)
{
	json_t *reply = json_pack("{s:b,s:s}", "ok", 0, "error", why);

	if (client_write(client, reply) < 0)
		client_close(client);
	json_decref(reply);
}

/* A whole line is there. */
static void client_take(struct client *client, size_t size)
{
	const struct admin_options *options = &client->socket->options;
	json_error_t error;
	json_t *request = json_loadb(
		(const char *)client->request.data, size, JSON_REJECT_DUPLICATES, &error);

	uv_read_stop((uv_stream_t *)&client->pipe);
	uv_timer_stop(&client->timer);
	if (!json_is_object(request)) {
		json_decref(request);
		client_refuse(client, "the request is no JSON object on one line");
		return;
	}
	client->call = malloc(sizeof(*client->call));
	if (!client->call) {
		client_close(client);
	} else {
		client->call->client = client;
		options->on_call(options->context, client->call, request);
	}
	json_decref(request);
}

static void client_on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *bytes)
{
	struct client *client = stream->data;
	const uint8_t *end;

	(void)bytes;
	if (n < 0) {
		client_close(client);
		return;
	}
	buffer_advance(&client->request, (size_t)n);
	end = memchr(client->request.data, '\n', client->request.size);
	if (end)
		client_take(client, (size_t)(end - client->request.data));
	else if (client->request.size >= ADMIN_MAX_REQUEST)
		client_refuse(client, "the request is too large");
}

static void client_allocate(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_bytes)
{
	struct client *client = handle->data;
	size_t size = MIN(suggested, (size_t)4096);
	uint8_t *room = buffer_reserve(&client->request, size);

	*ret_bytes = uv_buf_init((char *)room, room ? (unsigned int)size : 0);
}

static struct client *client_create(struct admin_socket *socket)
{
	struct client *client = calloc(1, sizeof(*client));

	if (!client)
		return NULL;
	client->socket = socket;
	uv_pipe_init(socket->options.loop, &client->pipe, 0);
	uv_timer_init(socket->options.loop, &client->timer);
	client->pipe.data = client->timer.data = client;
	client->n_handles = 2;
	list_append(&socket->clients, &client->link);
	socket->n_clients++;
	return client;
}

/* Takes the connection that has come; libuv listens for the next one only then. */
static void socket_accept(struct admin_socket *socket)
{
	struct client *client = client_create(socket);
	int r;

	socket->waiting = !client;
	if (!client)
		return;
	r = uv_accept((uv_stream_t *)&socket->pipe, (uv_stream_t *)&client->pipe);
	if (r == 0)
		r = uv_timer_start(
			&client->timer, client_on_timeout, ADMIN_TIMEOUT_MS, 0);
	if (r == 0)
		r = uv_read_start(
			(uv_stream_t *)&client->pipe, client_allocate, client_on_read);
	if (r < 0)
		client_close(client);
}

static void socket_on_connection(uv_stream_t *stream, int status)
{
	struct admin_socket *socket = container_of(stream, struct admin_socket, pipe);

	if (status < 0)
		return;
	if (socket->n_clients == ADMIN_MAX_CLIENTS)
		socket->waiting = true;
	else
		socket_accept(socket);
}

/* ---- opening and closing ----------------------------------------------- */

/* A socket that is bound to the path. Until it has its mode, nobody else may connect:
 * bind takes that of the descriptor (unix(7)). */
static int bind_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	CLEANUP_CLOSE int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path));
	unlink(path);
	if (fchmod(fd, 0600) < 0 ||
		bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
		chmod(path, SOCKET_MODE) < 0)
		return -errno;
	return take_fd(&fd);
}

static void socket_on_closed(uv_handle_t *handle)
{
	struct admin_socket *socket = container_of(handle, struct admin_socket, pipe);

	free(socket->path);
	free(socket);
}

static int socket_listen(struct admin_socket *socket)
{
	int fd = bind_socket(socket->path), r;

	if (fd < 0)
		return fd;
	r = uv_pipe_open(&socket->pipe, fd);
	if (r < 0) {
		close(fd);
		return r;
	}
	return uv_listen((uv_stream_t *)&socket->pipe, BACKLOG, socket_on_connection);
}

int admin_open(const struct admin_options *options, struct admin_socket **ret_socket,
	struct buffer *why)
{
	struct admin_socket *socket = calloc(1, sizeof(*socket));
	int r;

	if (!socket)
		return -ENOMEM;
	socket->options = *options;
	list_init(&socket->clients);
	uv_pipe_init(options->loop, &socket->pipe, 0);
	socket->path = strdup(options->path);
	r = socket->path ? socket_listen(socket) : -ENOMEM;
	if (r < 0) {
		buffer_append_format(
			why, "cannot listen on '%s': %s", options->path, strerror(-r));
		uv_close((uv_handle_t *)&socket->pipe, socket_on_closed);
		return r;
	}
	*ret_socket = socket;
	return 0;
}

void admin_close(struct admin_socket *socket)
{
	if (!socket)
		return;
	unlink(socket->path);
	uv_close((uv_handle_t *)&socket->pipe, socket_on_closed);
	list_each(link, &socket->clients)
		client_close(container_of(link, struct client, link));
}
