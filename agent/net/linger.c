/* SPDX-License-Identifier: Apache-2.0 */
#include "linger.h"

#include "base/macros.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LINGER_MS = 2000, READS_IN_A_TURN = 16 };

struct lingering {
	int fd; /* owned */
	uv_poll_t poll;
	uv_timer_t deadline;
	unsigned int n_handles;
};

static void handle_is_gone(struct lingering *lingering)
{
	if (--lingering->n_handles > 0)
		return;
	close(lingering->fd);
	free(lingering);
}

static void on_poll_closed(uv_handle_t *handle)
{
	handle_is_gone(container_of((uv_poll_t *)handle, struct lingering, poll));
}

static void on_deadline_closed(uv_handle_t *handle)
{
	handle_is_gone(container_of((uv_timer_t *)handle, struct lingering, deadline));
}

static void end(struct lingering *lingering)
{
	uv_close((uv_handle_t *)&lingering->poll, on_poll_closed);
	uv_close((uv_handle_t *)&lingering->deadline, on_deadline_closed);
}

static void on_deadline(uv_timer_t *timer)
{
	end(container_of(timer, struct lingering, deadline));
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
	struct lingering *lingering = container_of(poll, struct lingering, poll);
	char dropped[4096];
	ssize_t n = 1;

	(void)events;
	for (int i = 0; status == 0 && n > 0 && i < READS_IN_A_TURN; i++)
		n = recv(lingering->fd, dropped, sizeof(dropped), MSG_DONTWAIT);
	if (status < 0 || n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		end(lingering);
}

int linger(uv_loop_t *loop, int fd)
{
	struct lingering *lingering = calloc(1, sizeof(*lingering));
	int r;

	if (!lingering)
		return -ENOMEM;
	lingering->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	r = lingering->fd < 0 ? -errno
			      : uv_poll_init(loop, &lingering->poll, lingering->fd);
	if (r < 0) {
		if (lingering->fd >= 0)
			close(lingering->fd);
		free(lingering);
		return r;
	}
	lingering->n_handles = 2;
	uv_timer_init(loop, &lingering->deadline);
	uv_timer_start(&lingering->deadline, on_deadline, LINGER_MS, 0);
	shutdown(lingering->fd, SHUT_WR);
	uv_poll_start(&lingering->poll, UV_READABLE, on_readable);
	return 0;
}
