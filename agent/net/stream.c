/* SPDX-License-Identifier: Apache-2.0 */
/*
 *	DIALING ---> CONNECTING ---> SHAKING ---> SETTLING ---> OPEN
 *	  name         each            TLS          TLS 1.3 with a certificate
 *	  and files    address                      of ours: is it accepted?
 *
 * From each of them to FAILED, which is told once, and by stream_close to CLOSED. Each
 * step up to OPEN has a deadline; from there on a watch looks four times in each idle
 * span whether anything has moved.
 */
#include "stream.h"

#include "base/macros.h"
#include "dial.h"
#include "linger.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>

enum {
	SETTLE_MS = 1000,       /* for the peer's word about our certificate */
	ACKNOWLEDGE_MS = 1,     /* what came, where more answers are awaited */
	SAY_AT_ONCE = 64 << 10, /* bytes that are encrypted in one turn */
	READ_AT_ONCE = 16 << 10,
};

enum stream_state {
	STREAM_DIALING,
	STREAM_CONNECTING,
	STREAM_SHAKING,
	STREAM_SETTLING,
	STREAM_OPEN,
	STREAM_FAILED,
	STREAM_CLOSED,
};

struct stream {
	struct stream_order order;
	struct stream_listener *listener;
	uv_loop_t *loop;
	enum stream_state state;
	struct dial *dial;     /* while DIALING */
	struct dialed dialed;  /* owned; from CONNECTING on */
	struct addrinfo *next; /* address to try */
	uint64_t each_ms;      /* for one of them */
	struct tls tls;
	uv_tcp_t tcp;
	bool has_tcp; /* it was initialized and not closed */
	uv_connect_t connecting;
	uv_write_t writing;
	bool is_writing;     /* with the kernel */
	const uint8_t *left; /* of what the owner writes */
	size_t n_left;
	bool is_owed; /* on_written is to be told */
	bool expects;
	struct buffer plain, cipher; /* TLS: read; being written */
	uint8_t room[READ_AT_ONCE];
	uv_timer_t deadline, watch, acknowledge;
	/* What the watch saw last. */
	uint64_t moved, seen;
	size_t seen_queue;
	unsigned int n_still;
	int error; /* of FAILED */
	char why[TLS_WHY_SIZE + 64];
	unsigned int n_handles;
};

/* ---- failing ------------------------------------------------------------ */

static void on_told(uv_timer_t *timer)
{
	struct stream *stream = container_of(timer, struct stream, deadline);

	stream->listener->on_failed(stream->listener, stream->error, stream->why);
}

/* Told on a later turn. */
static void stream_fail(
	struct stream *stream, int error, const char *what, const char *why)
{
	if (stream->state >= STREAM_FAILED)
		return;
	stream->state = STREAM_FAILED;
	stream->error = error;
	snprintf(stream->why, sizeof(stream->why), "%s: %s", what,
		why && *why ? why : strerror(-error));
	uv_timer_stop(&stream->watch);
	if (stream->has_tcp)
		uv_read_stop((uv_stream_t *)&stream->tcp);
	uv_timer_start(&stream->deadline, on_told, 0, 0);
}

static void try_next(struct stream *stream, int error);

static void on_deadline(uv_timer_t *timer)
{
	struct stream *stream = container_of(timer, struct stream, deadline);
	static const char *const what[] = {
		[STREAM_DIALING] = "cannot resolve the name or read the files of TLS",
		[STREAM_SHAKING] = "no end of the TLS handshake",
	};

	if (stream->state == STREAM_CONNECTING)
		try_next(stream, -ETIMEDOUT);
	else
		stream_fail(stream, -ETIMEDOUT, what[stream->state], NULL);
}

/* ---- the watch ---------------------------------------------------------- */

static void on_watch(uv_timer_t *timer)
{
	struct stream *stream = container_of(timer, struct stream, watch);
	size_t queue = uv_stream_get_write_queue_size((uv_stream_t *)&stream->tcp);
	bool should_move = stream->is_writing || stream->is_owed || stream->expects;

	if (!should_move || stream->moved != stream->seen || queue != stream->seen_queue)
		stream->n_still = 0;
	else
		stream->n_still++;
	stream->seen = stream->moved;
	stream->seen_queue = queue;
	if (stream->n_still >= 4)
		stream_fail(stream, -ETIMEDOUT,
			stream->expects ? "no answer" : "cannot write", NULL);
}

static void stream_is_open(struct stream *stream)
{
	uint64_t step_ms = MAX(stream->order.idle_ms / 4, 1);

	stream->state = STREAM_OPEN;
	uv_timer_stop(&stream->deadline);
	uv_timer_start(&stream->watch, on_watch, step_ms, step_ms);
	stream->listener->on_open(stream->listener);
}

/* ---- writing ------------------------------------------------------------ */

static void pump(struct stream *stream);

static void on_written(uv_write_t *request, int status)
{
	struct stream *stream = container_of(request, struct stream, writing);

	stream->is_writing = false;
	stream->moved++;
	if (stream->state >= STREAM_FAILED)
		return;
	if (status < 0)
		stream_fail(stream, status, "cannot write", NULL);
	else
		pump(stream);
}

static void write_now(struct stream *stream, const void *bytes, size_t n)
{
	uv_buf_t buf = { .base = without_const(bytes), .len = n };
	int r = uv_write(
		&stream->writing, (uv_stream_t *)&stream->tcp, &buf, 1, on_written);

	if (r < 0)
		stream_fail(stream, r, "cannot write", NULL);
	else
		stream->is_writing = true;
}

/* The next piece of what the owner writes; of TLS behind what the session says. */
static int next_piece(struct stream *stream, const uint8_t **ret_bytes, size_t *ret_n)
{
	size_t n = stream->n_left;
	int r = 0;

	*ret_bytes = stream->left;
	if (stream->dialed.context) {
		n = MIN(n, SAY_AT_ONCE);
		buffer_clear(&stream->cipher);
		if (n > 0)
			r = tls_say(&stream->tls, stream->left, n);
		tls_drain(&stream->tls, &stream->cipher);
		*ret_bytes = stream->cipher.data;
		*ret_n = stream->cipher.size;
	} else {
		*ret_n = n;
	}
	if (n > 0) {
		stream->left += n;
		stream->n_left -= n;
	}
	return r;
}

/* Writes on, or tells that all is written. */
static void pump(struct stream *stream)
{
	const uint8_t *bytes;
	size_t n;
	int r;

	if (stream->is_writing)
		return;
	r = next_piece(stream, &bytes, &n);
	if (r < 0) {
		stream_fail(stream, r, "cannot write", stream->tls.why);
	} else if (n > 0) {
		write_now(stream, bytes, n);
	} else if (stream->is_owed) {
		stream->is_owed = false;
		stream->listener->on_written(stream->listener);
	}
}

void stream_write(struct stream *stream, const void *bytes, size_t n)
{
	if (stream->state != STREAM_OPEN)
		return; /* its failure is on the way */
	stream->left = bytes;
	stream->n_left = n;
	stream->is_owed = n > 0;
	stream->moved++;
	pump(stream);
}

void stream_expect(struct stream *stream, bool answer)
{
	stream->expects = answer;
	stream->moved++;
}

size_t stream_unacknowledged(const struct stream *stream)
{
	uv_os_fd_t fd;
	int n = 0;

	if (!stream->has_tcp || uv_fileno((const uv_handle_t *)&stream->tcp, &fd) < 0 ||
		ioctl(fd, SIOCOUTQ, &n) < 0 || n < 0)
		return 0;
	return (size_t)n;
}

/* ---- reading ------------------------------------------------------------ */

static void on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *buf)
{
	struct stream *stream = container_of((uv_tcp_t *)handle, struct stream, tcp);

	(void)wanted;
	*buf = uv_buf_init((char *)stream->room, sizeof(stream->room));
}

static void on_settled(uv_timer_t *timer)
{
	stream_is_open(container_of(timer, struct stream, deadline));
}

/* The handshake may be over, and the peer's word about us may have come. */
static void go_on_shaking(struct stream *stream)
{
	if (stream->state == STREAM_SHAKING && stream->tls.is_up) {
		stream->state = STREAM_SETTLING;
		if (tls_is_judged_later(&stream->tls))
			uv_timer_start(&stream->deadline, on_settled, SETTLE_MS, 0);
		else
			stream->tls.has_ticket = true;
	}
	if (stream->state == STREAM_SETTLING && stream->tls.has_ticket)
		stream_is_open(stream);
}

static void take_cipher(struct stream *stream, size_t n)
{
	int r;

	buffer_clear(&stream->plain);
	r = tls_take(&stream->tls, stream->room, n, &stream->plain);
	if (r == 0)
		go_on_shaking(stream);
	if (stream->state == STREAM_OPEN && stream->plain.size > 0)
		stream->listener->on_read(
			stream->listener, stream->plain.data, stream->plain.size);
	if (stream->state >= STREAM_FAILED)
		return;
	/* Also an alert that says why we do not go on. */
	pump(stream);
	if (r < 0)
		stream_fail(stream, r, "the connection broke", stream->tls.why);
	else if (stream->tls.is_over)
		stream_fail(stream, -ECONNRESET, "the receiver closed the connection",
			"it said so");
}

static void on_acknowledge(uv_timer_t *timer)
{
	const struct stream *stream = container_of(timer, struct stream, acknowledge);
	const int yes = 1;
	uv_os_fd_t fd;

	if (stream->has_tcp && uv_fileno((const uv_handle_t *)&stream->tcp, &fd) == 0)
		(void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &yes, sizeof(yes));
}

/* Where the peer answers in many small writes, it holds each until we acknowledge the one
 * before (Nagle), and our kernel does that 40 ms later (tcp(7), TCP_QUICKACK, which does
 * not stay set). Not at once either: each answer would come alone then. */
static void acknowledge_soon(struct stream *stream)
{
	if (stream->expects && !uv_is_active((uv_handle_t *)&stream->acknowledge))
		uv_timer_start(&stream->acknowledge, on_acknowledge, ACKNOWLEDGE_MS, 0);
}

static void on_read(uv_stream_t *handle, ssize_t n, const uv_buf_t *buf)
{
	struct stream *stream = container_of((uv_tcp_t *)handle, struct stream, tcp);

	(void)buf;
	stream->moved++;
	if (n > 0)
		acknowledge_soon(stream);
	if (n == UV_EOF)
		stream_fail(stream, -ECONNRESET, "the connection ended",
			stream->state == STREAM_SETTLING
				? "the receiver may not accept our certificate"
				: "the receiver closed it");
	else if (n < 0)
		stream_fail(stream, (int)n, "the connection broke", NULL);
	else if (n > 0 && stream->dialed.context)
		take_cipher(stream, (size_t)n);
	else if (n > 0)
		stream->listener->on_read(stream->listener, stream->room, (size_t)n);
}

/* ---- connecting --------------------------------------------------------- */

static void shake_hands(struct stream *stream)
{
	const struct tls_settings *settings = stream->order.tls;
	const char *name =
		settings->server_name ? settings->server_name : stream->order.host;
	int r = tls_init(&stream->tls, stream->dialed.context, name, settings->verify);

	stream->state = STREAM_SHAKING;
	uv_timer_start(&stream->deadline, on_deadline, stream->order.connect_ms, 0);
	if (r < 0)
		stream_fail(stream, r, "cannot begin TLS", stream->tls.why);
	else
		pump(stream);
}

static void on_connected(uv_connect_t *request, int status)
{
	struct stream *stream = container_of(request, struct stream, connecting);

	if (stream->state != STREAM_CONNECTING || status == UV_ECANCELED)
		return;
	if (status < 0) {
		try_next(stream, status);
		return;
	}
	uv_tcp_nodelay(&stream->tcp, 1);
	uv_tcp_keepalive(&stream->tcp, 1, 60);
	uv_read_start((uv_stream_t *)&stream->tcp, on_room, on_read);
	if (stream->dialed.context)
		shake_hands(stream);
	else
		stream_is_open(stream);
}

static void connect_to(struct stream *stream, const struct addrinfo *address)
{
	int r = uv_tcp_init(stream->loop, &stream->tcp);

	if (r == 0) {
		stream->has_tcp = true;
		stream->n_handles++;
		r = uv_tcp_connect(&stream->connecting, &stream->tcp, address->ai_addr,
			on_connected);
	}
	if (r < 0)
		stream_fail(stream, r, "cannot connect", NULL);
	else
		uv_timer_start(&stream->deadline, on_deadline, stream->each_ms, 0);
}

static void stream_free(struct stream *stream)
{
	tls_finish(&stream->tls);
	SSL_CTX_free(stream->dialed.context);
	if (stream->dialed.addresses)
		freeaddrinfo(stream->dialed.addresses);
	buffer_finish(&stream->plain);
	buffer_finish(&stream->cipher);
	free(stream);
}

/* A handle is closed: of an address that did not answer, or the last one of all. */
static void handle_is_gone(struct stream *stream)
{
	stream->n_handles--;
	if (stream->state == STREAM_CLOSED && stream->n_handles == 0)
		stream_free(stream);
}

static void on_tcp_closed(uv_handle_t *handle)
{
	struct stream *stream = container_of((uv_tcp_t *)handle, struct stream, tcp);
	struct addrinfo *address = stream->next;

	if (stream->state == STREAM_CONNECTING) {
		stream->next = address->ai_next;
		connect_to(stream, address);
	}
	handle_is_gone(stream);
}

static void close_tcp(struct stream *stream)
{
	if (stream->has_tcp)
		uv_close((uv_handle_t *)&stream->tcp, on_tcp_closed);
	stream->has_tcp = false;
}

/* The handle of an address that failed is closed first. */
static void try_next(struct stream *stream, int error)
{
	if (stream->next)
		close_tcp(stream);
	else
		stream_fail(stream, error, "cannot connect", NULL);
}

static void on_dialed(void *context, struct dialed *dialed)
{
	struct stream *stream = context;
	struct addrinfo *first = dialed->addresses;
	uint64_t n = 0;

	stream->dial = NULL;
	if (dialed->result < 0) {
		stream_fail(stream, dialed->result, "cannot connect", dialed->why);
		return;
	}
	stream->dialed = *dialed;
	dialed->addresses = NULL;
	dialed->context = NULL;
	stream->state = STREAM_CONNECTING;
	stream->next = first->ai_next;
	for (const struct addrinfo *address = first; address; address = address->ai_next)
		n++;
	stream->each_ms = MAX(stream->order.connect_ms / n, 1);
	connect_to(stream, first);
}

int stream_open(uv_loop_t *loop, const struct stream_order *order,
	struct stream_listener *listener, struct stream **ret_stream)
{
	const struct dial_order dial = { order->host, order->port, SOCK_STREAM,
		order->tls };
	struct stream *stream = calloc(1, sizeof(*stream));
	int r;

	if (!stream)
		return -ENOMEM;
	stream->order = *order;
	stream->listener = listener;
	stream->loop = loop;
	stream->n_handles = 3;
	uv_timer_init(loop, &stream->deadline);
	uv_timer_init(loop, &stream->watch);
	uv_timer_init(loop, &stream->acknowledge);
	uv_timer_start(&stream->deadline, on_deadline, order->connect_ms, 0);
	r = dial_start(loop, &dial, on_dialed, stream, &stream->dial);
	if (r < 0)
		stream_fail(stream, r, "cannot connect", NULL);
	*ret_stream = stream;
	return 0;
}

/* ---- closing ------------------------------------------------------------ */

/* What the socket takes at once; the kernel brings it to the peer. */
static void say_last(struct stream *stream, const char *last)
{
	size_t n = last ? strlen(last) : 0;
	uv_buf_t buf = { .base = without_const(last), .len = n };

	if (stream->dialed.context) {
		buffer_clear(&stream->cipher);
		if (n > 0)
			tls_say(&stream->tls, last, n);
		tls_say_end(&stream->tls);
		tls_drain(&stream->tls, &stream->cipher);
		buf = uv_buf_init(
			(char *)stream->cipher.data, (unsigned int)stream->cipher.size);
	}
	if (buf.len > 0)
		uv_try_write((uv_stream_t *)&stream->tcp, &buf, 1);
}

/* What the kernel has is to arrive. */
static void end_in_order(struct stream *stream, const char *last)
{
	uv_os_fd_t fd;

	if (!stream->is_writing && stream->n_left == 0)
		say_last(stream, last);
	if (uv_fileno((const uv_handle_t *)&stream->tcp, &fd) == 0)
		linger(stream->loop, fd);
}

static void on_deadline_closed(uv_handle_t *handle)
{
	handle_is_gone(container_of((uv_timer_t *)handle, struct stream, deadline));
}

static void on_watch_closed(uv_handle_t *handle)
{
	handle_is_gone(container_of((uv_timer_t *)handle, struct stream, watch));
}

static void on_acknowledge_closed(uv_handle_t *handle)
{
	handle_is_gone(container_of((uv_timer_t *)handle, struct stream, acknowledge));
}

void stream_close(struct stream *stream, const char *last)
{
	if (!stream)
		return;
	if (stream->state == STREAM_OPEN)
		end_in_order(stream, last);
	stream->state = STREAM_CLOSED;
	if (stream->dial)
		dial_cancel(stream->dial);
	stream->dial = NULL;
	close_tcp(stream);
	uv_close((uv_handle_t *)&stream->deadline, on_deadline_closed);
	uv_close((uv_handle_t *)&stream->watch, on_watch_closed);
	uv_close((uv_handle_t *)&stream->acknowledge, on_acknowledge_closed);
}
