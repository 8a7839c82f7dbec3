/* SPDX-License-Identifier: Apache-2.0 */
/* Which token is whose. */
#include "fetch_token.h"

#include "base/checksum.h"
#include "base/macros.h"
#include "base/text.h"
#include "internal.h"
#include "net/wipe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

void fetch_token_free(struct fetch_token *token)
{
	const struct host_shared *shared = token->fetches->instance->shared;

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

struct fetch_token *fetch_token_create(struct rk_http_request *fetch)
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
	put_file(token->file, sizeof(token->file), fetch->fetches, auth);
	if (copy(&token->name, auth->name) && copy(&token->secret, auth->secret.text) &&
		copy(&token->url, auth->url) && copy(&token->scope, auth->scope) &&
		copy(&token->refresh, auth->token.text) &&
		copy(&token->ca_file, fetch->order.ca_file) &&
		copy(&token->proxy, fetch->order.proxy))
		return token;
	fetch_token_free(token);
	return NULL;
}

struct fetch_token *fetch_token_find(const struct rk_http_request *fetch)
{
	char file[FETCH_TOKEN_FILE_SIZE];

	put_file(file, sizeof(file), fetch->fetches, &fetch->auth);
	list_each(link, &fetch->fetches->tokens)
	{
		struct fetch_token *token = container_of(link, struct fetch_token, link);

		if (is_for(token, &fetch->auth, file))
			return token;
	}
	return NULL;
}
