/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rookery/ext/loop.h - timers and descriptors on the instance's event loop, for a
 * plugin that waits without blocking.
 *
 *	const struct rk_loop *loop = host->extension(host, RK_LOOP);
 *
 * An instance may have 1,024 timers and 1,024 watches. Handles belong to the host:
 * the plugin keeps the pointer from create until remove and looks inside of neither.
 * A callback may set, rest and remove any handle of its instance, also its own, and
 * may end the run; after remove returned, no callback of that handle comes.
 *
 * The host removes what is left before it calls stop, so stop must not use handles
 * any more; from then on create gives -ECANCELED. The callbacks of an instance that
 * hangs and was left behind cease.
 *
 * Everything here is [home]: from within a call of the instance or one of its
 * callbacks, which are calls of the instance, too, and must return at once. An
 * instance with RK_BLOCKING has no loop: the extension is NULL.
 */
#ifndef RK_EXT_LOOP_H
#define RK_EXT_LOOP_H

#include <rookery/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RK_LOOP "rk.loop/1"

struct rk_timer; /* a span that is waited for */
struct rk_watch; /* a descriptor that is looked at */

#define RK_READABLE (1u << 0)
#define RK_WRITABLE (1u << 1)
/* The other side has closed its end. Data may still be there to read. */
#define RK_HANGUP (1u << 2)

/* Grows at its end: a member that came later is there where size says so. */
struct rk_loop {
	uint32_t size; /* of this struct, as the host has it */

	/* A timer that is not set yet. 0; -ENOSPC: there are 1,024 already;
	 * -ECANCELED: the instance is being stopped; -EPERM: called from outside of the
	 * instance's calls; -ENOMEM. [home] */
	int (*timer_create)(const struct rk_host *host, void (*on_due)(void *context),
		void *context, struct rk_timer **ret_timer);

	/* Sets the timer, or sets it anew: due once after_ns from now, and then, where
	 * repeat_ns is above 0, every repeat_ns (1 ms at the least). Spans are of the
	 * monotonic clock; it comes up to some milliseconds later, never before. What it
	 * missed while the loop was busy is not made up for. [home] */
	void (*timer_set)(struct rk_timer *timer, int64_t after_ns, int64_t repeat_ns);

	/* Not due any more, until set again. [home] */
	void (*timer_unset)(struct rk_timer *timer);

	/* Unset, and gone. Accepts NULL. [home] */
	void (*timer_remove)(struct rk_timer *timer);

	/* A watch of a descriptor that can be polled (a socket, a pipe, a terminal, an
	 * eventfd, a pidfd), which becomes non-blocking; it looks for nothing yet. The
	 * descriptor stays the plugin's, and must stay open until remove; right
	 * after that it may be closed.
	 * 0; -EEXIST: this descriptor is watched already; -EPERM: it cannot be polled,
	 * as a file on a disk cannot, or as with timer_create; -EBADF; -ENOSPC,
	 * -ECANCELED, -ENOMEM: as there. [home] */
	int (*watch_create)(const struct rk_host *host, int fd,
		void (*on_ready)(void *context, uint32_t events), void *context,
		struct rk_watch **ret_watch);

	/* Looks for these events (RK_READABLE, ...) from now on; 0: the watch rests.
	 * They are told again and again for as long as they hold. A descriptor with an
	 * error (a pipe whose reader is gone, a socket that was reset) is told once, as
	 * all that is looked for and RK_HANGUP, and the watch rests then; the next read
	 * or write says which error.
	 * 0; -EINVAL: an unknown event; -ENOMEM, or what the kernel says. [home] */
	int (*watch_set)(struct rk_watch *watch, uint32_t events);

	/* Accepts NULL. [home] */
	void (*watch_remove)(struct rk_watch *watch);
};

#ifdef __cplusplus
}
#endif
#endif
