/* SPDX-License-Identifier: Apache-2.0 */
#include "channel.h"

#include "monotonic.h"
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* How often a wait looks whether the run was cancelled. */
enum { WAIT_STEP_MS = 50 };

void channel_bound(struct channel *channel, int64_t due_ns, struct report *report)
{
	channel->due_ns = due_ns;
	channel->report = report;
}

void channel_close(struct channel *channel)
{
	if (channel->open)
		close(channel->fd);
	channel->open = false;
}

static int connect_to(struct channel *channel, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, r = 0;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	/* A local socket answers at once, with EAGAIN where too many wait already. */
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		r = -errno;
	if (r < 0) {
		close(fd);
		return r;
	}
	channel->fd = fd;
	channel->open = true;
	return 0;
}

/* An address holds 107 bytes, which the root of a host's container uses up: a longer
 * path is taken through a descriptor of its folder. */
static int connect_through_folder(struct channel *channel, const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX], short_path[PATH_MAX];
	int fd, r;

	if (!slash || slash - path >= PATH_MAX)
		return -ENAMETOOLONG;
	(void)snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
	fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	(void)snprintf(short_path, sizeof(short_path), "/proc/self/fd/%d%s", fd, slash);
	r = connect_to(channel, short_path);
	close(fd);
	return r;
}

int channel_connect(struct channel *channel, const char *path)
{
	int r = connect_to(channel, path);

	return r == -ENAMETOOLONG ? connect_through_folder(channel, path) : r;
}

/* Waits until the socket is ready for these events. 0 or a negative errno. */
static int wait_for(struct channel *channel, short events)
{
	for (;;) {
		struct pollfd wait = { .fd = channel->fd, .events = events };
		int64_t left_ms = (channel->due_ns - monotonic_ns()) / NS_PER_MS;
		int n;

		if (report_is_over(channel->report))
			return -ECANCELED;
		if (left_ms <= 0)
			return -ETIMEDOUT;
		n = poll(&wait, 1, left_ms < WAIT_STEP_MS ? (int)left_ms : WAIT_STEP_MS);
		if (n > 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return -errno;
	}
}

int channel_send(struct channel *channel, const void *bytes, size_t n)
{
	const char *at = bytes;

	while (n > 0) {
		ssize_t sent = send(channel->fd, at, n, MSG_NOSIGNAL);

		if (sent < 0 && errno == EAGAIN) {
			int r = wait_for(channel, POLLOUT);

			if (r < 0)
				return r;
		} else if (sent < 0 && errno != EINTR) {
			return -errno;
		} else if (sent > 0) {
			at += sent;
			n -= (size_t)sent;
		}
	}
	return 0;
}

ssize_t channel_receive(struct channel *channel, void *to, size_t n)
{
	for (;;) {
		int r = wait_for(channel, POLLIN);
		ssize_t received;

		if (r < 0)
			return r;
		received = recv(channel->fd, to, n, 0);
		if (received >= 0)
			return received;
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
	}
}
