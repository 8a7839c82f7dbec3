/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that carry a validator (RFC 9110, section 8.8), by what was asked and by whom.
 * The one that was used last stands last. */
#include "fetch.h"

#include "base/checksum.h"
#include "base/macros.h"
#include "base/text.h"
#include "net/http_limit.h"
#include "net/wipe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void fetch_cache_init(struct fetch_cache *cache)
{
	*cache = (struct fetch_cache){ 0 };
	list_init(&cache->entries);
}

static void drop(struct fetch_cache *cache, struct fetch_kept *kept)
{
	list_remove(&kept->link);
	cache->n--;
	cache->size -= kept->body.size + kept->fields.bytes.size;
	http_fields_finish(&kept->fields);
	wipe_buffer(&kept->body);
	free(kept->url);
	free(kept);
}

void fetch_cache_finish(struct fetch_cache *cache)
{
	list_each(link, &cache->entries)
		drop(cache, container_of(link, struct fetch_kept, link));
}

/* ---- what is asked --------------------------------------------------------------- */

/* Who asks in its own headers whether something changed wants to know it itself. */
static bool has_conditions(const struct rk_http_order *order)
{
	static const char *const names[] = { "If-None-Match", "If-Modified-Since",
		"If-Match", "If-Unmodified-Since", "If-Range", "Range" };

	for (size_t i = 0; i < order->n_headers; i++) {
		for (size_t k = 0; k < LENGTH(names); k++) {
			if (strcasecmp(order->headers[i].name, names[k]) == 0)
				return true;
		}
	}
	return false;
}

static void add(struct buffer *to, const char *text)
{
	wipe_append_text(to, text ? text : "");
	wipe_append_text(to, "\n");
}

uint64_t fetch_cache_key(const struct rk_http_request *fetch)
{
	const struct rk_http_order *order = &fetch->order;
	const struct rk_http_auth *auth = &fetch->auth;
	struct buffer all = { 0 };
	uint64_t key = 0;

	if (strcmp(fetch->method, "GET") != 0 || order->body ||
		(order->flags & RK_HTTP_UNCACHED) || has_conditions(order))
		return 0;
	add(&all, (const char *)fetch->shown.data);
	for (size_t i = 0; i < order->n_headers; i++) {
		add(&all, order->headers[i].name);
		add(&all, order->headers[i].value);
	}
	add(&all, auth->name);
	add(&all, auth->secret.text);
	add(&all, auth->token.text);
	add(&all, auth->scope);
	if (!buffer_failed(&all))
		key = hash_bytes(all.data, all.size);
	wipe_buffer(&all);
	return key;
}

struct fetch_kept *fetch_cache_find(const struct rk_http_request *fetch)
{
	struct fetch_cache *cache = &fetch->fetches->cache;

	list_each(link, &cache->entries)
	{
		struct fetch_kept *kept = container_of(link, struct fetch_kept, link);

		if (fetch->cache_key == 0 || kept->key != fetch->cache_key ||
			!text_equal(kept->url, (const char *)fetch->shown.data))
			continue;
		list_remove(&kept->link);
		list_append(&cache->entries, &kept->link);
		return kept;
	}
	return NULL;
}

int fetch_cache_ask(struct rk_http_request *fetch)
{
	static const struct {
		const char *validator, *condition;
	} pairs[] = {
		{ "ETag", "If-None-Match" },
		{ "Last-Modified", "If-Modified-Since" },
	};
	struct fetch_kept *kept = fetch_cache_find(fetch);
	int r = 0;

	for (size_t i = 0; kept && r == 0 && i < LENGTH(pairs); i++) {
		const char *value =
			http_fields_find(&kept->fields, pairs[i].validator, 0);

		if (value && http_is_value(value))
			r = http_fields_add(&fetch->exchange.call.fields,
				&(struct http_field){ pairs[i].condition, value, false });
	}
	return r;
}

/* ---- what came --------------------------------------------------------------------- */

static bool may_keep(const struct rk_http_request *fetch)
{
	const struct http_reply *reply = &fetch->exchange.reply;
	const struct http_fields *fields = &reply->fields;
	const char *vary = http_fields_find(fields, "Vary", 0);

	if (fetch->cache_key == 0 || reply->result < 0 || reply->status != 200)
		return false;
	for (size_t i = 0; http_fields_find(fields, "Cache-Control", i); i++) {
		if (http_cache_control_has(
			    http_fields_find(fields, "Cache-Control", i), "no-store"))
			return false;
	}
	return reply->body.size + fields->bytes.size <= FETCH_CACHE_SIZE / 2 &&
	       !(vary && strchr(vary, '*')) &&
	       (http_fields_find(fields, "ETag", 0) ||
		       http_fields_find(fields, "Last-Modified", 0));
}

/* A copy: the answer is the plugin's to read. */
static struct fetch_kept *keep(const struct rk_http_request *fetch)
{
	const struct http_reply *reply = &fetch->exchange.reply;
	struct fetch_kept *kept = calloc(1, sizeof(*kept));

	if (!kept)
		return NULL;
	kept->key = fetch->cache_key;
	kept->url = strdup((const char *)fetch->shown.data);
	kept->fields.n = reply->fields.n;
	buffer_append(
		&kept->fields.bytes, reply->fields.bytes.data, reply->fields.bytes.size);
	buffer_append(&kept->body, reply->body.data, reply->body.size);
	if (kept->url && buffer_text(&kept->body) && !buffer_failed(&kept->fields.bytes))
		return kept;
	http_fields_finish(&kept->fields);
	wipe_buffer(&kept->body);
	free(kept->url);
	free(kept);
	return NULL;
}

void fetch_cache_keep(struct rk_http_request *fetch)
{
	struct fetch_cache *cache = &fetch->fetches->cache;
	struct fetch_kept *kept = NULL;
	struct fetch_kept *before;

	/* Not modified, or not to be had: what is kept is as good as before. */
	if (fetch->exchange.reply.result < 0 || fetch->exchange.reply.status == 304)
		return;
	before = fetch_cache_find(fetch);
	if (before)
		drop(cache, before);
	if (may_keep(fetch))
		kept = keep(fetch);
	if (!kept)
		return;
	list_append(&cache->entries, &kept->link);
	cache->n++;
	cache->size += kept->body.size + kept->fields.bytes.size;
	while (cache->n > FETCH_CACHE_ENTRIES || cache->size > FETCH_CACHE_SIZE)
		drop(cache, container_of(cache->entries.next, struct fetch_kept, link));
}
