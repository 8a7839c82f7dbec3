/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who asks. Where a secret stands is known by its place, a marked header or a parameter
 * of the URL, so that whoever writes requests down or tells of them leaves it out.
 */
#include "fetch.h"

#include "base/clock.h"
#include "base/macros.h"
#include "internal.h"
#include "net/http_basic.h"
#include "net/http_url.h"
#include "net/sigv4.h"
#include "net/wipe.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

/* ---- what each scheme needs --------------------------------------------------- */

static bool has_secret(const struct rk_http_auth *auth)
{
	return auth->secret.text && *auth->secret.text;
}

static bool has_text(const char *text)
{
	return text && *text;
}

static const char *fault_of_nothing(const struct rk_http_auth *auth)
{
	(void)auth;
	return NULL;
}

static const char *fault_of_bearer(const struct rk_http_auth *auth)
{
	return has_secret(auth) && http_is_value(auth->secret.text)
		       ? NULL
		       : "its auth has no token that can stand in a header";
}

static const char *fault_of_basic(const struct rk_http_auth *auth)
{
	return auth->name && !strchr(auth->name, ':') && auth->secret.text
		       ? NULL
		       : "its auth has no user, one with a colon, or no password";
}

static const char *fault_of_header(const struct rk_http_auth *auth)
{
	return auth->name && http_is_token(auth->name) && has_secret(auth) &&
			       http_is_value(auth->secret.text)
		       ? NULL
		       : "its auth has no header's name or no value that can stand in "
			 "one";
}

static const char *fault_of_query(const struct rk_http_auth *auth)
{
	return has_text(auth->name) && has_secret(auth)
		       ? NULL
		       : "its auth has no parameter's name or no value";
}

static const char *fault_of_aws(const struct rk_http_auth *auth)
{
	bool is_whole = has_text(auth->name) && has_secret(auth) &&
			has_text(auth->region) && has_text(auth->service) &&
			http_is_value(auth->name) && http_is_value(auth->region) &&
			http_is_value(auth->service) &&
			(!auth->token.text || http_is_value(auth->token.text));

	return is_whole ? NULL
			: "its auth lacks an access key, a secret key, a region or a "
			  "service";
}

static const char *fault_of_oauth2(const struct rk_http_auth *auth)
{
	struct buffer url = { 0 };
	int r = auth->url ? http_url_resolve(NULL, auth->url, &url, NULL) : -EINVAL;

	buffer_finish(&url);
	if (r < 0)
		return "its auth has no URL of a token endpoint";
	return has_text(auth->name) && auth->secret.text
		       ? NULL
		       : "its auth has no client or no secret of it";
}

static const char *(*const faults[])(const struct rk_http_auth *auth) = {
	[RK_HTTP_NO_AUTH] = fault_of_nothing,
	[RK_HTTP_BEARER] = fault_of_bearer,
	[RK_HTTP_BASIC] = fault_of_basic,
	[RK_HTTP_HEADER] = fault_of_header,
	[RK_HTTP_QUERY] = fault_of_query,
	[RK_HTTP_AWS_SIGV4] = fault_of_aws,
	[RK_HTTP_OAUTH2] = fault_of_oauth2,
};

const char *fetch_auth_fault(const struct rk_http_auth *auth)
{
	if (auth->scheme >= LENGTH(faults))
		return "its auth has a scheme that this host does not know";
	return faults[auth->scheme](auth);
}

/* ---- the call ------------------------------------------------------------------ */

/* Whatever it is made of, the part behind a scheme's name says as much as a secret. */
static int add_secret(struct rk_http_request *fetch, const char *name, const char *value)
{
	struct http_call *call = &fetch->exchange.call;
	const char *blank = strchr(value, ' ');

	derived_add(&fetch->fetches->instance->derived, blank ? blank + 1 : value);
	return http_fields_add(&call->fields, &(struct http_field){ name, value, true });
}

static int add_bearer(struct rk_http_request *fetch, const char *token)
{
	struct buffer value = { 0 };
	int r = -ENOMEM;

	wipe_append_text(&value, "Bearer ");
	wipe_append_text(&value, token);
	if (buffer_text(&value))
		r = add_secret(fetch, "Authorization", buffer_text(&value));
	wipe_buffer(&value);
	return r;
}

static int add_basic(struct rk_http_request *fetch)
{
	const struct rk_http_auth *auth = &fetch->auth;
	struct buffer value = { 0 };
	int r = http_basic_write(auth->name, auth->secret.text, &value);

	if (r == 0)
		r = add_secret(fetch, "Authorization", buffer_text(&value));
	wipe_buffer(&value);
	return r;
}

int fetch_cut_secret(const struct rk_http_request *fetch, struct buffer *url)
{
	struct buffer cut = { 0 };
	int r;

	if (fetch->auth.scheme != RK_HTTP_QUERY)
		return 0;
	r = buffer_text(url) ? http_url_remove(buffer_text(url), fetch->auth.name, &cut)
			     : -ENOMEM;
	wipe_buffer(url);
	*url = cut;
	return r;
}

/* The name as the URL has it, so that it is found where a server repeats it. */
static int note_parameter(struct rk_http_request *fetch)
{
	char *escaped = curl_easy_escape(NULL, fetch->auth.name, 0);

	if (escaped && !fetch->secret_parameter)
		fetch->secret_parameter =
			arena_copy_text(&fetch->arena, escaped, strlen(escaped));
	curl_free(escaped);
	fetch->exchange.call.secret_parameter = fetch->secret_parameter;
	return fetch->secret_parameter ? 0 : -ENOMEM;
}

static int add_query(struct rk_http_request *fetch)
{
	const struct rk_http_auth *auth = &fetch->auth;
	struct http_call *call = &fetch->exchange.call;
	int r = http_url_add(&call->url, auth->name, auth->secret.text);

	/* It is the last one. */
	if (r == 0 && buffer_text(&call->url))
		derived_add(&fetch->fetches->instance->derived,
			strrchr(buffer_text(&call->url), '=') + 1);
	if (r == 0)
		r = note_parameter(fetch);
	return r < 0 ? r : http_url_add(&call->shown, auth->name, "-");
}

static int add_signature(struct rk_http_request *fetch)
{
	const struct rk_http_auth *auth = &fetch->auth;
	const struct sigv4_key key = {
		.access_key = auth->name,
		.secret_key = auth->secret.text,
		.session_token = auth->token.text,
		.region = auth->region,
		.service = auth->service,
	};

	return sigv4_sign(&key, &fetch->exchange.call, fetch_wall_ns(fetch->fetches));
}

static int add_auth(struct rk_http_request *fetch, const char *token)
{
	const struct rk_http_auth *auth = &fetch->auth;

	switch ((enum rk_http_scheme)auth->scheme) {
	case RK_HTTP_NO_AUTH:
		return 0;
	case RK_HTTP_BEARER:
		return add_bearer(fetch, auth->secret.text);
	case RK_HTTP_BASIC:
		return add_basic(fetch);
	case RK_HTTP_HEADER:
		return add_secret(fetch, auth->name, auth->secret.text);
	case RK_HTTP_QUERY:
		return add_query(fetch);
	case RK_HTTP_AWS_SIGV4:
		return add_signature(fetch);
	case RK_HTTP_OAUTH2:
		return add_bearer(fetch, token);
	}
	return -EINVAL;
}

/* To another origin goes nothing that the plugin wrote but what says which languages and
 * forms it takes. */
static bool goes_along(const struct rk_http_request *fetch, const char *name)
{
	static const char *const always[] = { "Accept", "Accept-Language", "User-Agent" };

	for (size_t i = 0; i < LENGTH(always); i++) {
		if (strcasecmp(name, always[i]) == 0)
			return true;
	}
	return !fetch->is_abroad;
}

static int add_headers(struct rk_http_request *fetch)
{
	struct http_call *call = &fetch->exchange.call;
	const struct rk_http_order *order = &fetch->order;
	int r = 0;

	for (size_t i = 0; r == 0 && i < order->n_headers; i++) {
		const struct rk_label *header = &order->headers[i];

		if (goes_along(fetch, header->name))
			r = http_fields_add(
				&call->fields, &(struct http_field){ header->name,
						       header->value, false });
	}
	if (r == 0 && !http_fields_find(&call->fields, "User-Agent", 0))
		r = http_fields_add(&call->fields,
			&(struct http_field){ "User-Agent", "rookery", false });
	return r;
}

int fetch_write_call(struct rk_http_request *fetch, const char *token)
{
	const struct rk_http_order *order = &fetch->order;
	struct http_call *call = &fetch->exchange.call;
	int r;

	http_call_finish(call);
	http_reply_finish(&fetch->exchange.reply);
	call->method = fetch->method;
	call->body = fetch->is_abroad ? NULL : order->body;
	call->body_size = fetch->is_abroad ? 0 : order->body_size;
	call->max_body = order->max_body;
	call->ca_file = order->ca_file;
	call->proxy = order->proxy;
	call->allows_special = fetch->fetches->instance->allows_special;
	wipe_append_text(&call->url, (const char *)fetch->shown.data);
	wipe_append_text(&call->shown, (const char *)fetch->shown.data);
	r = add_headers(fetch);
	if (r == 0)
		r = fetch_cache_ask(fetch);
	if (r == 0 && !fetch->is_abroad)
		r = add_auth(fetch, token);
	if (r == 0 && (!buffer_text(&call->url) || !buffer_text(&call->shown)))
		r = -ENOMEM;
	return r;
}
