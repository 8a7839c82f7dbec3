/* SPDX-License-Identifier: Apache-2.0 */
#include "http_url.h"

#include "base/cleanup.h"
#include "base/macros.h"
#include "wipe.h"

#include <curl/curl.h>
#include <errno.h>
#include <strings.h>

static void cleanup_url(CURLU **url)
{
	curl_url_cleanup(*url);
}

static void cleanup_text(char **text)
{
	if (*text)
		explicit_bzero(*text, strlen(*text));
	curl_free(*text);
}

static int refuse(struct buffer *why, const char *text)
{
	if (why)
		buffer_append_text(why, text);
	return -EINVAL;
}

static bool has(CURLU *parts, CURLUPart part)
{
	CLEANUP(cleanup_text) char *text = NULL;

	return curl_url_get(parts, part, &text, 0) == CURLUE_OK;
}

static bool is_http(CURLU *parts)
{
	CLEANUP(cleanup_text) char *scheme = NULL;

	if (curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK)
		return false;
	return strcasecmp(scheme, "http") == 0 || strcasecmp(scheme, "https") == 0;
}

static int write_resolved(CURLU *parts, struct buffer *to, struct buffer *why)
{
	CLEANUP(cleanup_text) char *text = NULL;

	if (!is_http(parts))
		return refuse(why, "it is not of http or https");
	if (has(parts, CURLUPART_USER) || has(parts, CURLUPART_PASSWORD))
		return refuse(why, "it has a user in it, which belongs into the auth");
	curl_url_set(parts, CURLUPART_FRAGMENT, NULL, 0);
	if (curl_url_get(parts, CURLUPART_URL, &text, 0) != CURLUE_OK)
		return refuse(why, "it is no URL");
	if (strlen(text) > HTTP_URL_MOST)
		return refuse(why, "it is too long");
	wipe_append_text(to, text);
	return buffer_failed(to) ? -ENOMEM : 0;
}

int http_url_resolve(
	const char *base, const char *reference, struct buffer *to, struct buffer *why)
{
	CLEANUP(cleanup_url) CURLU *parts = curl_url();

	buffer_clear(to);
	if (!parts)
		return -ENOMEM;
	if (strlen(reference) > HTTP_URL_MOST)
		return refuse(why, "it is too long");
	for (const char *at = reference; *at; at++) {
		if ((unsigned char)*at <= ' ' || *at == 0x7f)
			return refuse(why, "it has a blank or a control character in it");
	}
	if (base && curl_url_set(parts, CURLUPART_URL, base, 0) != CURLUE_OK)
		return refuse(why, "it is no URL");
	/* A scheme that libcurl does not speak is refused right behind, by name. */
	if (curl_url_set(parts, CURLUPART_URL, reference, CURLU_NON_SUPPORT_SCHEME) !=
		CURLUE_OK)
		return refuse(why, "it is no URL");
	return write_resolved(parts, to, why);
}

int http_url_add(struct buffer *url, const char *name, const char *value)
{
	CLEANUP(cleanup_text) char *escaped_name = curl_easy_escape(NULL, name, 0);
	CLEANUP(cleanup_text) char *escaped = curl_easy_escape(NULL, value, 0);
	const char *text = buffer_text(url);

	if (!escaped_name || !escaped || !text)
		return -ENOMEM;
	wipe_append_text(url, strchr(text, '?') ? "&" : "?");
	wipe_append_text(url, escaped_name);
	wipe_append_text(url, "=");
	wipe_append_text(url, escaped);
	return buffer_failed(url) ? -ENOMEM : 0;
}

/* Whether "name=value" or "name", n bytes of a query, is of this parameter. */
static bool is_of(const char *pair, size_t n, const char *name)
{
	const char *equals = memchr(pair, '=', n);
	int size = 0;
	CLEANUP(cleanup_text)
	char *decoded = curl_easy_unescape(
		NULL, pair, (int)(equals ? equals - pair : (long)n), &size);

	return decoded && strcmp(decoded, name) == 0;
}

int http_url_remove(const char *url, const char *name, struct buffer *to)
{
	const char *question = strchr(url, '?');
	size_t n_base = question ? (size_t)(question - url) : strlen(url);
	char between = '?';

	buffer_clear(to);
	wipe_reserve(to, strlen(url) + 1);
	buffer_append(to, url, n_base);
	for (const char *at = question; at && *at;) {
		size_t n = strcspn(++at, "&");

		if (n > 0 && !is_of(at, n, name)) {
			buffer_append_byte(to, (uint8_t)between);
			buffer_append(to, at, n);
			between = '&';
		}
		at += n;
	}
	return buffer_text(to) ? 0 : -ENOMEM;
}

int http_url_replace(
	const char *url, const char *name, const char *value, struct buffer *to)
{
	int r = http_url_remove(url, name, to);

	return r < 0 ? r : http_url_add(to, name, value);
}

static bool same_part(CURLU *a, CURLU *b, CURLUPart part)
{
	CLEANUP(cleanup_text) char *of_a = NULL;
	CLEANUP(cleanup_text) char *of_b = NULL;

	return curl_url_get(a, part, &of_a, CURLU_DEFAULT_PORT) == CURLUE_OK &&
	       curl_url_get(b, part, &of_b, CURLU_DEFAULT_PORT) == CURLUE_OK &&
	       strcasecmp(of_a, of_b) == 0;
}

bool http_url_same_origin(const char *a, const char *b)
{
	CLEANUP(cleanup_url) CURLU *of_a = curl_url();
	CLEANUP(cleanup_url) CURLU *of_b = curl_url();

	return of_a && of_b && curl_url_set(of_a, CURLUPART_URL, a, 0) == CURLUE_OK &&
	       curl_url_set(of_b, CURLUPART_URL, b, 0) == CURLUE_OK &&
	       same_part(of_a, of_b, CURLUPART_SCHEME) &&
	       same_part(of_a, of_b, CURLUPART_HOST) &&
	       same_part(of_a, of_b, CURLUPART_PORT);
}

bool http_url_is_secure(const char *url)
{
	return strncasecmp(url, "https:", 6) == 0;
}
