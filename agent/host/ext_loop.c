/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rk.loop/1: timers and descriptors of an instance on the loop of its process.
 *
 * A timer is one of base/timers.h and is freed when it is removed. A watch is a handle
 * of libuv, which closes on a later turn: it is freed then, and the instance is not
 * stopped before (instance_is_quiet), so that all that a callback may reach is there.
 */
#include "extensions.h"
#include "internal.h"

#include "base/clock.h"
#include "base/timers.h"

#include <rookery/ext/loop.h>

#include <errno.h>
#include <stdlib.h>

enum { MAX_TIMERS = 1024, MAX_WATCHES = 1024 };

#define KNOWN_EVENTS  (RK_READABLE | RK_WRITABLE | RK_HANGUP)
#define SHORTEST_SPAN NS_PER_MS

struct rk_timer {
	struct timer timer;
	struct list link;
	struct instance *instance;
	void (*on_due)(void *context);
	void *context;
	int64_t repeat_ns;
};

struct rk_watch {
	uv_poll_t poll;
	struct list link;
	struct instance *instance;
	void (*on_ready)(void *context, uint32_t events);
	void *context;
	uint32_t events;
};

/* Whether the instance may have one more handle, and asks from where it should. */
static int may_create(const struct instance *instance, size_t n, size_t most)
{
	if (call_current() != instance)
		return -EPERM;
	if (instance->loop.is_over)
		return -ECANCELED;
	return n < most ? 0 : -ENOSPC;
}

/* ---- timers ------------------------------------------------------------- */

/* When a repeating timer is due next: what was missed is left out. */
static int64_t next_due_ns(const struct rk_timer *timer)
{
	const struct clock *clock = timer->instance->shared->clock;
	int64_t late_ns = clock_monotonic_ns(clock) - timer->timer.due_ns;
	int64_t n_missed = late_ns > 0 ? late_ns / timer->repeat_ns : 0;
	int64_t due_ns;

	if (__builtin_add_overflow(
		    timer->timer.due_ns, (n_missed + 1) * timer->repeat_ns, &due_ns))
		return INT64_MAX - 1;
	return due_ns;
}

/* The callback may remove its own timer, so nothing of it is used behind the call. */
static void timer_on_due(struct timer *due)
{
	struct rk_timer *timer = container_of(due, struct rk_timer, timer);
	struct instance *instance = timer->instance;

	if (timer->repeat_ns > 0)
		timers_set(instance->shared->timers, due, next_due_ns(timer));
	call_begin(instance, CALL_BACK);
	timer->on_due(timer->context);
	call_end(instance);
}

static int ext_timer_create(const struct rk_host *host, void (*on_due)(void *context),
	void *context, struct rk_timer **ret_timer)
{
	struct instance *instance = host->impl;
	struct rk_timer *timer;
	int r = may_create(instance, instance->loop.n_timers, MAX_TIMERS);

	if (r < 0)
		return r;
	timer = calloc(1, sizeof(*timer));
	if (!timer || timers_reserve(instance->shared->timers, 1) < 0) {
		free(timer);
		return -ENOMEM;
	}
	timer->timer.on_due = timer_on_due;
	timer->instance = instance;
	timer->on_due = on_due;
	timer->context = context;
	list_append(&instance->loop.timers, &timer->link);
	instance->loop.n_timers++;
	*ret_timer = timer;
	return 0;
}

static void ext_timer_set(struct rk_timer *timer, int64_t after_ns, int64_t repeat_ns)
{
	timer->repeat_ns = repeat_ns > 0 ? MAX(repeat_ns, SHORTEST_SPAN) : 0;
	timers_set_after(
		timer->instance->shared->timers, &timer->timer, MAX(after_ns, 0));
}

static void ext_timer_unset(struct rk_timer *timer)
{
	timers_unset(timer->instance->shared->timers, &timer->timer);
}

static void ext_timer_remove(struct rk_timer *timer)
{
	struct timers *timers;

	if (!timer)
		return;
	timers = timer->instance->shared->timers;
	timers_unset(timers, &timer->timer);
	timers_release(timers, 1);
	list_remove(&timer->link);
	timer->instance->loop.n_timers--;
	free(timer);
}

/* ---- descriptors -------------------------------------------------------- */

static const struct {
	uint32_t ours;
	int theirs;
} events[] = {
	{ RK_READABLE, UV_READABLE },
	{ RK_WRITABLE, UV_WRITABLE },
	{ RK_HANGUP, UV_DISCONNECT },
};

static void watch_on_poll(uv_poll_t *poll, int status, int found)
{
	struct rk_watch *watch = container_of(poll, struct rk_watch, poll);
	struct instance *instance = watch->instance;
	uint32_t told = status < 0 ? watch->events | RK_HANGUP : 0;

	for (size_t i = 0; i < LENGTH(events); i++) {
		if (found & events[i].theirs)
			told |= events[i].ours;
	}
	call_begin(instance, CALL_BACK);
	watch->on_ready(watch->context, told);
	call_end(instance);
}

static int ext_watch_create(const struct rk_host *host, int fd,
	void (*on_ready)(void *context, uint32_t events), void *context,
	struct rk_watch **ret_watch)
{
	struct instance *instance = host->impl;
	struct rk_watch *watch;
	int r = may_create(instance, instance->loop.n_watches, MAX_WATCHES);

	if (r < 0)
		return r;
	if (fd < 0)
		return -EBADF;
	watch = calloc(1, sizeof(*watch));
	if (!watch)
		return -ENOMEM;
	/* Where this fails the loop knows nothing of the handle. */
	r = uv_poll_init(instance->shared->loop, &watch->poll, fd);
	if (r < 0) {
		free(watch);
		return r;
	}
	watch->instance = instance;
	watch->on_ready = on_ready;
	watch->context = context;
	list_append(&instance->loop.watches, &watch->link);
	instance->loop.n_watches++;
	*ret_watch = watch;
	return 0;
}

static int ext_watch_set(struct rk_watch *watch, uint32_t wanted)
{
	int asked = 0;

	if (wanted & ~KNOWN_EVENTS)
		return -EINVAL;
	watch->events = wanted;
	if (!wanted)
		return uv_poll_stop(&watch->poll);
	for (size_t i = 0; i < LENGTH(events); i++) {
		if (wanted & events[i].ours)
			asked |= events[i].theirs;
	}
	return uv_poll_start(&watch->poll, asked, watch_on_poll);
}

static void watch_on_close(uv_handle_t *handle)
{
	struct rk_watch *watch =
		container_of((uv_poll_t *)(void *)handle, struct rk_watch, poll);
	struct instance *instance = watch->instance;

	free(watch);
	instance->loop.n_closing--;
	instance_is_quiet(instance);
}

static void ext_watch_remove(struct rk_watch *watch)
{
	if (!watch)
		return;
	list_remove(&watch->link);
	watch->instance->loop.n_watches--;
	watch->instance->loop.n_closing++;
	/* Takes the descriptor off the loop at once, so that it may be closed. */
	uv_close((uv_handle_t *)&watch->poll, watch_on_close);
}

/* ---- all of an instance -------------------------------------------------- */

void instance_loop_init(struct instance *instance)
{
	list_init(&instance->loop.timers);
	list_init(&instance->loop.watches);
}

void instance_loop_end(struct instance *instance)
{
	struct instance_loop *loop = &instance->loop;

	loop->is_over = true;
	while (!list_is_empty(&loop->timers))
		ext_timer_remove(container_of(loop->timers.next, struct rk_timer, link));
	while (!list_is_empty(&loop->watches))
		ext_watch_remove(container_of(loop->watches.next, struct rk_watch, link));
}

const struct rk_loop ext_loop = {
	.size = sizeof(struct rk_loop),
	.timer_create = ext_timer_create,
	.timer_set = ext_timer_set,
	.timer_unset = ext_timer_unset,
	.timer_remove = ext_timer_remove,
	.watch_create = ext_watch_create,
	.watch_set = ext_watch_set,
	.watch_remove = ext_watch_remove,
};
