/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether what failed is sent again, and when: full jitter (Brooker, "Exponential Backoff
 * And Jitter"), or what the server asks for in Retry-After.
 */
#include "fetch.h"

#include "base/macros.h"
#include "internal.h"
#include "net/http_date.h"
#include "net/http_exchange.h"

#include <errno.h>
#include <string.h>

#define FIRST_WAIT_NS   (500 * NS_PER_MS)
#define LONGEST_WAIT_NS (30 * NS_PER_SECOND)

static bool status_can_pass(int status)
{
	static const int statuses[] = { 408, 429, 500, 502, 503, 504 };

	for (size_t i = 0; i < LENGTH(statuses); i++) {
		if (status == statuses[i])
			return true;
	}
	return false;
}

/* RFC 9110, section 9.2.2. */
static bool is_idempotent(const char *method)
{
	static const char *const methods[] = { "GET", "HEAD", "OPTIONS", "PUT", "DELETE",
		"TRACE" };

	for (size_t i = 0; i < LENGTH(methods); i++) {
		if (strcmp(method, methods[i]) == 0)
			return true;
	}
	return false;
}

static bool can_repeat(const struct rk_http_request *fetch)
{
	const struct http_reply *reply = &fetch->exchange.reply;

	if (fetch->n_attempts >= fetch->order.attempts)
		return false;
	if (!is_idempotent(fetch->method) && !(fetch->order.flags & RK_HTTP_REPEATABLE))
		return false;
	return reply->result < 0 ? reply->can_pass : status_can_pass(reply->status);
}

int64_t fetch_retry_after_ns(const struct rk_http_request *fetch)
{
	const char *text =
		http_fields_find(&fetch->exchange.reply.fields, "Retry-After", 0);
	int64_t span_ns = 0;

	if (text)
		(void)http_retry_after(text, fetch_wall_ns(fetch->fetches), &span_ns);
	return span_ns;
}

/* The whole account is asked to pause, not this request alone. */
static void penalize(const struct rk_http_request *fetch, int64_t span_ns)
{
	struct leases *leases = fetch->fetches->instance->shared->leases;

	if (leases && fetch->order.account && fetch->exchange.reply.status == 429)
		leases->ops->penalize(leases, fetch->order.account, span_ns);
}

int64_t fetch_again_after_ns(struct rk_http_request *fetch)
{
	struct fetches *fetches = fetch->fetches;
	int64_t asked_ns = fetch_retry_after_ns(fetch);
	int64_t most_ns = FIRST_WAIT_NS, wait_ns;

	if (asked_ns > 0)
		penalize(fetch, asked_ns);
	if (!can_repeat(fetch))
		return -1;
	if (fetches->instance->shared->carrier->is_recorded)
		return 0;
	for (uint32_t i = 1; i < fetch->n_attempts && most_ns < LONGEST_WAIT_NS; i++)
		most_ns *= 2;
	wait_ns = asked_ns + (int64_t)random_below(&fetches->random,
				     (uint64_t)MIN(most_ns, LONGEST_WAIT_NS) + 1);
	return fetch_now_ns(fetches) + wait_ns < fetch->deadline_ns ? wait_ns : -1;
}
