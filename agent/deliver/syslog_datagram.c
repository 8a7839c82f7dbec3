/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Syslog in datagrams, one message each: UDP (RFC 5426) and the socket of this machine.
 * A batch is taken when the kernel has all of it. Where it takes no more, which only the
 * receiver of a local socket can bring about, the sink waits for it.
 *
 * A connected socket is told of a peer that is not there, so the batch fails then and
 * comes again as a whole.
 */
#include "syslog_carrier.h"

#include "base/cleanup.h"
#include "base/macros.h"
#include "net/dial.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Messages that are sent in a turn of the loop, which has other things to do. */
enum { IN_A_TURN = 256 };

/* A socket with its handles, which outlive the struct that uses it by a turn. */
struct outlet {
	struct datagram_carrier *owner;
	int fd;
	uv_poll_t poll;
	uv_timer_t deadline;
	unsigned int n_handles;
};

struct datagram_carrier {
	struct carrier carrier;
	struct dial *dial;     /* while a name is resolved */
	uv_timer_t *dialing;   /* its deadline */
	struct outlet *outlet; /* NULL: none */
	const char *at, *end;  /* what is left of the batch; NULL: nothing is sent */
};

static void outlet_close(struct outlet *outlet);

static void on_dialing_closed(uv_handle_t *handle)
{
	free(handle);
}

static void drop(struct datagram_carrier *self)
{
	if (self->dial)
		dial_cancel(self->dial);
	self->dial = NULL;
	if (self->dialing)
		uv_close((uv_handle_t *)self->dialing, on_dialing_closed);
	self->dialing = NULL;
	outlet_close(self->outlet);
	self->outlet = NULL;
}

static void done(struct datagram_carrier *self, int result, const char *why)
{
	self->at = NULL;
	if (result < 0)
		drop(self);
	self->carrier.on_done(&self->carrier, result, why);
}

/* ---- sending ------------------------------------------------------------ */

/* One by one: what sends many at once forgets which of them was refused, and that one
 * was. 1: the kernel took one; 0: it takes none now. */
static int send_one(struct datagram_carrier *self)
{
	const char *at = self->at, *message;
	ssize_t sent;
	size_t n;

	message = rfc5424_next(&at, self->end, &n);
	if (!message)
		return -EBADMSG;
	do {
		sent = send(self->outlet->fd, message, n, MSG_DONTWAIT | MSG_NOSIGNAL);
	} while (sent < 0 && errno == EINTR);
	if (sent < 0)
		return errno == EAGAIN || errno == ENOBUFS ? 0 : -errno;
	self->at = at;
	return 1;
}

/* What the peer's machine has said about what was sent, such as that nobody is there. */
static int last_error(const struct outlet *outlet)
{
	int error = 0;
	socklen_t size = sizeof(error);

	if (getsockopt(outlet->fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
		return -errno;
	return -error;
}

static void on_late(uv_timer_t *timer)
{
	struct outlet *outlet = container_of(timer, struct outlet, deadline);

	done(outlet->owner, -ETIMEDOUT, "the receiver does not read");
}

static void go_on(struct datagram_carrier *self)
{
	struct outlet *outlet = self->outlet;
	int r = 1;

	for (int i = 0; r > 0 && self->at < self->end && i < IN_A_TURN; i++)
		r = send_one(self);
	if (r > 0)
		uv_timer_again(&outlet->deadline);
	if (r >= 0 && self->at < self->end)
		return;
	if (r >= 0)
		r = last_error(outlet);
	uv_poll_stop(&outlet->poll);
	uv_timer_stop(&outlet->deadline);
	done(self, r, NULL);
}

static void on_writable(uv_poll_t *poll, int status, int events)
{
	struct outlet *outlet = container_of(poll, struct outlet, poll);

	(void)events;
	if (status < 0)
		done(outlet->owner, status, NULL);
	else
		go_on(outlet->owner);
}

static void begin_sending(struct datagram_carrier *self)
{
	struct outlet *outlet = self->outlet;
	uint64_t idle_ms = self->carrier.target->order.idle_ms;
	int r = uv_poll_start(&outlet->poll, UV_WRITABLE, on_writable);

	if (r < 0)
		done(self, r, NULL);
	else
		uv_timer_start(&outlet->deadline, on_late, idle_ms, idle_ms);
}

/* ---- the socket --------------------------------------------------------- */

static void on_handle_gone(struct outlet *outlet)
{
	if (--outlet->n_handles == 0)
		free(outlet);
}

static void on_poll_closed(uv_handle_t *handle)
{
	struct outlet *outlet = container_of((uv_poll_t *)handle, struct outlet, poll);

	close(outlet->fd);
	on_handle_gone(outlet);
}

static void on_deadline_closed(uv_handle_t *handle)
{
	on_handle_gone(container_of((uv_timer_t *)handle, struct outlet, deadline));
}

static void outlet_close(struct outlet *outlet)
{
	if (!outlet)
		return;
	uv_close((uv_handle_t *)&outlet->poll, on_poll_closed);
	uv_close((uv_handle_t *)&outlet->deadline, on_deadline_closed);
}

/* Connects a socket, which waits for nobody. */
static int outlet_open(
	struct datagram_carrier *self, const struct sockaddr *address, socklen_t size)
{
	CLEANUP_CLOSE int fd =
		socket(address->sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	struct outlet *outlet;
	int r;

	if (fd < 0 || connect(fd, address, size) < 0)
		return -errno;
	outlet = calloc(1, sizeof(*outlet));
	if (!outlet)
		return -ENOMEM;
	r = uv_poll_init(self->carrier.loop, &outlet->poll, fd);
	if (r < 0) {
		free(outlet);
		return r;
	}
	uv_timer_init(self->carrier.loop, &outlet->deadline);
	outlet->owner = self;
	outlet->fd = take_fd(&fd);
	outlet->n_handles = 2;
	self->outlet = outlet;
	return 0;
}

static int open_path(struct datagram_carrier *self, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t n = strlen(path);

	if (n >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, n);
	return outlet_open(self, (struct sockaddr *)&address, sizeof(address));
}

static void on_dialed(void *context, struct dialed *dialed)
{
	struct datagram_carrier *self = context;
	int r = dialed->result;

	self->dial = NULL;
	uv_timer_stop(self->dialing);
	if (r < 0) {
		done(self, r, dialed->why);
		return;
	}
	for (struct addrinfo *at = dialed->addresses; at; at = at->ai_next) {
		r = outlet_open(self, at->ai_addr, at->ai_addrlen);
		if (r == 0)
			break;
	}
	if (r < 0)
		done(self, r, NULL);
	else
		begin_sending(self);
}

static void on_dialing_late(uv_timer_t *timer)
{
	done(timer->data, -ETIMEDOUT, "cannot resolve the name in time");
}

static int dial_host(struct datagram_carrier *self)
{
	const struct stream_order *order = &self->carrier.target->order;
	const struct dial_order dial = { order->host, order->port, SOCK_DGRAM, NULL };

	if (!self->dialing) {
		self->dialing = calloc(1, sizeof(*self->dialing));
		if (!self->dialing)
			return -ENOMEM;
		uv_timer_init(self->carrier.loop, self->dialing);
		self->dialing->data = self;
	}
	uv_timer_start(self->dialing, on_dialing_late, order->connect_ms, 0);
	return dial_start(self->carrier.loop, &dial, on_dialed, self, &self->dial);
}

/* ---- the carrier -------------------------------------------------------- */

static void datagram_carrier_send(struct carrier *carrier, const struct buffer *messages)
{
	struct datagram_carrier *self =
		container_of(carrier, struct datagram_carrier, carrier);
	int r = 0;

	self->at = (const char *)messages->data;
	self->end = self->at + messages->size;
	if (!self->outlet && !carrier->target->path) {
		r = dial_host(self);
		if (r < 0)
			done(self, r, NULL);
		return;
	}
	if (!self->outlet)
		r = open_path(self, carrier->target->path);
	if (r < 0)
		done(self, r, NULL);
	else
		begin_sending(self);
}

static void datagram_carrier_stop(struct carrier *carrier)
{
	struct datagram_carrier *self =
		container_of(carrier, struct datagram_carrier, carrier);

	self->at = NULL;
	drop(self);
}

static void datagram_carrier_destroy(struct carrier *carrier)
{
	free(container_of(carrier, struct datagram_carrier, carrier));
}

struct carrier *datagram_carrier_create(void)
{
	static const struct carrier_ops ops = { datagram_carrier_send,
		datagram_carrier_stop, datagram_carrier_destroy };
	struct datagram_carrier *self = calloc(1, sizeof(*self));

	if (!self)
		return NULL;
	self->carrier.ops = &ops;
	return &self->carrier;
}
