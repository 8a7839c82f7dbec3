/* SPDX-License-Identifier: Apache-2.0 */
/* What all instances in one process share, be it the agent or a child that hosts
 * plugins apart. Made by whoever owns the loop; outlives every instance. */
#ifndef HOST_SHARED_H
#define HOST_SHARED_H

#include <uv.h>

struct clock;
struct mailbox;
struct timers;

struct host_shared {
	uv_loop_t *loop;
	const struct clock *clock;
	struct timers *timers; /* of the loop; each owner of some reserves them */
	struct mailbox *mailbox;
};

#endif
