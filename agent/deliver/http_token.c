/* SPDX-License-Identifier: Apache-2.0 */
#include "http_token.h"

#include "base/clock.h"
#include "base/macros.h"
#include "http_answer.h"
#include "http_request.h"

#include <errno.h>

/* Ends so long before the server says, for a request takes its time to arrive; of short
 * lives, half is used. */
#define MARGIN_MS 30000

bool http_token_is_good(const struct http_token *token)
{
	return token->grant.token && uv_now(token->loop) < token->good_until_ms;
}

/* ---- what is asked ----------------------------------------------------------- */

static void append_field(struct buffer *form, const char *name, const char *value)
{
	char *encoded = value ? curl_easy_escape(NULL, value, 0) : NULL;

	if (encoded)
		buffer_append_format(form, "&%s=%s", name, encoded);
	else if (value)
		form->failed = true;
	curl_free(encoded);
}

static int write_form(struct http_token *token)
{
	const struct http_oauth2 *oauth2 = &token->options->oauth2;

	buffer_clear(&token->form);
	buffer_append_text(&token->form, "grant_type=client_credentials");
	append_field(&token->form, "scope", oauth2->scope);
	append_field(&token->form, "audience", oauth2->audience);
	if (oauth2->client_auth.index == HTTP_CLIENT_AUTH_BODY) {
		append_field(&token->form, "client_id", oauth2->client_id);
		append_field(&token->form, "client_secret", oauth2->client_secret.text);
	}
	return buffer_failed(&token->form) ? -ENOMEM : 0;
}

/* Both are encoded before they become user and password (RFC 6749, section 2.3.1). */
static int apply_client(const struct http_oauth2 *oauth2, CURL *easy)
{
	char *id = curl_easy_escape(NULL, oauth2->client_id, 0);
	char *secret = curl_easy_escape(NULL, oauth2->client_secret.text, 0);
	bool is_whole = id && secret;

	if (is_whole) {
		curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
		curl_easy_setopt(easy, CURLOPT_USERNAME, id);
		curl_easy_setopt(easy, CURLOPT_PASSWORD, secret);
	}
	if (secret)
		explicit_bzero(secret, strlen(secret));
	curl_free(secret);
	curl_free(id);
	return is_whole ? 0 : -ENOMEM;
}

static size_t on_body(const char *bytes, size_t one, size_t n, void *context)
{
	struct buffer *answer = context;

	(void)one;
	buffer_append(answer, bytes, n);
	return buffer_failed(answer) ? 0 : n;
}

static int apply(struct http_token *token, CURL *easy)
{
	const struct http_oauth2 *oauth2 = &token->options->oauth2;
	int r = http_request_apply_to_any(token->options, easy, &token->why);

	if (r == 0)
		r = write_form(token);
	if (r == 0 && oauth2->client_auth.index == HTTP_CLIENT_AUTH_BASIC)
		r = apply_client(oauth2, easy);
	if (r < 0)
		return r;
	curl_easy_setopt(easy, CURLOPT_URL, oauth2->token_url);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)token->form.size);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, token->form.data);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, &token->answer);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, token->error);
	/* It is fetched once an hour or so: over a connection of its own, which so always
	 * knows the files of `tls` as they are. */
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(easy, CURLOPT_CA_CACHE_TIMEOUT, 0L);
	return 0;
}

/* ---- what comes ---------------------------------------------------------------- */

static void end_transfer(struct http_token *token)
{
	token->is_under_way = false;
	curl_easy_cleanup(token->transfer.easy);
	token->transfer.easy = NULL;
	if (token->form.data)
		explicit_bzero(token->form.data, token->form.size);
}

static void tell_failure(struct http_token *token, struct sink_answer *failure)
{
	failure->why = buffer_text(&token->why);
	token->on_done(token, failure);
}

/* No whole answer came. */
static void tell_broken(struct http_token *token, CURLcode result)
{
	struct sink_answer failure = {
		.verdict = SINK_FAILED,
		.error = http_request_error(result),
	};

	if (buffer_failed(&token->answer))
		buffer_append_format(&token->why, "the answer is longer than %u KiB",
			HTTP_TOKEN_ANSWER_MOST >> 10);
	else
		buffer_append_text(&token->why,
			*token->error ? token->error : curl_easy_strerror(result));
	tell_failure(token, &failure);
}

/* The server says no. Whatever it does not promise to change is a person's to mend. */
static void tell_refused(struct http_token *token, const struct http_answer *answer)
{
	struct sink_answer failure;

	http_answer_read(answer, &token->why, &failure);
	http_grant_append_error(
		(const char *)token->answer.data, token->answer.size, &token->why);
	failure.is_locked_out |= failure.verdict != SINK_FAILED;
	failure.verdict = SINK_FAILED;
	failure.error = -EREMOTEIO;
	tell_failure(token, &failure);
}

static void take(struct http_token *token, int status)
{
	struct sink_answer failure = {
		.verdict = SINK_FAILED, .status = status, .is_locked_out = true
	};
	int64_t lifetime_ms;

	failure.error = http_grant_read((const char *)token->answer.data,
		token->answer.size, &token->grant, &token->why);
	if (failure.error < 0) {
		tell_failure(token, &failure);
		return;
	}
	lifetime_ms = 1000 * token->grant.lifetime_s;
	token->good_until_ms = uv_now(token->loop) +
			       (uint64_t)MAX(lifetime_ms - MARGIN_MS, lifetime_ms / 2);
	token->on_done(token, NULL);
}

static void on_done(struct transfer *transfer, CURLcode result)
{
	struct http_token *token = container_of(transfer, struct http_token, transfer);
	struct http_answer answer = { 0 };
	curl_off_t after = 0;
	long status = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(transfer->easy, CURLINFO_RETRY_AFTER, &after);
	end_transfer(token);
	answer.status = (int)status;
	answer.retry_after_s = after;
	if (result != CURLE_OK)
		tell_broken(token, result);
	else if (status < 200 || status > 299)
		tell_refused(token, &answer);
	else
		take(token, answer.status);
}

/* ---- beginning and end ---------------------------------------------------------- */

int http_token_fetch(struct http_token *token)
{
	int r;

	http_grant_finish(&token->grant);
	buffer_clear(&token->answer);
	token->answer.limit = HTTP_TOKEN_ANSWER_MOST;
	buffer_clear(&token->why);
	*token->error = '\0';
	token->transfer.on_done = on_done;
	token->transfer.easy = curl_easy_init();
	if (!token->transfer.easy)
		return -ENOMEM;
	r = apply(token, token->transfer.easy);
	if (r == 0)
		r = curl_loop_start(token->curl, &token->transfer);
	token->is_under_way = r == 0;
	if (r < 0)
		end_transfer(token);
	return r;
}

void http_token_cancel(struct http_token *token)
{
	if (!token->is_under_way)
		return;
	curl_loop_cancel(token->curl, &token->transfer);
	end_transfer(token);
}

static void wipe(struct buffer *buffer)
{
	if (buffer->data)
		explicit_bzero(buffer->data, buffer->capacity);
	buffer_finish(buffer);
}

void http_token_finish(struct http_token *token)
{
	http_grant_finish(&token->grant);
	wipe(&token->form);
	wipe(&token->answer);
	buffer_finish(&token->why);
}
