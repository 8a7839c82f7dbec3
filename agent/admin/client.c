/* SPDX-License-Identifier: Apache-2.0 */
#include "client.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/macros.h"
#include "socket.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int connect_to(const char *state_dir)
{
	CLEANUP_FREE char *path = path_join(state_dir, ADMIN_SOCKET_NAME);
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	CLEANUP_CLOSE int fd = -1;

	if (!path)
		return -ENOMEM;
	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	return take_fd(&fd);
}

static int send_line(int fd, const json_t *request)
{
	CLEANUP_FREE char *text = json_dumps(request, JSON_COMPACT);
	int r = text ? file_write(fd, text, strlen(text)) : -ENOMEM;

	return r < 0 ? r : file_write(fd, "\n", 1);
}

/* Reads up to the end of the connection. 0 or a negative errno. */
static int receive_all(int fd, int timeout_ms, struct buffer *to)
{
	int64_t end_ns = clock_monotonic_ns(&clock_system) + timeout_ms * NS_PER_MS;

	for (;;) {
		struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
		int64_t left_ns = end_ns - clock_monotonic_ns(&clock_system);
		int ready =
			left_ns > 0 ? poll(&poll_fd, 1, (int)(left_ns / NS_PER_MS)) : 0;
		uint8_t *room = buffer_reserve(to, 4096);
		ssize_t n;

		if (!room || to->size > ADMIN_MAX_REPLY)
			return -ENOMEM;
		if (ready == 0)
			return -ETIMEDOUT;
		n = ready > 0 ? read(fd, room, 4096) : -1;
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0)
			return 0;
		if (n > 0)
			buffer_advance(to, (size_t)n);
	}
}

int admin_ask(
	const char *state_dir, const json_t *request, int timeout_ms, json_t **ret_reply)
{
	CLEANUP(buffer_finish) struct buffer reply = { 0 };
	CLEANUP_CLOSE int fd = connect_to(state_dir);
	int r = fd < 0 ? fd : send_line(fd, request);

	if (r == 0)
		r = receive_all(fd, timeout_ms, &reply);
	if (r < 0)
		return r;
	*ret_reply = json_loadb((const char *)reply.data, reply.size, 0, NULL);
	return json_is_object(*ret_reply) ? 0 : -EBADMSG;
}
