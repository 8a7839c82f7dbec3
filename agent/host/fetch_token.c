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
#include "fetch.h"

#include "base/checksum.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/text.h"
#include "internal.h"
#include "net/http_basic.h"
#include "net/http_url.h"
#include "net/wipe.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ends so long before the server says, for a request takes its time to arrive; of short
 * lives, half is used. */
#define MARGIN_NS  (30 * NS_PER_SECOND)
#define TIMEOUT_NS (30 * NS_PER_SECOND)

/* A longer answer is not read to its end. */
#define ANSWER_MOST (64u << 10)

enum token_state { TOKEN_NONE, TOKEN_LOADING, TOKEN_ASKING, TOKEN_SAVING, TOKEN_GOOD };

struct fetch_token {
	struct list link;
	struct fetches *fetches;
	enum token_state state;
	char *name, *secret, *url, *scope, *refresh; /* owned; secrets */
	bool client_in_body, refreshes, is_loaded;
	char *ca_file, *proxy; /* owned */
	char file[200];        /* its name in the store of secrets */
	struct http_grant grant;
	int64_t good_until_ns; /* monotonic */
	struct list waiting;   /* of struct rk_http_request */
	struct http_exchange exchange;
	struct buffer form;
	struct secret_job *job;
};

static const struct host_shared *shared_of(const struct fetch_token *token)
{
	return token->fetches->instance->shared;
}

/* ---- which one --------------------------------------------------------------- */

static bool is_same(const char *a, const char *b)
{
	return a && b ? text_equal(a, b) : a == b;
}

static bool is_for(const struct fetch_token *token, const struct rk_http_auth *auth,
	const char *file)
{
	return is_same(token->name, auth->name) && is_same(token->url, auth->url) &&
	       is_same(token->scope, auth->scope) &&
	       is_same(token->secret, auth->secret.text) && text_equal(token->file, file);
}

/* The same client has the same file for as long as its first refresh token is configured,
 * and another one behind that: "mailgun.5a2f...". */
static void put_file(char *to, size_t size, const struct fetches *fetches,
	const struct rk_http_auth *auth)
{
	static const struct hash_key key = { { 0x726f6f6b65727931, 0x6f61757468320000 } };
	struct buffer all = { 0 };
	struct hash128 hash;

	wipe_append_text(&all, auth->url);
	wipe_append_text(&all, "\n");
	wipe_append_text(&all, auth->name);
	wipe_append_text(&all, "\n");
	wipe_append_text(&all, auth->scope ? auth->scope : "");
	wipe_append_text(&all, "\n");
	wipe_append_text(&all, auth->token.text ? auth->token.text : "");
	hash = siphash128(&key, all.data, all.size);
	wipe_buffer(&all);
	snprintf(to, size, "%.100s.%016llx%016llx", fetches->instance->id,
		(unsigned long long)hash.words[0], (unsigned long long)hash.words[1]);
}

static void token_free(struct fetch_token *token)
{
	const struct host_shared *shared = shared_of(token);

	if (token->exchange.flight)
		shared->carrier->ops->cancel(shared->carrier, &token->exchange);
	if (token->job)
		shared->secrets->ops->leave(token->job);
	list_remove(&token->link);
	token->fetches->n_tokens--;
	http_call_finish(&token->exchange.call);
	http_reply_finish(&token->exchange.reply);
	http_grant_finish(&token->grant);
	wipe_buffer(&token->form);
	wipe_text(token->name);
	wipe_text(token->secret);
	wipe_text(token->refresh);
	free(token->url);
	free(token->scope);
	free(token->ca_file);
	free(token->proxy);
	free(token);
}

static bool copy(char **to, const char *from)
{
	*to = from ? strdup(from) : NULL;
	return *to || !from;
}

static struct fetch_token *token_create(struct rk_http_request *fetch, const char *file)
{
	struct fetch_token *token = calloc(1, sizeof(*token));
	const struct rk_http_auth *auth = &fetch->auth;

	if (!token)
		return NULL;
	token->fetches = fetch->fetches;
	token->fetches->n_tokens++;
	list_init(&token->waiting);
	list_append(&token->fetches->tokens, &token->link);
	token->client_in_body = auth->flags & RK_HTTP_CLIENT_IN_BODY;
	token->refreshes = auth->token.text != NULL;
	memcpy(token->file, file, sizeof(token->file));
	if (copy(&token->name, auth->name) && copy(&token->secret, auth->secret.text) &&
		copy(&token->url, auth->url) && copy(&token->scope, auth->scope) &&
		copy(&token->refresh, auth->token.text) &&
		copy(&token->ca_file, fetch->order.ca_file) &&
		copy(&token->proxy, fetch->order.proxy))
		return token;
	token_free(token);
	return NULL;
}

static struct fetch_token *find(const struct rk_http_request *fetch, const char *file)
{
	list_each(link, &fetch->fetches->tokens)
	{
		struct fetch_token *token = container_of(link, struct fetch_token, link);

		if (is_for(token, &fetch->auth, file))
			return token;
	}
	return NULL;
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

	if (!token->refreshes || !fresh || is_same(fresh, token->refresh))
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

static void add_field(struct buffer *form, const char *name, const char *value)
{
	char *encoded = value ? curl_easy_escape(NULL, value, 0) : NULL;

	if (encoded) {
		wipe_append_text(form, form->size > 0 ? "&" : "");
		wipe_append_text(form, name);
		wipe_append_text(form, "=");
		wipe_append_text(form, encoded);
	} else if (value) {
		form->failed = true;
	}
	wipe_text(encoded); /* libcurl's memory is malloc's: nobody told it otherwise */
}

static int write_form(struct fetch_token *token)
{
	struct buffer *form = &token->form;

	buffer_clear(form);
	add_field(form, "grant_type",
		token->refreshes ? "refresh_token" : "client_credentials");
	if (token->refreshes)
		add_field(form, "refresh_token", token->refresh);
	add_field(form, "scope", token->scope);
	if (token->client_in_body) {
		add_field(form, "client_id", token->name);
		add_field(form, "client_secret", token->secret);
	}
	return buffer_failed(form) ? -ENOMEM : 0;
}

/* Both are encoded before they become user and password (RFC 6749, section 2.3.1). */
static int add_client(struct fetch_token *token)
{
	char *name = curl_easy_escape(NULL, token->name, 0);
	char *secret = curl_easy_escape(NULL, token->secret, 0);
	struct buffer value = { 0 };
	int r = name && secret ? http_basic_write(name, secret, &value) : -ENOMEM;

	if (r == 0)
		derived_add(&token->fetches->instance->derived,
			buffer_text(&value) + strlen("Basic "));
	if (r == 0)
		r = http_fields_add(&token->exchange.call.fields,
			&(struct http_field){
				"Authorization", buffer_text(&value), true });
	wipe_buffer(&value);
	wipe_text(secret);
	wipe_text(name);
	return r;
}

static int write_call(struct fetch_token *token)
{
	static const struct http_field fields[] = {
		{ "Content-Type", "application/x-www-form-urlencoded", false },
		{ "Accept", "application/json", false },
		{ "User-Agent", "rookery", false },
	};
	struct http_call *call = &token->exchange.call;
	int r;

	http_call_finish(call);
	http_reply_finish(&token->exchange.reply);
	r = http_url_resolve(NULL, token->url, &call->url, NULL);
	if (r == 0)
		r = http_url_resolve(NULL, token->url, &call->shown, NULL);
	if (r == 0)
		r = write_form(token);
	for (size_t i = 0; r == 0 && i < LENGTH(fields); i++)
		r = http_fields_add(&call->fields, &fields[i]);
	if (r == 0 && !token->client_in_body)
		r = add_client(token);
	call->method = "POST";
	call->is_grant = true;
	call->body = token->form.data;
	call->body_size = token->form.size;
	call->timeout_ns = call->connect_timeout_ns = TIMEOUT_NS;
	call->max_body = ANSWER_MOST;
	call->ca_file = token->ca_file;
	call->proxy = token->proxy;
	call->allows_special = token->fetches->instance->allows_special;
	return r;
}

static int ask(struct fetch_token *token)
{
	const struct http_carrier *carrier = shared_of(token)->carrier;
	int r = write_call(token);

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

static int begin(struct fetch_token *token)
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
	char file[sizeof(token->file)] = { 0 };
	int r = 0;

	put_file(file, sizeof(file), fetches, &fetch->auth);
	token = find(fetch, file);
	if (!token && fetches->n_tokens >= FETCH_MOST_TOKENS)
		return -EAGAIN;
	if (!token)
		token = token_create(fetch, file);
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
		r = begin(token);
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
	char file[sizeof(((struct fetch_token *)0)->file)] = { 0 };
	struct fetch_token *token;

	put_file(file, sizeof(file), fetch->fetches, &fetch->auth);
	token = find(fetch, file);
	if (token && token->state == TOKEN_GOOD)
		token->good_until_ns = 0;
}

void fetch_tokens_finish(struct fetches *fetches)
{
	list_each(link, &fetches->tokens)
		token_free(container_of(link, struct fetch_token, link));
}
