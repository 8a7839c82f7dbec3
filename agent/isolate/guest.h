/* SPDX-License-Identifier: Apache-2.0 */
/* One instance in a child, as the agent has it made: what its runner says becomes
 * frames. */
#ifndef ISOLATE_GUEST_H
#define ISOLATE_GUEST_H

#include "base/pack.h"
#include "host/shared.h"
#include "wire.h"

struct call_place;
struct channel;
struct guest;
struct object;
struct state;
struct values;

/* What an instance is made from, on its way to the child: see host/instance.h. */
struct wire_open {
	const char *id;
	const struct values *values;
	const struct state *state; /* NULL: none */
	size_t max_series;
	struct rk_list tenants;
	struct rk_table drop, keep;
	bool allows_special; /* addresses (net/address.h) */
};

void wire_put_open(struct buffer *to, uint32_t number, const struct wire_open *open);

struct guest_options {
	uint32_t number;
	const struct object *object;
	const struct host_shared *shared;
	struct channel *channel;
	struct call_place *place;
	/* What the sandbox refused to threads of the plugin's own since this was last
	 * asked; NULL: nothing. */
	const char *(*refused)(void);
};

/* Makes an instance of what wire_put_open wrote behind the number; all of options
 * outlives it. 0, -EBADMSG or -ENOMEM. */
int guest_create(const struct guest_options *options, struct unpack *from,
	struct guest **ret_guest);

void guest_start(struct guest *guest);
void guest_collect(struct guest *guest, const struct rk_request *request);
void guest_cancel(struct guest *guest);
void guest_stop(struct guest *guest);
void guest_part_settled(struct guest *guest);

/* It has stopped, or was never started. */
void guest_destroy(struct guest *guest);

#endif
