/* SPDX-License-Identifier: Apache-2.0 */
#include "hosting.h"

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/macros.h"
#include "channel.h"
#include "guest.h"
#include "host/buckets.h"
#include "host/instance.h"
#include "hosting_log.h"
#include "loop/mailbox.h"
#include "loop/ticker.h"
#include "model/transfer.h"
#include "net/curl_loop.h"
#include "net/http_network.h"
#include "sandbox.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

struct hosting {
	uv_loop_t loop;
	struct mailbox mailbox;
	struct ticker ticker;
	struct host_shared shared;
	struct curl_loop *curl; /* owned; NULL where the plugin has no network */
	struct http_network network;
	struct buckets buckets;
	struct channel channel;
	const struct object *object;
	struct page *page;
	struct guest *guests[CHILD_MAX_INSTANCES]; /* owned, by number */
};

/* ---- frames of the agent ----------------------------------------------- */

static void tell_fault(void *context, const char *path, const char *text)
{
	struct hosting *hosting = context;
	struct buffer *out = channel_out(&hosting->channel);
	size_t begin = wire_begin(out, WIRE_FAULT);

	pack_text(out, path);
	pack_text(out, text);
	wire_end(out, begin);
}

static int on_check(struct hosting *hosting, struct unpack *from)
{
	struct arena arena = { 0 };
	struct buffer *out = channel_out(&hosting->channel);
	struct values values;
	size_t begin;
	int r;

	values_unpack(from, &arena, &hosting->object->description.options, &values);
	r = from->failed ? -EBADMSG
			 : instance_check(hosting->object, &values, tell_fault, hosting);
	arena_wipe(&arena);
	arena_finish(&arena);
	begin = wire_begin(out, WIRE_CHECKED);
	pack_signed(out, r);
	wire_end(out, begin);
	channel_flush(&hosting->channel);
	return r == -EBADMSG ? r : 0;
}

static int on_level(struct unpack *from)
{
	log_set_level((enum log_level)unpack_up_to(from, LOG_LEVEL_DEBUG));
	return 0;
}

static int on_open(struct hosting *hosting, uint32_t number, struct unpack *from)
{
	const struct guest_options options = {
		.number = number,
		.object = hosting->object,
		.shared = &hosting->shared,
		.channel = &hosting->channel,
		.place = &hosting->page->places[number],
		.refused = sandbox_refused,
	};

	if (hosting->guests[number])
		return -EBADMSG;
	return guest_create(&options, from, &hosting->guests[number]);
}

static int on_collect(struct hosting *hosting, uint32_t number, struct unpack *from)
{
	struct rk_request request;

	wire_get_request(from, &request);
	if (!from->failed)
		guest_collect(hosting->guests[number], &request);
	return 0;
}

static int on_close(struct hosting *hosting, uint32_t number)
{
	guest_destroy(hosting->guests[number]);
	hosting->guests[number] = NULL;
	return 0;
}

/* Those about one instance. */
static int on_guest_frame(struct hosting *hosting, struct wire_frame *frame)
{
	uint32_t number =
		(uint32_t)unpack_up_to(&frame->content, CHILD_MAX_INSTANCES - 1);
	struct guest *guest = hosting->guests[number];

	if (frame->content.failed)
		return -EBADMSG;
	if (frame->type == WIRE_OPEN)
		return on_open(hosting, number, &frame->content);
	if (!guest)
		return -EBADMSG;
	switch (frame->type) {
	case WIRE_COLLECT:
		return on_collect(hosting, number, &frame->content);
	case WIRE_START:
		guest_start(guest);
		return 0;
	case WIRE_CANCEL:
		guest_cancel(guest);
		return 0;
	case WIRE_STOP:
		guest_stop(guest);
		return 0;
	case WIRE_SETTLED:
		guest_part_settled(guest);
		return 0;
	case WIRE_CLOSE:
		return on_close(hosting, number);
	default:
		return -EBADMSG;
	}
}

static int on_frame(struct channel *channel, struct wire_frame *frame)
{
	struct hosting *hosting = container_of(channel, struct hosting, channel);
	int r;

	if (frame->type == WIRE_CHECK)
		r = on_check(hosting, &frame->content);
	else if (frame->type == WIRE_LEVEL)
		r = on_level(&frame->content);
	else
		r = on_guest_frame(hosting, frame);
	return r == 0 && frame->content.failed ? -EBADMSG : r;
}

/* ---- life -------------------------------------------------------------- */

static bool has_guests(const struct hosting *hosting)
{
	for (size_t i = 0; i < LENGTH(hosting->guests); i++) {
		if (hosting->guests[i])
			return true;
	}
	return false;
}

static void on_channel_closed(struct channel *channel)
{
	(void)channel;
}

/* The agent is gone or wants this process gone, or one of both is out of step. */
static void on_end(struct channel *channel, int result)
{
	struct hosting *hosting = container_of(channel, struct hosting, channel);

	if (result < 0 || has_guests(hosting))
		_exit(result < 0 ? 1 : 0);
	hosting_log_end();
	channel_close(&hosting->channel);
	mailbox_close(&hosting->mailbox, NULL);
	if (hosting->curl) {
		buckets_finish(&hosting->buckets);
		curl_loop_destroy(hosting->curl);
	}
	ticker_close(&hosting->ticker);
}

/* Who does not declare the network has no use for rk.http/1. Budgets of accounts are
 * shared by all collectors in this process. */
static int share_http(struct hosting *hosting)
{
	hosting->curl = curl_loop_create(&hosting->loop);
	if (!hosting->curl)
		return -ENOMEM;
	http_network_init(&hosting->network, hosting->curl);
	buckets_init(&hosting->buckets, &hosting->ticker.timers);
	hosting->shared.carrier = &hosting->network.carrier;
	hosting->shared.leases = &hosting->buckets.leases;
	return 0;
}

static int hosting_open(struct hosting *hosting, int wire)
{
	int r = uv_loop_init(&hosting->loop);

	if (r == 0)
		r = mailbox_open(&hosting->mailbox, &hosting->loop);
	if (r == 0)
		r = ticker_open(&hosting->ticker, &hosting->loop, &clock_system);
	if (r < 0) {
		close(wire);
		return r;
	}
	hosting->shared = (struct host_shared){
		.loop = &hosting->loop,
		.clock = &clock_system,
		.timers = &hosting->ticker.timers,
		.mailbox = &hosting->mailbox,
	};
	if (hosting->object->description.needs & RK_NEED_NET)
		r = share_http(hosting);
	if (r < 0) {
		close(wire);
		return r;
	}
	hosting->channel.on_frame = on_frame;
	hosting->channel.on_end = on_end;
	hosting->channel.on_closed = on_channel_closed;
	return channel_open(&hosting->channel, &hosting->loop, wire, true);
}

int hosting_run(int wire, const struct object *object, struct page *page)
{
	struct hosting *hosting = calloc(1, sizeof(*hosting));
	int r;

	if (!hosting)
		return 1;
	hosting->object = object;
	hosting->page = page;
	r = hosting_open(hosting, wire);
	if (r < 0)
		_exit(1);
	hosting_log_begin(&hosting->mailbox, &hosting->channel);
	uv_run(&hosting->loop, UV_RUN_DEFAULT);
	uv_loop_close(&hosting->loop);
	free(hosting);
	return 0;
}
