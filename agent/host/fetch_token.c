/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens of OAuth 2.0, one for each client of an instance, however many requests wait:
 *
 *	none -> loading (what was kept of its refresh token) -> asking -> saving -> good
 *	  ^                                                       |                  |
 *	  +------------------------- failed ----------------------+------ ends ------+
 *
 * A refresh token that the server replaces is kept before the new access token is used:
 * the one before may be worth nothing any more.
 */
#include "fetch_token.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/text.h"
#include "internal.h"
#include "net/wipe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Ends so long before the server says, for a request takes its time to arrive; of short
 * lives, half is used. */
#define MARGIN_NS (30 * NS_PER_SECOND)
static const struct host_shared *shared_of(const struct fetch_token *token)
{
	return token->fetches->instance->shared;
}

/* ---- what is waited for ---------------------------------------------------------- */

/* Those that wait are taken out first: what they do may have others wait. */
static void tell_all(struct fetch_token *token, const struct http_reply *failure)
{
	struct list told;

	list_init(&told);
	list_splice(&told, &token->waiting);
	while (!list_is_empty(&told)) {
		struct rk_http_request *fetch =
			container_of(told.next, struct rk_http_request, token_link);

		list_remove(&fetch->token_link);
		fetch_on_token(fetch, failure);
	}
}

static void tell_good(struct fetch_token *token)
{
	int64_t lifetime_ns = token->grant.lifetime_s * NS_PER_SECOND;

	token->state = TOKEN_GOOD;
	token->good_until_ns = fetch_now_ns(token->fetches) +
			       MAX(lifetime_ns - MARGIN_NS, lifetime_ns / 2);
	tell_all(token, NULL);
}

static void tell_failed(
	struct fetch_token *token, int result, bool can_pass, struct buffer *why)
{
	struct http_reply failure = { .can_pass = can_pass };
	const char *text;

	http_grant_finish(&token->grant);
	token->state = TOKEN_NONE;
	text = buffer_text(why);
	if (text)
		instance_redact(token->fetches->instance, (char *)why->data);
	http_reply_fail(&failure, result, "cannot get a token: %s",
		text ? text : "out of memory");
	tell_all(token, &failure);
}

/* ---- what came ------------------------------------------------------------------- */

static void on_saved(void *context, struct secret_result *result)
{
	struct fetch_token *token = context;

	token->job = NULL;
	if (result->result < 0)
		log_error(token->fetches->instance->id,
			"cannot keep a refresh token, the next start may be refused: "
			"secrets/%s: %s",
			token->file, strerror(-result->result));
	tell_good(token);
}

/* The server has replaced the refresh token. */
static bool save(struct fetch_token *token)
{
	struct secret_store *secrets = shared_of(token)->secrets;
	char *fresh = token->grant.refresh;

	if (!token->refreshes || !fresh || text_equal(fresh, token->refresh))
		return false;
	derived_add(&token->fetches->instance->derived, fresh);
	wipe_text(token->refresh);
	token->refresh = fresh;
	token->grant.refresh = NULL;
	if (!secrets || shared_of(token)->carrier->is_recorded)
		return false;
	if (secrets->ops->start(secrets, token->file, token->refresh, on_saved, token,
		    &token->job) < 0)
		return false;
	token->state = TOKEN_SAVING;
	return true;
}

static void read_grant(struct fetch_token *token, struct buffer *why)
{
	struct http_reply *reply = &token->exchange.reply;
	int r = http_grant_read(
		(const char *)reply->body.data, reply->body.size, &token->grant, why);

	if (r < 0)
		tell_failed(token, r == -EBADMSG ? -EPROTO : r, false, why);
	else if (!save(token))
		tell_good(token);
}

static void on_exchanged(struct http_exchange *exchange)
{
	struct fetch_token *token = container_of(exchange, struct fetch_token, exchange);
	struct http_reply *reply = &exchange->reply;
	struct buffer why = { 0 };
	bool can_pass = reply->status == 429 || reply->status >= 500;

	wipe_buffer(&token->form);
	if (reply->result < 0) {
		buffer_append_text(&why, reply->why);
		tell_failed(token, reply->result, reply->can_pass, &why);
	} else if (reply->status < 200 || reply->status > 299) {
		buffer_append_format(&why, "HTTP %d", reply->status);
		http_grant_append_error(
			(const char *)reply->body.data, reply->body.size, &why);
		tell_failed(token, can_pass ? -EREMOTEIO : -EACCES, can_pass, &why);
	} else {
		read_grant(token, &why);
	}
	buffer_finish(&why);
}

/* ---- what is asked --------------------------------------------------------------- */

static int ask(struct fetch_token *token)
{
	const struct http_carrier *carrier = shared_of(token)->carrier;
	int r = fetch_token_write_call(token);

	token->state = TOKEN_ASKING;
	token->exchange.on_done = on_exchanged;
	if (r == 0)
		r = carrier->ops->start(carrier, &token->exchange);
	if (r < 0)
		token->state = TOKEN_NONE;
	return r;
}

static void on_loaded(void *context, struct secret_result *result)
{
	struct fetch_token *token = context;
	struct buffer why = { 0 };
	const char *text = NULL;
	char *kept;
	int r;

	token->job = NULL;
	token->is_loaded = true;
	if (result->result == 0)
		text = buffer_text(&result->text);
	kept = text && *text ? strdup(text) : NULL;
	if (kept) {
		derived_add(&token->fetches->instance->derived, kept);
		wipe_text(token->refresh);
		token->refresh = kept;
	}
	r = result->result < 0 && result->result != -ENOENT ? result->result : ask(token);
	if (r < 0) {
		buffer_append_format(&why, "secrets/%s: %s", token->file, strerror(-r));
		tell_failed(token, r, false, &why);
	}
	buffer_finish(&why);
}

/* ---- for a request ---------------------------------------------------------------- */

static int begin_token(struct fetch_token *token)
{
	struct secret_store *secrets = shared_of(token)->secrets;
	int r;

	if (!token->refreshes || token->is_loaded || !secrets ||
		shared_of(token)->carrier->is_recorded)
		return ask(token);
	r = secrets->ops->start(
		secrets, token->file, NULL, on_loaded, token, &token->job);
	if (r == 0)
		token->state = TOKEN_LOADING;
	return r;
}

int fetch_token_get(struct rk_http_request *fetch, const char **ret_token)
{
	struct fetches *fetches = fetch->fetches;
	struct fetch_token *token;
	int r = 0;

	token = fetch_token_find(fetch);
	if (!token && fetches->n_tokens >= FETCH_MOST_TOKENS)
		return -EAGAIN;
	if (!token)
		token = fetch_token_create(fetch);
	if (!token)
		return -ENOMEM;
	if (token->state == TOKEN_GOOD && fetch_now_ns(fetches) < token->good_until_ns) {
		*ret_token = token->grant.token;
		return 1;
	}
	if (token->state == TOKEN_GOOD) {
		http_grant_finish(&token->grant);
		token->state = TOKEN_NONE;
	}
	if (token->state == TOKEN_NONE)
		r = begin_token(token);
	if (r == 0)
		list_append(&token->waiting, &fetch->token_link);
	return r;
}

void fetch_token_leave(struct rk_http_request *fetch)
{
	list_remove(&fetch->token_link);
}

void fetch_token_forget(struct rk_http_request *fetch)
{
	struct fetch_token *token = fetch_token_find(fetch);

	if (token && token->state == TOKEN_GOOD)
		token->good_until_ns = 0;
}

void fetch_tokens_finish(struct fetches *fetches)
{
	list_each(link, &fetches->tokens)
		fetch_token_free(container_of(link, struct fetch_token, link));
}
