/* SPDX-License-Identifier: Apache-2.0 */
/* One page after the other, to an end: an address that was there before, a body that is
 * the same as the last one, and more pages than were thought of end it with an error. */
#include "fetch.h"

#include "base/checksum.h"
#include "base/index.h"
#include "base/macros.h"
#include "net/http_link.h"
#include "net/http_url.h"
#include "net/wipe.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define USUAL_PAGES 1000

/* As the first version of rk.http/1 has it. */
#define ORDER_SIZE (offsetof(struct rk_http_pages_order, max_pages) + sizeof(uint32_t))

struct rk_http_pages {
	struct list link;
	struct fetches *fetches;
	enum rk_http_paging paging;
	struct buffer url;       /* of the page that is next */
	char *first, *parameter; /* owned */
	int64_t number;          /* or offset */
	uint32_t n_pages, max_pages;
	struct index seen; /* hashes of addresses */
	uint64_t body;     /* of the last page; 0: none */
};

static bool is_any(const void *context, uint32_t value)
{
	(void)context;
	(void)value;
	return true; /* a hash that is there is an address that was there */
}

/* 0; -ELOOP: it was there. */
static int note(struct rk_http_pages *pages)
{
	uint64_t hash = hash_bytes(pages->url.data, pages->url.size);

	if (index_find(&pages->seen, hash, is_any, NULL) != INDEX_NONE)
		return -ELOOP;
	return index_add(&pages->seen, hash, pages->n_pages);
}

/* ---- the next address ------------------------------------------------------------- */

static int with_number(struct rk_http_pages *pages)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, pages->number);
	return http_url_replace(pages->first, pages->parameter, text, &pages->url);
}

static int go_to(struct rk_http_pages *pages, const char *reference)
{
	struct buffer url = { 0 };
	int r = http_url_resolve(buffer_text(&pages->url), reference, &url, NULL);

	if (r == 0 && (!buffer_text(&url) ||
			      !http_url_same_origin(pages->first, buffer_text(&url))))
		r = -EPERM;
	if (r == 0) {
		wipe_buffer(&pages->url);
		pages->url = url;
		return 1;
	}
	wipe_buffer(&url);
	return r;
}

static int by_link(struct rk_http_pages *pages, const struct rk_http_answer *answer)
{
	const struct http_fields *fields = fetch_answer_fields(answer);
	struct buffer target = { 0 };
	int r = -ENOENT;

	for (size_t i = 0; r == -ENOENT && http_fields_find(fields, "Link", i); i++)
		r = http_link_find(http_fields_find(fields, "Link", i), "next", &target);
	if (r == 0)
		r = buffer_text(&target) ? go_to(pages, buffer_text(&target)) : -ENOMEM;
	buffer_finish(&target);
	return r == -ENOENT ? 0 : r;
}

static int by_cursor(struct rk_http_pages *pages, const char *cursor)
{
	int r;

	if (!cursor || !*cursor)
		return 0;
	if (!pages->parameter)
		return go_to(pages, cursor);
	if (strlen(cursor) > RK_HTTP_MAX_URL / 4)
		return -EINVAL;
	r = http_url_replace(pages->first, pages->parameter, cursor, &pages->url);
	return r < 0 ? r : 1;
}

static int by_number(struct rk_http_pages *pages, size_t step)
{
	int r;

	if (step == 0)
		return 0;
	if (step > INT32_MAX || pages->number > INT64_MAX - (int64_t)step)
		return -EINVAL;
	pages->number += (int64_t)step;
	r = with_number(pages);
	return r < 0 ? r : 1;
}

static int find_next(struct rk_http_pages *pages, const struct rk_http_answer *answer,
	const char *cursor, size_t n_items)
{
	switch (pages->paging) {
	case RK_HTTP_LINKS:
		return by_link(pages, answer);
	case RK_HTTP_CURSORS:
		return by_cursor(pages, cursor);
	case RK_HTTP_NUMBERS:
		return by_number(pages, n_items > 0 ? 1 : 0);
	case RK_HTTP_OFFSETS:
		return by_number(pages, n_items);
	}
	return -EINVAL;
}

int fetch_pages_next(struct rk_http_pages *pages, const struct rk_http_answer *answer,
	const char *cursor, size_t n_items)
{
	uint64_t body = answer->body ? hash_bytes(answer->body, answer->body_size) : 0;
	int r = find_next(pages, answer, cursor, n_items);

	if (r <= 0)
		return r;
	/* A server that gives its last page for ever has no end either. */
	if (answer->body_size > 0 && pages->n_pages > 0 && body == pages->body)
		return -ELOOP;
	pages->body = body;
	if (++pages->n_pages >= pages->max_pages)
		return -E2BIG;
	r = buffer_text(&pages->url) ? note(pages) : -ENOMEM;
	return r < 0 ? r : 1;
}

/* ---- beginning and end ---------------------------------------------------------------
 */

const char *fetch_pages_url(const struct rk_http_pages *pages)
{
	return (const char *)pages->url.data;
}

void fetch_pages_end(struct rk_http_pages *pages)
{
	if (!pages)
		return;
	list_remove(&pages->link);
	pages->fetches->n_pages--;
	wipe_buffer(&pages->url);
	index_finish(&pages->seen);
	free(pages->first);
	free(pages->parameter);
	free(pages);
}

static int fill(struct rk_http_pages *pages, const struct rk_http_pages_order *order)
{
	int r = http_url_resolve(NULL, order->url, &pages->url, NULL);

	if (r < 0)
		return r;
	pages->first = buffer_text(&pages->url) ? strdup(buffer_text(&pages->url)) : NULL;
	pages->parameter = order->parameter ? strdup(order->parameter) : NULL;
	if (!pages->first || (order->parameter && !pages->parameter))
		return -ENOMEM;
	if (pages->paging == RK_HTTP_NUMBERS || pages->paging == RK_HTTP_OFFSETS)
		r = with_number(pages);
	if (r == 0 && !buffer_text(&pages->url))
		r = -ENOMEM;
	return r < 0 ? r : note(pages);
}

static bool is_whole(const struct rk_http_pages_order *order)
{
	bool needs_parameter =
		order->paging == RK_HTTP_NUMBERS || order->paging == RK_HTTP_OFFSETS;

	return order->size >= ORDER_SIZE && order->url &&
	       order->paging <= RK_HTTP_OFFSETS &&
	       (order->parameter ? *order->parameter != '\0' : !needs_parameter);
}

int fetch_pages_begin(struct fetches *fetches, const struct rk_http_pages_order *order,
	struct rk_http_pages **ret_pages)
{
	struct rk_http_pages *pages;
	int r;

	if (!is_whole(order))
		return -EINVAL;
	if (fetches->n_pages >= FETCH_MOST_PAGES)
		return -EAGAIN;
	pages = calloc(1, sizeof(*pages));
	if (!pages)
		return -ENOMEM;
	pages->fetches = fetches;
	pages->paging = (enum rk_http_paging)order->paging;
	pages->number = order->first;
	pages->max_pages = order->max_pages > 0 ? order->max_pages : USUAL_PAGES;
	list_append(&fetches->pages, &pages->link);
	fetches->n_pages++;
	r = fill(pages, order);
	if (r < 0)
		fetch_pages_end(pages);
	else
		*ret_pages = pages;
	return r;
}

void fetch_pages_finish(struct fetches *fetches)
{
	list_each(link, &fetches->pages)
		fetch_pages_end(container_of(link, struct rk_http_pages, link));
}
