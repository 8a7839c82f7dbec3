/* SPDX-License-Identifier: Apache-2.0 */
/* Where a redirect leads, step by step, so that each is judged by itself. */
#include "fetch.h"

#include "net/http_url.h"
#include "net/wipe.h"

#include <errno.h>
#include <string.h>

bool fetch_is_redirect(const struct rk_http_request *fetch)
{
	int status = fetch->exchange.reply.status;

	return fetch->order.redirects > 0 &&
	       (status == 301 || status == 302 || status == 303 || status == 307 ||
		       status == 308) &&
	       http_fields_find(&fetch->exchange.reply.fields, "Location", 0);
}

/* RFC 9110, section 15.4: what was posted becomes a GET, but for 307 and 308. */
static void change_method(struct rk_http_request *fetch)
{
	int status = fetch->exchange.reply.status;
	bool is_post = strcmp(fetch->method, "POST") == 0;

	if (status == 307 || status == 308 || strcmp(fetch->method, "HEAD") == 0)
		return;
	if (status == 303 || is_post) {
		fetch->method = "GET";
		fetch->order.body = NULL;
		fetch->order.body_size = 0;
	}
}

int fetch_redirect(struct rk_http_request *fetch, struct buffer *why)
{
	const char *to = http_fields_find(&fetch->exchange.reply.fields, "Location", 0);
	struct buffer url = { 0 };
	int r;

	if (fetch->n_redirects++ >= fetch->order.redirects) {
		buffer_append_format(why, "it is redirected more than %u times",
			fetch->order.redirects);
		return -ELOOP;
	}
	r = http_url_resolve(buffer_text(&fetch->url), to, &url, why);
	if (r == 0)
		r = fetch_cut_secret(fetch, &url);
	if (r == 0 && http_url_is_secure(buffer_text(&fetch->url)) &&
		!http_url_is_secure(buffer_text(&url))) {
		buffer_append_text(why, "it is redirected from https to http");
		r = -EPERM;
	}
	if (r == 0 && !http_url_same_origin(buffer_text(&fetch->url), buffer_text(&url)))
		fetch->is_abroad = true;
	if (r < 0) {
		wipe_buffer(&url);
		return r;
	}
	wipe_buffer(&fetch->url);
	fetch->url = url;
	buffer_clear(&fetch->shown);
	buffer_append_text(&fetch->shown, buffer_text(&url));
	if (!buffer_text(&fetch->shown))
		return -ENOMEM;
	change_method(fetch);
	fetch->cache_key = 0;
	return 0;
}
