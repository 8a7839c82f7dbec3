/* SPDX-License-Identifier: Apache-2.0 */
/* What all instances in one process share, be it the agent or a child that hosts
 * plugins apart. Made by whoever owns the loop; outlives every instance. */
#ifndef HOST_SHARED_H
#define HOST_SHARED_H

#include <uv.h>

struct clock;
struct http_carrier;
struct leases;
struct mailbox;
struct secret_store;
struct timers;

struct host_shared {
	uv_loop_t *loop;
	const struct clock *clock;
	struct timers *timers; /* of the loop; each owner of some reserves them */
	struct mailbox *mailbox;
	/* For rk.http/1, which instances do not get where there is no carrier. */
	const struct http_carrier *carrier; /* who answers requests */
	struct leases *leases;              /* the budgets of accounts */
	struct secret_store *secrets;       /* NULL: nothing is kept */
};

#endif
