/* SPDX-License-Identifier: Apache-2.0 */
#include "channel.h"

#include "base/macros.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What is read at once, and at most before others have their turn; what a buffer may
 * keep while nothing is in it. */
#define READ_SIZE (64u << 10)
#define TURN_SIZE (1u << 20)
#define KEEP_SIZE (64u << 10)

static void channel_on_poll(uv_poll_t *poll, int status, int events);

static void listen_for(struct channel *channel)
{
	int events = (channel->ended ? 0 : UV_READABLE) |
		     (channel_waiting(channel) > 0 && !channel->failed ? UV_WRITABLE : 0);

	if (channel->fd < 0)
		return;
	if (events)
		uv_poll_start(&channel->poll, events, channel_on_poll);
	else
		uv_poll_stop(&channel->poll);
}

static void channel_end(struct channel *channel, int result)
{
	if (channel->ended)
		return;
	channel->ended = true;
	channel->failed = true;
	listen_for(channel);
	channel->on_end(channel, result);
}

/* Memory of a large frame is not kept for the small ones that follow. */
static void shrink(struct buffer *buffer)
{
	if (buffer->capacity > KEEP_SIZE)
		buffer_finish(buffer);
	else
		buffer_clear(buffer);
}

/* ---- out --------------------------------------------------------------- */

/* Whether it can go on. A failure is told by what is read next. */
static bool send_some(struct channel *channel)
{
	ssize_t n = send(channel->fd, channel->out.data + channel->n_sent,
		channel_waiting(channel), MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n > 0)
		channel->n_sent += (size_t)n;
	else if (errno != EAGAIN && errno != EINTR)
		channel->failed = true;
	return n > 0;
}

void channel_flush(struct channel *channel)
{
	if (channel->fd < 0 || buffer_failed(&channel->out))
		channel->failed = true;
	while (!channel->failed && channel_waiting(channel) > 0 && send_some(channel))
		;
	if (channel->failed || channel_waiting(channel) == 0) {
		channel->n_sent = 0;
		shrink(&channel->out);
	}
	listen_for(channel);
}

/* ---- in ---------------------------------------------------------------- */

/* Hands on what is whole; *ret_needed is how many bytes the next frame takes, 0 where
 * that is not known. 0 or what ends the channel. */
static int take_frames(struct channel *channel, size_t *ret_needed)
{
	size_t taken = 0;
	int r = 0;

	while (r == 0 && channel->fd >= 0) {
		struct wire_frame frame;
		int there = wire_next(channel->in.data + taken, channel->in.size - taken,
			&frame, ret_needed);

		if (there <= 0) {
			r = there;
			break;
		}
		taken += *ret_needed;
		r = channel->on_frame(channel, &frame);
	}
	if (taken == channel->in.size) {
		shrink(&channel->in);
	} else if (taken > 0) {
		memmove(channel->in.data, channel->in.data + taken,
			channel->in.size - taken);
		buffer_cut(&channel->in, channel->in.size - taken);
	}
	return r;
}

/* How many bytes came; 0: nothing now; negative: the end, -EPIPE where the other side
 * closed. */
static ssize_t receive_some(struct channel *channel, size_t needed)
{
	size_t room = needed > channel->in.size ? needed - channel->in.size : 0;
	uint8_t *to = buffer_reserve(&channel->in, MAX(room, (size_t)READ_SIZE));
	ssize_t n;

	if (!to)
		return -ENOMEM;
	n = recv(channel->fd, to, channel->in.capacity - channel->in.size, MSG_DONTWAIT);
	if (n > 0)
		buffer_advance(&channel->in, (size_t)n);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n < 0)
		return errno == ECONNRESET ? -EPIPE : -errno;
	return n == 0 ? -EPIPE : n;
}

/* Reads for as long as it is its turn. 0, or what ends the channel. */
static int receive(struct channel *channel)
{
	size_t needed = 0, got = 0;

	while (got < TURN_SIZE && channel->fd >= 0 && !channel->ended) {
		ssize_t n = receive_some(channel, needed);
		int r;

		if (n <= 0)
			return (int)n;
		r = take_frames(channel, &needed);
		if (r < 0)
			return r;
		got += (size_t)n;
	}
	return 0;
}

static void channel_on_poll(uv_poll_t *poll, int status, int events)
{
	struct channel *channel = container_of(poll, struct channel, poll);
	int r = 0;

	if (events & UV_WRITABLE)
		channel_flush(channel);
	/* libuv says EBADF where the other side has closed and left something unread.
	 * What it said last is there all the same, and then the end. */
	if ((events & UV_READABLE) || status < 0)
		r = receive(channel);
	if (r < 0)
		channel_end(channel, r == -EPIPE ? 0 : r);
	else if (status < 0)
		listen_for(channel); /* there is more */
}

/* ---- opening and closing ----------------------------------------------- */

int channel_open(struct channel *channel, uv_loop_t *loop, int fd, bool secret)
{
	int r = uv_poll_init(loop, &channel->poll, fd);

	if (r < 0) {
		close(fd);
		return r;
	}
	channel->fd = fd;
	channel->in = (struct buffer){ .secret = secret };
	channel->out = (struct buffer){ .secret = secret };
	channel->n_sent = 0;
	channel->ended = channel->failed = false;
	listen_for(channel);
	return 0;
}

static void on_handle_closed(uv_handle_t *handle)
{
	struct channel *channel =
		container_of((uv_poll_t *)(void *)handle, struct channel, poll);

	buffer_finish(&channel->in);
	buffer_finish(&channel->out);
	channel->on_closed(channel);
}

void channel_close(struct channel *channel)
{
	if (channel->fd < 0)
		return;
	uv_close((uv_handle_t *)&channel->poll, on_handle_closed);
	close(channel->fd);
	channel->fd = -1;
}
