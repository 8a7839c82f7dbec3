/* SPDX-License-Identifier: Apache-2.0 */
/* How a plugin is told what came of its request. */
#include "fetch.h"

#include "base/macros.h"
#include "internal.h"
#include "net/wipe.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Of a body's first line and of an address, as much is told. */
enum { LINE_MOST = 120, ADDRESS_MOST = 200 };

/* An answer, with what belongs to it and the plugin does not see. */
struct told {
	struct rk_http_answer answer;
	const struct http_fields *fields;
	int64_t wall_ns;
	struct buffer why;
};

const struct http_fields *fetch_answer_fields(const struct rk_http_answer *answer)
{
	return container_of_const(answer, struct told, answer)->fields;
}

int64_t fetch_answer_wall_ns(const struct rk_http_answer *answer)
{
	return container_of_const(answer, struct told, answer)->wall_ns;
}

/* ---- in words ------------------------------------------------------------------ */

/* "'https://api.example.com/v1/bills': ", without the query. */
static void append_address(const struct rk_http_request *fetch, struct buffer *why)
{
	const char *url = (const char *)fetch->shown.data;
	size_t n = MIN(strcspn(url, "?"), (size_t)ADDRESS_MOST);

	buffer_append_format(why, "'%.*s': ", (int)n, url);
}

/* The body's first line, as far as it can be shown. */
static void append_line(const struct http_reply *reply, struct buffer *why)
{
	const char *text = (const char *)reply->body.data;
	size_t n = 0;

	while (n < reply->body.size && n < LINE_MOST && (unsigned char)text[n] >= ' ' &&
		text[n] != 0x7f)
		n++;
	if (n > 0)
		buffer_append_format(why, ": %.*s", (int)n, text);
}

static void write_why(const struct rk_http_request *fetch, struct told *told)
{
	const struct http_reply *reply = &fetch->exchange.reply;
	struct buffer *why = &told->why;

	append_address(fetch, why);
	if (reply->result < 0)
		buffer_append_text(why, reply->why);
	else
		buffer_append_format(why, "HTTP %d", reply->status);
	if (reply->result == 0)
		append_line(reply, why);
	if (fetch->n_attempts > 1)
		buffer_append_format(why, " (%u attempts)", fetch->n_attempts);
	if (!buffer_text(why))
		return;
	instance_redact(fetch->fetches->instance, (char *)why->data);
	told->answer.why = buffer_text(why);
}

/* ---- the answer ------------------------------------------------------------------- */

static int result_of(const struct http_reply *reply)
{
	if (reply->result < 0)
		return reply->result;
	if (reply->status == 401 || reply->status == 403)
		return -EACCES;
	return reply->status >= 200 && reply->status <= 299 ? 0 : -EREMOTEIO;
}

static void fill(struct rk_http_request *fetch, struct told *told)
{
	struct http_reply *reply = &fetch->exchange.reply;
	struct fetch_kept *kept = reply->status == 304 ? fetch_cache_find(fetch) : NULL;
	struct buffer *body = kept ? &kept->body : &reply->body;

	told->fields = kept ? &kept->fields : &reply->fields;
	if (kept)
		reply->status = 200;
	told->answer = (struct rk_http_answer){
		.size = sizeof(told->answer),
		.result = result_of(reply),
		.status = reply->status,
		.attempts = fetch->n_attempts,
		.body = reply->result == 0 ? buffer_text(body) : NULL,
		.body_size = reply->result == 0 ? body->size : 0,
		.url = buffer_text(&fetch->shown),
		.dns_ns = reply->times.dns_ns,
		.connect_ns = reply->times.connect_ns,
		.tls_ns = reply->times.tls_ns,
		.first_byte_ns = reply->times.first_byte_ns,
		.total_ns = reply->times.total_ns,
		.certificate_ends_ns = reply->certificate_ends_ns,
		.retry_after_ns = fetch_retry_after_ns(fetch),
		.from_cache = kept != NULL,
	};
	if (reply->result == 0 && !told->answer.body) {
		told->answer.result = -ENOMEM;
		told->answer.body_size = 0;
	}
}

void fetch_tell(struct rk_http_request *fetch)
{
	struct instance *instance = fetch->fetches->instance;
	struct told told = { 0 };

	told.wall_ns = fetch_wall_ns(fetch->fetches);
	fetch_cache_keep(fetch);
	fill(fetch, &told);
	if (told.answer.result < 0)
		write_why(fetch, &told);
	if (told.answer.result < 0 && !told.answer.why)
		told.answer.why = "out of memory";
	call_begin(instance, CALL_BACK);
	fetch->order.on_done(fetch->order.context, &told.answer);
	call_end(instance);
	wipe_buffer(&told.why);
}
