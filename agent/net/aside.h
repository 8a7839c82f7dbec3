/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One blocking call on a thread of its own, which can be left behind. For what may hang
 * longer than anybody waits, such as the system's resolver: it must take neither the
 * loop's time nor one of the pool's few threads.
 */
#ifndef NET_ASIDE_H
#define NET_ASIDE_H

#include <uv.h>

struct aside;

struct aside_work {
	/* On the thread. */
	void (*run)(void *context);
	/* On the loop when it has run, unless it was left. */
	void (*on_done)(void *context);
	/* Behind both, on either thread; what the context holds goes with it. */
	void (*free)(void *context);
};

/* 0, and the context is taken; -EAGAIN: as many as may be are under way or were left
 * behind; or another negative errno. [loop] */
int aside_start(uv_loop_t *loop, const struct aside_work *work, void *context,
	struct aside **ret_aside);

/* Nobody waits for it any more. Not from on_done on. [loop] */
void aside_leave(struct aside *aside);

#endif
