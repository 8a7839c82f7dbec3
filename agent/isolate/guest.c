/* SPDX-License-Identifier: Apache-2.0 */
#include "guest.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/macros.h"
#include "channel.h"
#include "host/instance.h"
#include "model/state.h"
#include "model/transfer.h"
#include "wire_part.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct guest {
	struct runner_listener listener;
	struct runner *runner; /* owned */
	struct channel *channel;
	uint32_t number;
	char *id; /* owned */
	const char *(*refused)(void);
};

/* ---- what it is made from ---------------------------------------------- */

static void state_put(struct buffer *to, const struct state *state)
{
	struct buffer operations = { .secret = true };

	for (size_t i = 0; state && i < state->n; i++) {
		const struct state_entry *entry = &state->entries[i];

		state_pack_set(&operations, (struct slice){ entry->key, entry->key_size },
			(struct slice){
				entry->key + entry->key_size, entry->value_size });
	}
	pack_slice(to, (struct slice){ (char *)operations.data, operations.size });
	to->failed |= buffer_failed(&operations);
	buffer_finish(&operations);
}

void wire_put_open(struct buffer *to, uint32_t number, const struct wire_open *open)
{
	size_t begin = wire_begin(to, WIRE_OPEN);

	pack_unsigned(to, number);
	pack_text(to, open->id);
	pack_unsigned(to, open->max_series);
	list_pack(to, &open->tenants);
	match_pack(to, &open->drop);
	match_pack(to, &open->keep);
	buffer_append_byte(to, open->allows_special);
	values_pack(to, open->values);
	state_put(to, open->state);
	wire_end(to, begin);
}

static int open_instance(struct guest *guest, const struct guest_options *options,
	struct arena *arena, struct unpack *from)
{
	struct state state = { 0 };
	struct values values;
	struct instance_options instance = {
		.object = options->object,
		.values = &values,
		.state = &state,
		.shared = options->shared,
		.place = options->place,
	};
	int r;

	instance.id = unpack_text(from, arena, NAME_MAX);
	instance.max_series = (size_t)unpack_up_to(from, SIZE_MAX);
	list_unpack(from, arena, &instance.tenants);
	match_unpack(from, arena, &instance.drop);
	match_unpack(from, arena, &instance.keep);
	instance.allows_special = unpack_byte(from) != 0;
	values_unpack(from, arena, &options->object->description.options, &values);
	r = from->failed ? -EBADMSG : state_apply(&state, unpack_slice(from));
	guest->id = r == 0 ? strdup(instance.id) : NULL;
	if (r == 0)
		r = guest->id
			    ? instance_create(&instance, &guest->listener, &guest->runner)
			    : -ENOMEM;
	state_finish(&state);
	return r;
}

/* ---- what it says ------------------------------------------------------ */

static struct guest *guest_of(struct runner_listener *listener)
{
	return container_of(listener, struct guest, listener);
}

static void tell_result(struct guest *guest, enum wire_type type, int result)
{
	struct buffer *out = channel_out(guest->channel);
	size_t begin = wire_begin(out, type);

	pack_unsigned(out, guest->number);
	pack_signed(out, result);
	wire_end(out, begin);
	channel_flush(guest->channel);
}

static void on_started(struct runner_listener *listener, int result)
{
	tell_result(guest_of(listener), WIRE_STARTED, result);
}

static void on_part(struct runner_listener *listener, struct part *part)
{
	struct guest *guest = guest_of(listener);

	wire_put_part(channel_out(guest->channel), guest->number, part);
	channel_flush(guest->channel);
	part_destroy(part);
}

/* Of a thread that the plugin made itself nobody knows for which instance it works. */
static void tell_refused(const struct guest *guest)
{
	const char *refused = guest->refused();

	if (refused)
		log_error(guest->id, "a thread of its plugin %s", refused);
}

static void on_done(struct runner_listener *listener, int result, const char *why)
{
	struct guest *guest = guest_of(listener);
	struct buffer *out = channel_out(guest->channel);
	size_t begin;

	tell_refused(guest);
	begin = wire_begin(out, WIRE_DONE);

	pack_unsigned(out, guest->number);
	pack_signed(out, result);
	pack_optional(out, why);
	wire_end(out, begin);
	channel_flush(guest->channel);
}

static void on_stopped(struct runner_listener *listener)
{
	struct guest *guest = guest_of(listener);

	wire_number(channel_out(guest->channel), WIRE_STOPPED, guest->number);
	channel_flush(guest->channel);
}

/* ---- life -------------------------------------------------------------- */

int guest_create(const struct guest_options *options, struct unpack *from,
	struct guest **ret_guest)
{
	struct guest *guest = calloc(1, sizeof(*guest));
	struct arena arena = { 0 };
	int r;

	if (!guest)
		return -ENOMEM;
	guest->listener = (struct runner_listener){
		.on_started = on_started,
		.on_part = on_part,
		.on_done = on_done,
		.on_stopped = on_stopped,
	};
	guest->channel = options->channel;
	guest->number = options->number;
	guest->refused = options->refused;
	r = open_instance(guest, options, &arena, from);
	arena_wipe(&arena);
	arena_finish(&arena);
	if (r < 0) {
		free(guest->id);
		free(guest);
		return r;
	}
	*ret_guest = guest;
	return 0;
}

void guest_start(struct guest *guest)
{
	guest->runner->ops->start(guest->runner);
}

void guest_collect(struct guest *guest, const struct rk_request *request)
{
	guest->runner->ops->collect(guest->runner, request);
}

void guest_cancel(struct guest *guest)
{
	guest->runner->ops->cancel(guest->runner);
}

void guest_stop(struct guest *guest)
{
	guest->runner->ops->stop(guest->runner);
}

void guest_part_settled(struct guest *guest)
{
	guest->runner->ops->part_settled(guest->runner);
}

void guest_destroy(struct guest *guest)
{
	guest->runner->ops->destroy(guest->runner);
	free(guest->id);
	free(guest);
}
