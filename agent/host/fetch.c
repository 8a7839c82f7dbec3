/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of a request:
 *
 *	queued -> (granted: a token) -> (leasing: a budget) -> under way -> telling
 *	             ^                                             |
 *	             +---------------- waiting <-------------------+  failed, but may pass
 *	             +---------------------------------------------+  a redirect, a new
 *token
 *
 * Nothing happens within the plugin's call that begins it: a timer that is due at once
 * takes it out of the queue.
 */
#include "fetch.h"

#include "base/clock.h"
#include "base/macros.h"
#include "internal.h"
#include "net/wipe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct rk_http_request *fetch_of(struct list *link)
{
	return container_of(link, struct rk_http_request, link);
}

static const struct host_shared *shared_of(const struct fetches *fetches)
{
	return fetches->instance->shared;
}

int64_t fetch_now_ns(const struct fetches *fetches)
{
	return clock_monotonic_ns(shared_of(fetches)->timers->clock);
}

int64_t fetch_wall_ns(const struct fetches *fetches)
{
	return clock_wall_ns(shared_of(fetches)->clock);
}

static void set_timer(struct rk_http_request *fetch, int64_t due_ns)
{
	timers_set(shared_of(fetch->fetches)->timers, &fetch->timer, due_ns);
}

static void unset_timer(struct rk_http_request *fetch)
{
	timers_unset(shared_of(fetch->fetches)->timers, &fetch->timer);
}

/* ---- the end ---------------------------------------------------------------- */

/* Those that wait for a place get theirs. */
static void take_from_queue(struct fetches *fetches)
{
	while (fetches->n_under_way < FETCH_MOST_UNDER_WAY &&
		!list_is_empty(&fetches->queued)) {
		struct rk_http_request *fetch = fetch_of(fetches->queued.next);

		list_remove(&fetch->link);
		list_append(&fetches->under_way, &fetch->link);
		fetches->n_under_way++;
		fetch->state = FETCH_WAITING;
		set_timer(fetch, fetch_now_ns(fetches));
	}
}

void fetch_free(struct rk_http_request *fetch)
{
	timers_release(shared_of(fetch->fetches)->timers, 1);
	http_call_finish(&fetch->exchange.call);
	http_reply_finish(&fetch->exchange.reply);
	wipe_buffer(&fetch->url);
	buffer_finish(&fetch->shown);
	arena_wipe(&fetch->arena);
	arena_finish(&fetch->arena);
	free(fetch);
}

/* Leaves whatever it waits for, and its place. */
static void leave(struct rk_http_request *fetch)
{
	struct fetches *fetches = fetch->fetches;
	const struct host_shared *shared = shared_of(fetches);

	unset_timer(fetch);
	if (fetch->lease.lessor)
		shared->leases->ops->cancel(shared->leases, &fetch->lease);
	if (fetch->exchange.flight)
		shared->carrier->ops->cancel(shared->carrier, &fetch->exchange);
	fetch_token_leave(fetch);
	list_remove(&fetch->link);
	fetches->n--;
	if (fetch->state != FETCH_QUEUED)
		fetches->n_under_way--;
}

static void tell(struct rk_http_request *fetch)
{
	struct fetches *fetches = fetch->fetches;

	leave(fetch);
	fetch->state = FETCH_TELLING;
	fetch_tell(fetch);
	fetch_free(fetch);
	take_from_queue(fetches);
}

static void fail(struct rk_http_request *fetch, int result, const char *why)
{
	http_reply_finish(&fetch->exchange.reply);
	http_reply_fail(&fetch->exchange.reply, result, "%s", why);
	tell(fetch);
}

void fetch_cancel(struct rk_http_request *fetch)
{
	struct fetches *fetches = fetch->fetches;

	if (fetch->state == FETCH_TELLING)
		return;
	leave(fetch);
	fetch_free(fetch);
	take_from_queue(fetches);
}

/* ---- the way ------------------------------------------------------------------ */

/* What is left of its patience bounds the attempt. */
static bool set_bounds(struct rk_http_request *fetch)
{
	struct http_call *call = &fetch->exchange.call;
	int64_t left_ns = fetch->deadline_ns - fetch_now_ns(fetch->fetches);

	if (left_ns <= 0)
		return false;
	call->timeout_ns = MIN(fetch->order.timeout_ns, left_ns);
	call->connect_timeout_ns = MIN(fetch->order.connect_timeout_ns, left_ns);
	return true;
}

static void send_out(struct rk_http_request *fetch)
{
	const struct host_shared *shared = shared_of(fetch->fetches);
	const char *token = NULL;
	int r = 0;

	/* It may have ended while the budget was waited for. */
	if (fetch->auth.scheme == RK_HTTP_OAUTH2 && !fetch->is_abroad)
		r = fetch_token_get(fetch, &token);
	if (fetch->auth.scheme == RK_HTTP_OAUTH2 && !fetch->is_abroad && r == 0) {
		fetch->state = FETCH_GRANTED;
		set_timer(fetch, fetch->deadline_ns);
		return;
	}
	if (r >= 0)
		r = fetch_write_call(fetch, token);
	if (r < 0) {
		fail(fetch, r, strerror(-r));
		return;
	}
	if (!set_bounds(fetch)) {
		fail(fetch, -ETIMEDOUT, "it took longer than it may");
		return;
	}
	fetch->n_attempts++;
	fetch->state = FETCH_UNDER_WAY;
	r = shared->carrier->ops->start(shared->carrier, &fetch->exchange);
	if (r < 0)
		fail(fetch, r, r == -ENOMEM ? "out of memory" : strerror(-r));
}

static void on_leased(struct lease *lease)
{
	struct rk_http_request *fetch =
		container_of(lease, struct rk_http_request, lease);

	unset_timer(fetch);
	send_out(fetch);
}

static void ask_for_lease(struct rk_http_request *fetch)
{
	const struct host_shared *shared = shared_of(fetch->fetches);
	int r;

	if (!fetch->order.account || !shared->leases || shared->carrier->is_recorded) {
		send_out(fetch);
		return;
	}
	fetch->lease.on_granted = on_leased;
	r = shared->leases->ops->ask(shared->leases, &fetch->lease);
	if (r < 0) {
		fail(fetch, r, "there are more accounts than can be kept");
		return;
	}
	fetch->state = FETCH_LEASING;
	set_timer(fetch, fetch->deadline_ns);
}

/* A token comes first: the budget is not spent on waiting for it. */
static void advance(struct rk_http_request *fetch)
{
	const char *token;
	int r = 1;

	if (fetch->auth.scheme == RK_HTTP_OAUTH2 && !fetch->is_abroad)
		r = fetch_token_get(fetch, &token);
	if (r < 0) {
		fail(fetch, r, strerror(-r));
	} else if (r == 0) {
		fetch->state = FETCH_GRANTED;
		set_timer(fetch, fetch->deadline_ns);
	} else {
		ask_for_lease(fetch);
	}
}

static void again_later(struct rk_http_request *fetch, int64_t wait_ns)
{
	fetch->state = FETCH_WAITING;
	set_timer(fetch, fetch_now_ns(fetch->fetches) + wait_ns);
}

void fetch_on_token(struct rk_http_request *fetch, const struct http_reply *failure)
{
	struct http_reply *reply = &fetch->exchange.reply;
	int64_t wait_ns;

	unset_timer(fetch);
	if (!failure) {
		ask_for_lease(fetch);
		return;
	}
	http_reply_finish(reply);
	reply->can_pass = failure->can_pass;
	http_reply_fail(reply, failure->result, "%s", failure->why);
	fetch->n_attempts++;
	wait_ns = fetch_again_after_ns(fetch);
	if (wait_ns >= 0)
		again_later(fetch, wait_ns);
	else
		tell(fetch);
}

static void on_timer(struct timer *timer)
{
	struct rk_http_request *fetch =
		container_of(timer, struct rk_http_request, timer);

	switch (fetch->state) {
	case FETCH_WAITING:
		advance(fetch);
		break;
	case FETCH_GRANTED:
		fail(fetch, -ETIMEDOUT, "the token did not come in time");
		break;
	case FETCH_LEASING:
		fail(fetch, -ETIMEDOUT, "the budget of its account is spent");
		break;
	case FETCH_QUEUED:
	case FETCH_UNDER_WAY:
	case FETCH_TELLING:
		break;
	}
}

/* ---- the answer ----------------------------------------------------------------- */

static void follow(struct rk_http_request *fetch)
{
	struct buffer why = { 0 };
	int r = fetch_redirect(fetch, &why);

	if (r < 0) {
		fail(fetch, r == -EINVAL ? -EPERM : r,
			why.size > 0 ? buffer_text(&why) : "out of memory");
	} else {
		fetch->n_attempts--; /* it is the same attempt */
		advance(fetch);
	}
	buffer_finish(&why);
}

static void on_exchanged(struct http_exchange *exchange)
{
	struct rk_http_request *fetch =
		container_of(exchange, struct rk_http_request, exchange);
	int64_t wait_ns;

	if (exchange->reply.result == 0 && fetch_is_redirect(fetch)) {
		follow(fetch);
		return;
	}
	/* A token may have been taken back before its time. */
	if (exchange->reply.status == 401 && fetch->auth.scheme == RK_HTTP_OAUTH2 &&
		!fetch->has_renewed && !fetch->is_abroad) {
		fetch->has_renewed = true;
		fetch_token_forget(fetch);
		advance(fetch);
		return;
	}
	/* Not changed, but what was kept had to go meanwhile. */
	if (exchange->reply.status == 304 && fetch->cache_key != 0 &&
		!fetch_cache_find(fetch)) {
		fetch->cache_key = 0;
		advance(fetch);
		return;
	}
	wait_ns = fetch_again_after_ns(fetch);
	if (wait_ns >= 0)
		again_later(fetch, wait_ns);
	else
		tell(fetch);
}

/* ---- an instance's ----------------------------------------------------------------- */

void fetch_begin(struct rk_http_request *fetch)
{
	struct fetches *fetches = fetch->fetches;

	fetch->state = FETCH_QUEUED;
	fetch->timer.on_due = on_timer;
	fetch->exchange.on_done = on_exchanged;
	list_init(&fetch->token_link);
	list_append(&fetches->queued, &fetch->link);
	fetches->n++;
	take_from_queue(fetches);
}

struct fetches *fetches_create(struct instance *instance)
{
	struct fetches *fetches = calloc(1, sizeof(*fetches));

	if (!fetches)
		return NULL;
	fetches->instance = instance;
	list_init(&fetches->queued);
	list_init(&fetches->under_way);
	list_init(&fetches->tokens);
	list_init(&fetches->pages);
	fetch_cache_init(&fetches->cache);
	random_seed(&fetches->random, random_u64());
	return fetches;
}

static void drop_all(struct list *list)
{
	list_each(link, list)
	{
		struct rk_http_request *fetch = fetch_of(link);

		leave(fetch);
		fetch_free(fetch);
	}
}

void fetches_destroy(struct fetches *fetches)
{
	if (!fetches)
		return;
	drop_all(&fetches->queued);
	drop_all(&fetches->under_way);
	fetch_tokens_finish(fetches);
	fetch_pages_finish(fetches);
	fetch_cache_finish(&fetches->cache);
	free(fetches);
}
