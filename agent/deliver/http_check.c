/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong with the options of an HTTP sink although each of them is fine. */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "base/text.h"
#include "config/report.h"
#include "http_options.h"
#include "model/options.h"

#include <curl/curl.h>

struct check {
	const struct values *values;
	struct report *report;
	struct http_options options;
};

__attribute__((format(printf, 3, 4))) static void fault(
	const struct check *check, const char *path, const char *format, ...)
{
	CLEANUP(buffer_finish) struct buffer text = { 0 };
	va_list list;

	va_start(list, format);
	buffer_append_format_list(&text, format, list);
	va_end(list);
	if (buffer_text(&text))
		report_error(check->report, values_find_place(check->values, path), 1,
			"%s", buffer_text(&text));
}

/* ---- who we are -------------------------------------------------------------- */

/* A receiver is told once who we are: two of these overwrite each other's header. */
static void check_credentials(const struct check *check)
{
	const struct http_options *options = &check->options;
	const struct {
		const char *name;
		bool is_set;
	} ways[] = {
		{ "basic", options->basic.user },
		{ "bearer", options->bearer.text },
		{ "oauth2", options->oauth2.token_url },
		{ "aws_sigv4", options->aws_sigv4.region },
	};
	const char *first = NULL;

	for (size_t i = 0; i < LENGTH(ways); i++) {
		if (ways[i].is_set && first)
			fault(check, ways[i].name,
				"'%s' and '%s' exclude each other: a request bears "
				"one of them",
				first, ways[i].name);
		else if (ways[i].is_set)
			first = ways[i].name;
	}
}

/* libcurl sends headers of ours to wherever it is redirected, but for Authorization and
 * Cookie (CURLOPT_HTTPHEADER). */
static void check_redirects(const struct check *check)
{
	const struct http_options *options = &check->options;

	if (options->redirects > 0 && options->secret_headers.n > 0)
		fault(check, "redirects",
			"'redirects' and 'secret_headers' exclude each other: another "
			"host would be told them");
}

/* ---- addresses --------------------------------------------------------------- */

static char *part_of(CURLU *parts, CURLUPart part)
{
	char *text = NULL;

	return curl_url_get(parts, part, &text, 0) == CURLUE_OK ? text : NULL;
}

static bool has_part(CURLU *parts, CURLUPart part)
{
	char *text = part_of(parts, part);

	curl_free(text);
	return text;
}

/* Whether a query has this parameter; its names may be encoded. */
static bool has_parameter(const char *query, const char *name)
{
	while (*query) {
		size_t size = strcspn(query, "&"), n = strcspn(query, "=&");
		char *own = curl_easy_unescape(NULL, query, (int)n, NULL);
		bool is_same = own && text_equal(own, name);

		curl_free(own);
		if (is_same)
			return true;
		query += size + (query[size] == '&');
	}
	return false;
}

static void check_query(const struct check *check, const char *path, CURLU *parts)
{
	const struct rk_map *query = &check->options.query;
	char *own = part_of(parts, CURLUPART_QUERY);

	for (size_t i = 0; own && i < query->n; i++) {
		if (has_parameter(own, query->items[i].name))
			fault(check, "query",
				"the parameter '%s' stands in '%s' already; set it "
				"in one place",
				query->items[i].name, path);
	}
	curl_free(own);
}

/* What libcurl signs is the address as it stands: it neither sorts nor encodes. */
static void check_signed(const struct check *check, const char *path, CURLU *parts)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-._~/";
	char *own = part_of(parts, CURLUPART_PATH);

	if (own && (own[strspn(own, plain)] || strstr(own, "//")))
		fault(check, path,
			"'aws_sigv4' can sign no path but one of letters, digits and any "
			"of -._~ between single slashes");
	if (has_part(parts, CURLUPART_QUERY))
		fault(check, path,
			"'aws_sigv4' signs parameters in 'query': move them there");
	curl_free(own);
}

static void check_parts(const struct check *check, const char *path, CURLU *parts)
{
	const struct http_options *options = &check->options;
	char *scheme = part_of(parts, CURLUPART_SCHEME);
	bool is_secure = scheme && text_equal(scheme, "https");

	if (!is_secure && !(scheme && text_equal(scheme, "http")))
		fault(check, path, "'%s' must begin with http:// or https://", path);
	if (has_part(parts, CURLUPART_USER) || has_part(parts, CURLUPART_PASSWORD))
		fault(check, path, "'%s' must not name a user: set 'basic'", path);
	if (!is_secure && options->tls.server_name)
		fault(check, "tls.server_name",
			"'server_name' needs an 'https://' in '%s'", path);
	curl_free(scheme);
}

/* Receivers' addresses get parameters and are signed; the token's is neither. */
static void check_address(
	const struct check *check, const char *path, const char *url, bool is_receiver)
{
	CURLU *parts = curl_url();
	CURLUcode wrong;

	if (!parts)
		return;
	wrong = curl_url_set(parts, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME);
	if (wrong != CURLUE_OK) {
		fault(check, path, "'%s' is no address: %s", path,
			curl_url_strerror(wrong));
	} else {
		check_parts(check, path, parts);
		if (is_receiver)
			check_query(check, path, parts);
		if (is_receiver && check->options.aws_sigv4.region)
			check_signed(check, path, parts);
	}
	curl_url_cleanup(parts);
}

static void check_server_name(const struct check *check, const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";

	if (!*name || name[strspn(name, letters)])
		fault(check, "tls.server_name", "'%s' is no name of a host", name);
}

void http_options_check(const struct values *values, struct report *report)
{
	CLEANUP(arena_finish) struct arena arena = { 0 };
	struct check check = { .values = values, .report = report };
	const struct http_options *options = &check.options;

	if (options_fill(&arena, values, http_option_table, sizeof(http_option_table[0]),
		    &check.options) < 0)
		return;
	check_credentials(&check);
	check_redirects(&check);
	if (options->tls.server_name)
		check_server_name(&check, options->tls.server_name);
	if (options->url)
		check_address(&check, "url", options->url, true);
	if (options->events_url)
		check_address(&check, "events_url", options->events_url, true);
	if (options->oauth2.token_url)
		check_address(
			&check, "oauth2.token_url", options->oauth2.token_url, false);
	arena_wipe(&arena);
}
