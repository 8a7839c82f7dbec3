/* SPDX-License-Identifier: Apache-2.0 */
#include "http_request.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/macros.h"

#include "http_aws.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static long milliseconds(struct rk_duration duration)
{
	return (long)(duration.ns / NS_PER_MS);
}

/* ---- what is the same for each request ---------------------------------- */

static void apply_tls(const struct http_tls *tls, CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, tls->verify ? 1L : 0L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, tls->verify ? 2L : 0L);
	if (tls->ca_file)
		curl_easy_setopt(easy, CURLOPT_CAINFO, tls->ca_file);
	if (tls->cert_file)
		curl_easy_setopt(easy, CURLOPT_SSLCERT, tls->cert_file);
	if (tls->key_file)
		curl_easy_setopt(easy, CURLOPT_SSLKEY, tls->key_file);
}

/* ".//.//etc/key" for "etc/key": each bit of the number is a slash, with or without a dot
 * that says nothing. Owned by the caller; NULL: out of memory. */
static char *spell(const char *path, unsigned int number)
{
	struct buffer to = { 0 };

	buffer_append_text(&to, *path == '/' ? "" : ".");
	for (unsigned int bit = 0; bit < 16; bit++)
		buffer_append_text(&to, number >> bit & 1 ? "/." : "/");
	buffer_append_format(&to, "/%s", path);
	return buffer_take_text(&to);
}

int http_request_name_files(const struct http_tls *tls, CURL *easy, unsigned int number)
{
	const struct {
		CURLoption option;
		const char *path;
	} files[] = {
		{ CURLOPT_CAINFO, tls->ca_file },
		{ CURLOPT_SSLCERT, tls->cert_file },
		{ CURLOPT_SSLKEY, tls->key_file },
	};

	for (size_t i = 0; i < LENGTH(files); i++) {
		CLEANUP_FREE char *name = NULL;

		if (!files[i].path)
			continue;
		name = spell(files[i].path, number);
		if (!name || curl_easy_setopt(easy, files[i].option, name) != CURLE_OK)
			return -ENOMEM;
	}
	return 0;
}

static int apply_credentials(const struct http_options *options, CURL *easy)
{
	if (options->basic.user) {
		curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
		curl_easy_setopt(easy, CURLOPT_USERNAME, options->basic.user);
		curl_easy_setopt(easy, CURLOPT_PASSWORD,
			options->basic.password.text ? options->basic.password.text : "");
	}
	if (options->bearer.text)
		http_request_bear(easy, options->bearer.text);
	return options->aws_sigv4.region ? http_aws_apply(&options->aws_sigv4, easy) : 0;
}

void http_request_bear(CURL *easy, const char *token)
{
	curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER);
	curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, token);
}

int http_request_apply_to_any(
	const struct http_options *options, CURL *easy, struct buffer *why)
{
	const struct http_timeout *timeout = &options->timeout;

	if (curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") != CURLE_OK) {
		buffer_append_text(why, "libcurl has no HTTPS");
		return -ENOTSUP;
	}
	curl_easy_setopt(easy, CURLOPT_PROXY, options->proxy ? options->proxy : "");
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(timeout->connect));
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, milliseconds(timeout->total));
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME,
		MAX(1L, milliseconds(timeout->idle) / 1000));
	curl_easy_setopt(easy, CURLOPT_POST, 1L);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "rookery");
	apply_tls(&options->tls, easy);
	return 0;
}

int http_request_apply(const struct http_options *options, CURL *easy, struct buffer *why)
{
	int r = http_request_apply_to_any(options, easy, why);

	if (r < 0)
		return r;
	curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, options->redirects > 0 ? 1L : 0L);
	curl_easy_setopt(easy, CURLOPT_MAXREDIRS, (long)options->redirects);
	/* A redirect repeats the request as it was. */
	curl_easy_setopt(easy, CURLOPT_POSTREDIR, (long)CURL_REDIR_POST_ALL);
	curl_easy_setopt(
		easy, CURLOPT_CUSTOMREQUEST, http_methods[options->method.index]);
	if (options->tls.pin)
		curl_easy_setopt(easy, CURLOPT_PINNEDPUBLICKEY, options->tls.pin);
	return apply_credentials(options, easy);
}

/* ---- errors --------------------------------------------------------------- */

int http_request_error(CURLcode result)
{
	switch (result) {
	case CURLE_OPERATION_TIMEDOUT:
		return -ETIMEDOUT;
	case CURLE_COULDNT_CONNECT:
		return -ECONNREFUSED;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		return -EHOSTUNREACH;
	case CURLE_OUT_OF_MEMORY:
		return -ENOMEM;
	default:
		return -EIO;
	}
}

/* ---- headers ------------------------------------------------------------ */

static bool add(struct curl_slist **list, const char *name, const char *value)
{
	CLEANUP_FREE char *line = NULL;
	struct curl_slist *longer = NULL;

	if (asprintf(&line, "%s: %s", name, value) >= 0)
		longer = curl_slist_append(*list, line);
	if (longer)
		*list = longer;
	return longer;
}

/* Whether configuration names this header itself. */
static bool is_configured(const struct http_options *options, const char *name)
{
	const struct http_secret_header *secrets = options->secret_headers.rows;

	for (size_t i = 0; i < options->headers.n; i++) {
		if (strcasecmp(options->headers.items[i].name, name) == 0)
			return true;
	}
	for (size_t i = 0; i < options->secret_headers.n; i++) {
		if (strcasecmp(secrets[i].name, name) == 0)
			return true;
	}
	return false;
}

static bool add_configured(const struct http_options *options, struct curl_slist **list)
{
	const struct http_secret_header *secrets = options->secret_headers.rows;
	bool ok = true;

	for (size_t i = 0; ok && i < options->headers.n; i++)
		ok = add(list, options->headers.items[i].name,
			options->headers.items[i].value);
	for (size_t i = 0; ok && i < options->secret_headers.n; i++)
		ok = add(list, secrets[i].name,
			secrets[i].value.text ? secrets[i].value.text : "");
	return ok;
}

static bool names_encoding(const struct encoder_type *format)
{
	static const char name[] = "Content-Encoding:";

	for (const char *const *at = format->headers; at && *at; at++) {
		if (strncasecmp(*at, name, sizeof(name) - 1) == 0)
			return true;
	}
	return false;
}

const struct http_packing *http_request_packing(
	const struct http_options *options, const struct encoder_type *format)
{
	return names_encoding(format) ? &http_packings[HTTP_PACKING_NONE]
				      : &http_packings[options->compress.index];
}

static bool add_of_format(const struct encoder_type *format, struct curl_slist **list)
{
	for (const char *const *at = format->headers; at && *at; at++) {
		struct curl_slist *longer = curl_slist_append(*list, *at);

		if (!longer)
			return false;
		*list = longer;
	}
	return true;
}

struct curl_slist *http_request_headers(const struct http_options *options,
	const struct encoder_type *format, const char *id, const char *hash)
{
	const struct http_aws_sigv4 *aws = &options->aws_sigv4;
	const struct rk_label own[] = {
		{ "Content-Type", format->media_type },
		{ "Content-Encoding", http_request_packing(options, format)->coding },
		{ options->id_header, id },
		{ "X-Amz-Content-Sha256", aws->region ? hash : NULL },
		{ "X-Amz-Security-Token", aws->session_token.text },
		/* No turn is spent on asking whether the body may come. */
		{ "Expect", aws->region ? NULL : "" },
	};
	struct curl_slist *list = NULL;
	bool ok = add_configured(options, &list) && add_of_format(format, &list);

	for (size_t i = 0; ok && i < RK_LEN(own); i++) {
		if (own[i].name && *own[i].name && own[i].value &&
			!is_configured(options, own[i].name))
			ok = add(&list, own[i].name, own[i].value);
	}
	if (ok)
		return list;
	curl_slist_free_all(list);
	return NULL;
}
