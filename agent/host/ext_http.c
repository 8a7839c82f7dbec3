/* SPDX-License-Identifier: Apache-2.0 */
/* rk.http/1: the table that a plugin gets. What it asks for is fetch.h's. */
#include "extensions.h"
#include "fetch.h"
#include "internal.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/macros.h"
#include "net/http_limit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct fetches *fetches_of(const struct rk_host *host)
{
	struct instance *instance = host->impl;

	if (!instance->fetches)
		instance->fetches = fetches_create(instance);
	return instance->fetches;
}

void instance_drop_requests(struct instance *instance)
{
	fetches_destroy(instance->fetches);
	instance->fetches = NULL;
}

/* ---- requests ------------------------------------------------------------------ */

static struct rk_http_request *fetch_create(struct fetches *fetches)
{
	struct rk_http_request *fetch = calloc(1, sizeof(*fetch));

	if (!fetch || timers_reserve(fetches->instance->shared->timers, 1) < 0) {
		free(fetch);
		return NULL;
	}
	fetch->fetches = fetches;
	return fetch;
}

static void complain(struct fetches *fetches, struct buffer *why)
{
	if (fetches->has_complained || !buffer_text(why))
		return;
	fetches->has_complained = true;
	instance_redact(fetches->instance, (char *)why->data);
	log_warning(fetches->instance->id, "asks for something that is no request: %s",
		buffer_text(why));
}

static int ext_start(const struct rk_host *host, const struct rk_http_order *order,
	struct rk_http_request **ret_request)
{
	struct fetches *fetches = fetches_of(host);
	struct rk_http_request *fetch;
	struct buffer why = { 0 };
	int r;

	if (!fetches)
		return -ENOMEM;
	if (!(fetches->instance->object->plugin.needs & RK_NEED_NET)) {
		call_refused("asks over HTTP, but its 'needs' lack RK_NEED_NET");
		return -EPERM;
	}
	if (fetches->n >= FETCH_MOST)
		return -EAGAIN;
	fetch = fetch_create(fetches);
	if (!fetch)
		return -ENOMEM;
	r = fetch_read_order(fetch, order, &why);
	if (r == -EINVAL)
		complain(fetches, &why);
	buffer_finish(&why);
	if (r < 0) {
		fetch_free(fetch);
		return r;
	}
	fetch->cache_key = fetch_cache_key(fetch);
	fetch_begin(fetch);
	if (ret_request)
		*ret_request = fetch;
	return 0;
}

static void ext_cancel(struct rk_http_request *request)
{
	if (request)
		fetch_cancel(request);
}

/* ---- answers --------------------------------------------------------------------- */

static const char *ext_header(
	const struct rk_http_answer *answer, const char *name, size_t which)
{
	return http_fields_find(fetch_answer_fields(answer), name, which);
}

static int ext_limit(const struct rk_http_answer *answer, struct rk_http_limit *ret_limit)
{
	struct rk_http_limit limit = { .size = ret_limit->size };
	struct http_limit read;
	int r;

	if (ret_limit->size < offsetof(struct rk_http_limit, reset_ns) + sizeof(int64_t))
		return -EINVAL;
	r = http_limit_read(
		fetch_answer_fields(answer), fetch_answer_wall_ns(answer), &read);
	if (r < 0)
		return r;
	limit.limit = read.limit;
	limit.remaining = read.remaining;
	limit.reset_ns = read.reset_ns;
	memcpy(ret_limit, &limit, MIN(limit.size, sizeof(limit)));
	return 0;
}

static int ext_penalize(const struct rk_host *host, const char *account, int64_t until_ns)
{
	const struct instance *instance = host->impl;
	struct leases *leases = instance->shared->leases;
	int64_t span_ns = until_ns - clock_wall_ns(instance->shared->clock);

	if (!account || !*account || strlen(account) >= LEASE_ACCOUNT_SIZE)
		return -EINVAL;
	if (leases && span_ns > 0)
		leases->ops->penalize(leases, account, span_ns);
	return 0;
}

/* ---- pages ------------------------------------------------------------------------- */

static int ext_pages_begin(const struct rk_host *host,
	const struct rk_http_pages_order *order, struct rk_http_pages **ret_pages)
{
	struct fetches *fetches = fetches_of(host);

	return fetches ? fetch_pages_begin(fetches, order, ret_pages) : -ENOMEM;
}

const struct rk_http ext_http = {
	.size = sizeof(struct rk_http),
	.start = ext_start,
	.cancel = ext_cancel,
	.header = ext_header,
	.limit = ext_limit,
	.penalize = ext_penalize,
	.pages_begin = ext_pages_begin,
	.pages_url = fetch_pages_url,
	.pages_next = fetch_pages_next,
	.pages_end = fetch_pages_end,
};
