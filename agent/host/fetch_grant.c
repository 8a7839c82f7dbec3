/* SPDX-License-Identifier: Apache-2.0 */
/* What a token endpoint is asked (RFC 6749, sections 4.4.2 and 6). */
#include "fetch_token.h"

#include "base/macros.h"
#include "internal.h"
#include "net/http_basic.h"
#include "net/http_url.h"
#include "net/wipe.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>

#define TIMEOUT_NS (30 * NS_PER_SECOND)

/* A longer answer is not read to its end. */
#define ANSWER_MOST (64u << 10)

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

	if (r == 0) {
		derived_add(&token->fetches->instance->derived,
			buffer_text(&value) + strlen("Basic "));
		r = http_fields_add(&token->exchange.call.fields,
			&(struct http_field){
				"Authorization", buffer_text(&value), true });
	}
	wipe_buffer(&value);
	wipe_text(secret);
	wipe_text(name);
	return r;
}

int fetch_token_write_call(struct fetch_token *token)
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
