/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A transport that talks to the receiver: connects, writes the batch, waits a while for
 * the answer, closes. Whatever goes wrong, the batch is to be sent again. The result is
 * told when the connection is closed, on a later turn.
 */
#include "receiver.h"

#include "base/bytes.h"
#include "base/macros.h"
#include "campaign.h"
#include "world.h"

#include <errno.h>
#include <stdlib.h>

enum { PATIENCE_MS = 5 };

struct socket_sink {
	struct sink sink;
	struct world *world;
	uv_tcp_t tcp;
	uv_timer_t patience;
	uv_connect_t connect;
	uv_write_t write;
	const struct batch *batch;
	uint8_t head[RECEIVER_HEAD_SIZE];
	char answer[8];
	bool ends; /* the connection is being closed */
	int result;
};

static struct world *the_world;
static int the_port;

static struct socket_sink *sink_of(struct sink *sink)
{
	return container_of(sink, struct socket_sink, sink);
}

/* ---- the end of a send ------------------------------------------------- */

static void on_tcp_closed(uv_handle_t *handle)
{
	struct socket_sink *own = container_of(handle, struct socket_sink, tcp);

	own->world->sending = false;
	sink_tell_sent(&own->sink, own->result);
}

static void end_send(struct socket_sink *own, int result)
{
	if (own->ends)
		return;
	own->ends = true;
	own->result = result;
	uv_timer_stop(&own->patience);
	uv_close((uv_handle_t *)&own->tcp, on_tcp_closed);
}

/* ---- a send ------------------------------------------------------------ */

static void on_patience_ends(uv_timer_t *timer)
{
	end_send(container_of(timer, struct socket_sink, patience), -ETIMEDOUT);
}

static void on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *room)
{
	struct socket_sink *own = container_of(handle, struct socket_sink, tcp);

	(void)wanted;
	*room = uv_buf_init(own->answer, sizeof(own->answer));
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *room)
{
	struct socket_sink *own = container_of(stream, struct socket_sink, tcp);

	(void)room;
	if (n < 0)
		end_send(own, -ECONNRESET);
	else if (n > 0)
		end_send(own, own->answer[0] == 'y' ? 0 : -EAGAIN);
}

static void on_written(uv_write_t *write, int status)
{
	if (status < 0)
		end_send(container_of(write, struct socket_sink, write), status);
}

static void on_connected(uv_connect_t *connect, int status)
{
	struct socket_sink *own = container_of(connect, struct socket_sink, connect);
	const struct batch *batch = own->batch;
	uv_buf_t pieces[] = {
		uv_buf_init((char *)own->head, sizeof(own->head)),
		uv_buf_init((char *)batch->bytes.data, (unsigned int)batch->bytes.size),
	};

	if (status == 0)
		status = uv_write(
			&own->write, (uv_stream_t *)&own->tcp, pieces, 2, on_written);
	if (status == 0)
		status = uv_read_start((uv_stream_t *)&own->tcp, on_room, on_read);
	if (status < 0)
		end_send(own, status);
}

static void socket_send(struct sink *sink, const struct batch *batch)
{
	struct socket_sink *own = sink_of(sink);
	struct sockaddr_in address;

	own->batch = batch;
	own->ends = false;
	own->world->sending = true;
	put_u64(own->head, batch->begin.epoch);
	put_u64(own->head + 8, batch->begin.sequence);
	put_u32(own->head + 16, batch->begin.index);
	put_u32(own->head + 20, batch->n_records);
	put_u32(own->head + 24, (uint32_t)batch->bytes.size);
	uv_ip4_addr("127.0.0.1", the_port, &address);
	must(uv_tcp_init(&own->world->loop, &own->tcp) == 0, "no socket");
	must(uv_tcp_connect(&own->connect, &own->tcp, (struct sockaddr *)&address,
		     on_connected) == 0,
		"cannot connect");
	uv_timer_start(&own->patience, on_patience_ends, PATIENCE_MS, 0);
}

static void socket_cancel(struct sink *sink)
{
	end_send(sink_of(sink), -ECANCELED);
}

/* ---- the rest ---------------------------------------------------------- */

static int socket_recover(struct sink *sink, const struct sink_note *note, bool has_batch)
{
	(void)sink;
	(void)note;
	(void)has_batch;
	return 0;
}

static void socket_note(struct sink *sink, struct sink_note *note)
{
	(void)sink;
	note->size = 0;
}

static int socket_prepare(
	struct sink *sink, const struct batch *batch, struct sink_note *note)
{
	(void)batch;
	socket_note(sink, note);
	return 0;
}

static void on_patience_closed(uv_handle_t *handle)
{
	struct socket_sink *own = container_of(handle, struct socket_sink, patience);
	struct sink_listener *listener = own->sink.listener;

	free(own);
	listener->on_closed(listener);
}

static void socket_close(struct sink *sink)
{
	uv_close((uv_handle_t *)&sink_of(sink)->patience, on_patience_closed);
}

static const struct sink_ops ops = {
	.recover = socket_recover,
	.prepare = socket_prepare,
	.send = socket_send,
	.note = socket_note,
	.cancel = socket_cancel,
	.close = socket_close,
};

static int socket_create(
	const struct sink_options *options, struct sink **ret_sink, struct buffer *why)
{
	struct socket_sink *own = calloc(1, sizeof(*own));

	(void)why;
	must(own, "out of memory");
	own->sink = (struct sink){ &ops, options->listener };
	own->world = the_world;
	uv_timer_init(options->loop, &own->patience);
	*ret_sink = &own->sink;
	return 0;
}

static const struct transport transport = { .name = "socket", .create = socket_create };

const struct transport *receiver_transport(struct world *world, int port)
{
	the_world = world;
	the_port = port;
	return &transport;
}
