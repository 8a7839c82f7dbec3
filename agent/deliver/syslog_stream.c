/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Syslog on a stream: a batch is written as it is, and taken when the kernel has it all.
 * The peer never says what it has read, so what both kernels hold is lost when it dies:
 * docs/DELIVERY.md says so, and what can be told of it is logged.
 */
#include "syslog_carrier.h"

#include "base/log.h"
#include "base/macros.h"

#include <stdlib.h>

struct stream_carrier {
	struct carrier carrier;
	struct stream_listener listener;
	struct stream *stream; /* NULL: none */
	bool is_open;
	const struct buffer *sending; /* NULL: nothing */
};

static struct stream_carrier *of_listener(struct stream_listener *listener)
{
	return container_of(listener, struct stream_carrier, listener);
}

static void done(struct stream_carrier *self, int result, const char *why)
{
	self->sending = NULL;
	self->carrier.on_done(&self->carrier, result, why);
}

static void drop(struct stream_carrier *self)
{
	stream_close(self->stream, NULL);
	self->stream = NULL;
	self->is_open = false;
}

static void on_open(struct stream_listener *listener)
{
	struct stream_carrier *self = of_listener(listener);

	self->is_open = true;
	stream_write(self->stream, self->sending->data, self->sending->size);
}

/* Receivers of syslog have nothing to say. */
static void on_read(struct stream_listener *listener, const uint8_t *bytes, size_t n)
{
	(void)listener;
	(void)bytes;
	(void)n;
}

static void on_written(struct stream_listener *listener)
{
	done(of_listener(listener), 0, NULL);
}

static void on_failed(struct stream_listener *listener, int error, const char *why)
{
	struct stream_carrier *self = of_listener(listener);
	size_t n = stream_unacknowledged(self->stream);

	if (self->is_open && n > 0)
		log_warning(self->carrier.who,
			"%s; %zu bytes that were written were not acknowledged and may "
			"be lost",
			why, n);
	else if (self->is_open && !self->sending)
		log_info(self->carrier.who, "%s", why);
	drop(self);
	if (self->sending)
		done(self, error, why);
}

static void stream_carrier_send(struct carrier *carrier, const struct buffer *messages)
{
	struct stream_carrier *self =
		container_of(carrier, struct stream_carrier, carrier);
	int r = 0;

	self->sending = messages;
	if (self->is_open)
		stream_write(self->stream, messages->data, messages->size);
	else
		r = stream_open(carrier->loop, &carrier->target->order, &self->listener,
			&self->stream);
	if (r < 0)
		done(self, r, NULL);
}

static void stream_carrier_stop(struct carrier *carrier)
{
	struct stream_carrier *self =
		container_of(carrier, struct stream_carrier, carrier);

	self->sending = NULL;
	drop(self);
}

static void stream_carrier_destroy(struct carrier *carrier)
{
	free(container_of(carrier, struct stream_carrier, carrier));
}

struct carrier *stream_carrier_create(void)
{
	static const struct carrier_ops ops = { stream_carrier_send, stream_carrier_stop,
		stream_carrier_destroy };
	struct stream_carrier *self = calloc(1, sizeof(*self));

	if (!self)
		return NULL;
	self->carrier.ops = &ops;
	self->listener =
		(struct stream_listener){ on_open, on_read, on_written, on_failed };
	return &self->carrier;
}
