/* SPDX-License-Identifier: Apache-2.0 */
/* What a plugin asks, checked and copied into the request's arena. */
#include "fetch.h"

#include "base/clock.h"
#include "base/macros.h"
#include "internal.h"
#include "net/http_url.h"
#include "net/wipe.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#define MOST_ATTEMPTS     10
#define MOST_REDIRECTS    10
#define USUAL_ATTEMPTS    3
#define USUAL_TIMEOUT_NS  (30 * NS_PER_SECOND)
#define USUAL_CONNECT_NS  (10 * NS_PER_SECOND)
#define USUAL_PATIENCE_NS (300 * NS_PER_SECOND)
#define LONGEST_NS        (86400 * NS_PER_SECOND)
#define USUAL_BODY        (8u << 20)
#define LONGEST_METHOD    16

/* As the first version of rk.http/1 has them. */
#define ORDER_SIZE (offsetof(struct rk_http_order, context) + sizeof(void *))
#define AUTH_SIZE  (offsetof(struct rk_http_auth, flags) + sizeof(uint32_t))

static int refuse(struct buffer *why, const char *text)
{
	buffer_append_text(why, text);
	return -EINVAL;
}

/* NULL stays NULL; *failed: memory ran out. */
static const char *copy(struct arena *arena, const char *text, bool *failed)
{
	const char *copied = text ? arena_copy_text(arena, text, strlen(text)) : NULL;

	*failed |= text && !copied;
	return copied;
}

/* ---- its texts ---------------------------------------------------------------- */

/* What says where a request ends is not the plugin's to say, nor is whom it is for. */
static bool is_the_hosts(const char *name)
{
	static const char *const names[] = { "Connection", "Content-Length", "Expect",
		"Host", "TE", "Trailer", "Transfer-Encoding", "Upgrade" };

	for (size_t i = 0; i < LENGTH(names); i++) {
		if (strcasecmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

static int copy_headers(struct rk_http_request *fetch, struct buffer *why)
{
	struct rk_http_order *order = &fetch->order;
	const struct rk_label *from = order->headers;
	struct rk_label *to;
	size_t size = 0;
	bool failed = false;

	if (order->n_headers > RK_HTTP_MAX_HEADERS)
		return refuse(why, "it has too many headers");
	to = arena_take(&fetch->arena, (order->n_headers + 1) * sizeof(*to));
	if (!to)
		return -ENOMEM;
	for (size_t i = 0; i < order->n_headers; i++) {
		if (!from[i].name || !http_is_token(from[i].name) || !from[i].value ||
			!http_is_value(from[i].value))
			return refuse(why, "one of its headers has no name or no value "
					   "that can stand in a request");
		if (is_the_hosts(from[i].name))
			return refuse(
				why, "one of its headers is the host's own to write");
		size += strlen(from[i].name) + strlen(from[i].value);
		if (size > RK_HTTP_HEADER_SIZE)
			return refuse(why, "its headers are too large");
		to[i].name = copy(&fetch->arena, from[i].name, &failed);
		to[i].value = copy(&fetch->arena, from[i].value, &failed);
	}
	order->headers = to;
	return failed ? -ENOMEM : 0;
}

static int copy_body(struct rk_http_request *fetch, struct buffer *why)
{
	struct rk_http_order *order = &fetch->order;
	void *to;

	if (!order->body) {
		order->body_size = 0;
		return 0;
	}
	if (order->body_size > RK_HTTP_MAX_BODY)
		return refuse(why, "its body is too large");
	to = arena_take(&fetch->arena, order->body_size + 1);
	if (!to)
		return -ENOMEM;
	memcpy(to, order->body, order->body_size);
	order->body = to;
	return 0;
}

static int copy_auth(struct rk_http_request *fetch, struct buffer *why)
{
	const struct rk_http_auth *from = fetch->order.auth;
	struct rk_http_auth *auth = &fetch->auth;
	bool failed = false;
	const char *fault;

	if (!from)
		return 0;
	if (from->size < AUTH_SIZE)
		return refuse(why, "its auth does not say its size");
	memcpy(auth, from, MIN(from->size, sizeof(*auth)));
	fault = fetch_auth_fault(auth);
	if (fault)
		return refuse(why, fault);
	auth->name = copy(&fetch->arena, auth->name, &failed);
	auth->secret.text = copy(&fetch->arena, auth->secret.text, &failed);
	auth->token.text = copy(&fetch->arena, auth->token.text, &failed);
	auth->region = copy(&fetch->arena, auth->region, &failed);
	auth->service = copy(&fetch->arena, auth->service, &failed);
	auth->url = copy(&fetch->arena, auth->url, &failed);
	auth->scope = copy(&fetch->arena, auth->scope, &failed);
	return failed ? -ENOMEM : 0;
}

static int write_url(struct rk_http_request *fetch, struct buffer *why)
{
	const struct rk_http_order *order = &fetch->order;
	int r;

	if (!order->url)
		return refuse(why, "it has no URL");
	r = http_url_resolve(NULL, order->url, &fetch->url, why);
	for (size_t i = 0; r == 0 && i < order->n_query; i++) {
		if (!order->query[i].name || !order->query[i].value)
			return refuse(why, "one of its parameters has no name or value");
		r = http_url_add(
			&fetch->url, order->query[i].name, order->query[i].value);
		if (r == 0 && fetch->url.size > RK_HTTP_MAX_URL)
			return refuse(why, "its URL is too long");
	}
	if (r == 0)
		r = fetch_cut_secret(fetch, &fetch->url);
	if (r < 0)
		return r;
	buffer_append_text(&fetch->shown, buffer_text(&fetch->url));
	return buffer_text(&fetch->shown) ? 0 : -ENOMEM;
}

/* ---- its numbers ---------------------------------------------------------------- */

static int check_numbers(const struct rk_http_order *order, struct buffer *why)
{
	if (!order->on_done)
		return refuse(why, "it has no on_done");
	if (order->timeout_ns < 0 || order->connect_timeout_ns < 0 ||
		order->patience_ns < 0)
		return refuse(why, "one of its times is negative");
	if (order->max_body > RK_HTTP_MAX_BODY)
		return refuse(why, "max_body is larger than 64 MiB");
	if (order->method &&
		(!http_is_token(order->method) || strlen(order->method) > LONGEST_METHOD))
		return refuse(why, "its method is none");
	if (!order->account)
		return 0;
	if (!*order->account || strlen(order->account) >= LEASE_ACCOUNT_SIZE ||
		!http_is_value(order->account))
		return refuse(why, "its account is no name of 1 to 128 bytes");
	if (!isfinite(order->per_second) || order->per_second <= 0)
		return refuse(why, "its account needs a rate above 0");
	return 0;
}

static int64_t or_usual(int64_t ns, int64_t usual_ns)
{
	return MIN(ns > 0 ? ns : usual_ns, LONGEST_NS);
}

static int64_t deadline_of(const struct rk_http_request *fetch)
{
	const struct rk_http_order *order = &fetch->order;
	const struct rk_run *run = order->run;
	int64_t deadline = fetch_now_ns(fetch->fetches) +
			   or_usual(order->patience_ns, USUAL_PATIENCE_NS);

	if (run && run->request.timeout_ns > 0)
		deadline = MIN(deadline, run->began_ns + run->request.timeout_ns);
	return deadline;
}

static void take_numbers(struct rk_http_request *fetch)
{
	struct rk_http_order *order = &fetch->order;

	order->timeout_ns = or_usual(order->timeout_ns, USUAL_TIMEOUT_NS);
	order->connect_timeout_ns = or_usual(order->connect_timeout_ns, USUAL_CONNECT_NS);
	order->attempts = MIN(
		order->attempts > 0 ? order->attempts : USUAL_ATTEMPTS, MOST_ATTEMPTS);
	order->redirects = MIN(order->redirects, MOST_REDIRECTS);
	if (order->max_body == 0)
		order->max_body = USUAL_BODY;
	fetch->deadline_ns = deadline_of(fetch);
	if (!order->account)
		return;
	memcpy(fetch->lease.account, order->account, strlen(order->account) + 1);
	fetch->lease.per_second = order->per_second;
	fetch->lease.burst = MAX(order->burst, 1);
}

static int copy_texts(struct rk_http_request *fetch)
{
	struct rk_http_order *order = &fetch->order;
	bool failed = false;

	fetch->method =
		copy(&fetch->arena, order->method ? order->method : "GET", &failed);
	order->account = copy(&fetch->arena, order->account, &failed);
	order->ca_file = copy(&fetch->arena, order->ca_file, &failed);
	order->proxy = copy(&fetch->arena, order->proxy, &failed);
	return failed ? -ENOMEM : 0;
}

int fetch_read_order(struct rk_http_request *fetch, const struct rk_http_order *order,
	struct buffer *why)
{
	int r;

	if (order->size < ORDER_SIZE)
		return refuse(why, "it does not say its size");
	memcpy(&fetch->order, order, MIN(order->size, sizeof(fetch->order)));
	r = check_numbers(order, why);
	if (r == 0)
		r = copy_auth(fetch, why);
	if (r == 0)
		r = write_url(fetch, why);
	if (r == 0)
		r = copy_headers(fetch, why);
	if (r == 0)
		r = copy_body(fetch, why);
	if (r == 0)
		r = copy_texts(fetch);
	/* Nothing of the plugin's own is left in the copy. */
	fetch->order.query = NULL;
	fetch->order.url = NULL;
	fetch->order.auth = NULL;
	if (r == 0)
		take_numbers(fetch);
	if (r == 0 && buffer_failed(why))
		r = -ENOMEM;
	return r;
}
