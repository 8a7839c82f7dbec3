/* SPDX-License-Identifier: Apache-2.0 */
/* It takes the place of who is told, writes, and tells them. */
#include "http_recorder.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/macros.h"
#include "http_recording.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

static const struct http_recorder *recorder_of(const struct http_carrier *carrier)
{
	return container_of_const(carrier, struct http_recorder, carrier);
}

static void give_back(struct http_exchange *exchange)
{
	exchange->on_done = exchange->behind;
	exchange->behind = NULL;
	exchange->between = NULL;
}

static void on_done(struct http_exchange *exchange)
{
	const struct http_recorder *recorder = recorder_of(exchange->between);
	int64_t now_ns = clock_wall_ns(recorder->clock);
	int r = http_recording_write(recorder->folder, ++recorder->state->n, exchange,
		now_ns - exchange->reply.times.total_ns, now_ns);

	if (r < 0 && recorder->state->result == 0)
		recorder->state->result = r;
	give_back(exchange);
	exchange->on_done(exchange);
}

static int recorder_start(
	const struct http_carrier *carrier, struct http_exchange *exchange)
{
	const struct http_carrier *behind = recorder_of(carrier)->behind;
	int r;

	exchange->behind = exchange->on_done;
	exchange->on_done = on_done;
	exchange->between = carrier;
	r = behind->ops->start(behind, exchange);
	if (r < 0)
		give_back(exchange);
	return r;
}

static void recorder_cancel(
	const struct http_carrier *carrier, struct http_exchange *exchange)
{
	const struct http_carrier *behind = recorder_of(carrier)->behind;

	behind->ops->cancel(behind, exchange);
	give_back(exchange);
}

static const struct http_carrier_ops recorder_ops = {
	.start = recorder_start,
	.cancel = recorder_cancel,
};

int http_recorder_init(struct http_recorder *recorder, const char *folder,
	const struct http_carrier *behind, const struct clock *clock)
{
	*recorder = (struct http_recorder){
		.carrier.ops = &recorder_ops,
		.behind = behind,
		.clock = clock,
		.folder = folder,
		.state = calloc(1, sizeof(*recorder->state)),
	};
	return recorder->state ? folder_create(folder, 0750) : -ENOMEM;
}

void http_recorder_finish(struct http_recorder *recorder)
{
	free(recorder->state);
	recorder->state = NULL;
}
