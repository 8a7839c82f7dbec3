/* SPDX-License-Identifier: Apache-2.0 */
/* The receiver as a transport: takes a batch at once, and answers when the world
 * says so. */
#include "world.h"

#include "base/macros.h"
#include "campaign.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct world *the_world; /* the one whose delivery is opened */

static struct world_sink *sink_of(struct sink *sink)
{
	return container_of(sink, struct world_sink, sink);
}

static enum fate choose_fate(struct world *world)
{
	if (random_below(&world->random, 100) >= world->hostility)
		return FATE_TAKEN;
	return (enum fate)(FATE_LOST + random_below(&world->random, 3));
}

static int sink_recover(struct sink *sink, const struct sink_note *note, bool has_batch)
{
	(void)sink;
	(void)note;
	(void)has_batch;
	return 0;
}

static void sink_note(struct sink *sink, struct sink_note *note)
{
	(void)sink;
	note->size = 0;
}

static int sink_prepare(
	struct sink *sink, const struct batch *batch, struct sink_note *note)
{
	(void)batch;
	sink_note(sink, note);
	return 0;
}

static void sink_send(struct sink *sink, const struct batch *batch)
{
	struct world_sink *own = sink_of(sink);
	enum fate fate = choose_fate(own->world);

	if (fate != FATE_REFUSED)
		ledger_receive(own->world->ledger, batch);
	own->result = fate == FATE_TAKEN ? 0 : -ECONNRESET;
	own->answers = true;
	own->held = fate == FATE_HELD;
}

void world_sink_answer(struct world_sink *sink)
{
	sink->answers = sink->held = false;
	sink_tell_sent(&sink->sink, sink->result);
}

static void sink_cancel(struct sink *sink)
{
	sink_of(sink)->result = -ECANCELED;
}

static void sink_close(struct sink *sink)
{
	struct world_sink *own = sink_of(sink);
	struct sink_listener *listener = sink->listener;

	own->world->sink = NULL;
	free(own);
	listener->on_closed(listener);
}

static const struct sink_ops ops = {
	.recover = sink_recover,
	.prepare = sink_prepare,
	.send = sink_send,
	.note = sink_note,
	.cancel = sink_cancel,
	.close = sink_close,
};

static int sink_create(
	const struct sink_options *options, struct sink **ret_sink, struct buffer *why)
{
	struct world_sink *own = calloc(1, sizeof(*own));

	(void)why;
	must(own, "out of memory");
	own->sink = (struct sink){ &ops, options->listener };
	own->world = the_world;
	own->world->sink = own;
	*ret_sink = &own->sink;
	return 0;
}

static const struct transport transport = { .name = "world", .create = sink_create };

const struct transport *world_transport(struct world *world)
{
	the_world = world;
	return world->transport ? world->transport : &transport;
}
