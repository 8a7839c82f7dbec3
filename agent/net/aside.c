/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop and the thread have a share each; who gives up the last one frees. Under the
 * lock, the thread wakes the loop only where nobody has left.
 */
#include "aside.h"

#include "base/macros.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

enum { MOST_ASIDE = 32 };

struct aside {
	uv_async_t async;
	pthread_mutex_t lock;
	bool is_left;
	atomic_int n_shares;
	const struct aside_work *work;
	void *context;
};

static atomic_int n_under_way;

static void give_up_share(struct aside *aside)
{
	if (atomic_fetch_sub(&aside->n_shares, 1) > 1)
		return;
	if (aside->work)
		aside->work->free(aside->context);
	pthread_mutex_destroy(&aside->lock);
	free(aside);
}

/* ---- on the thread ------------------------------------------------------ */

static void *aside_main(void *argument)
{
	struct aside *aside = argument;

	aside->work->run(aside->context);
	atomic_fetch_sub(&n_under_way, 1);
	pthread_mutex_lock(&aside->lock);
	if (!aside->is_left)
		uv_async_send(&aside->async);
	pthread_mutex_unlock(&aside->lock);
	give_up_share(aside);
	return NULL;
}

static int start_thread(struct aside *aside)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int r = pthread_attr_init(&attributes);

	if (r != 0)
		return -r;
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	r = pthread_create(&thread, &attributes, aside_main, aside);
	pthread_attr_destroy(&attributes);
	return -r;
}

/* ---- on the loop -------------------------------------------------------- */

static void on_async_closed(uv_handle_t *handle)
{
	give_up_share(container_of((uv_async_t *)handle, struct aside, async));
}

void aside_leave(struct aside *aside)
{
	pthread_mutex_lock(&aside->lock);
	aside->is_left = true;
	pthread_mutex_unlock(&aside->lock);
	uv_close((uv_handle_t *)&aside->async, on_async_closed);
}

static void on_async(uv_async_t *async)
{
	struct aside *aside = container_of(async, struct aside, async);

	/* The context lives until the loop turns. */
	aside_leave(aside);
	aside->work->on_done(aside->context);
}

/* The thread was not to be had: the context stays the caller's. */
static void undo(struct aside *aside)
{
	atomic_fetch_sub(&n_under_way, 1);
	aside->work = NULL;
	aside->n_shares = 1;
	uv_close((uv_handle_t *)&aside->async, on_async_closed);
}

int aside_start(uv_loop_t *loop, const struct aside_work *work, void *context,
	struct aside **ret_aside)
{
	struct aside *aside = calloc(1, sizeof(*aside));
	int r;

	if (!aside)
		return -ENOMEM;
	if (atomic_fetch_add(&n_under_way, 1) >= MOST_ASIDE)
		r = -EAGAIN;
	else
		r = uv_async_init(loop, &aside->async, on_async);
	if (r < 0) {
		atomic_fetch_sub(&n_under_way, 1);
		free(aside);
		return r;
	}
	pthread_mutex_init(&aside->lock, NULL);
	aside->n_shares = 2;
	aside->work = work;
	aside->context = context;
	r = start_thread(aside);
	if (r < 0)
		undo(aside);
	else
		*ret_aside = aside;
	return r;
}
