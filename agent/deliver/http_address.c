/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parameters are written in the order of their encoded names: it means nothing to a
 * receiver, and AWS' signature is over that order, which libcurl 7.88 does not bring
 * about itself (curl's KNOWN_BUGS; issue 9717). All but RFC 3986's unreserved characters
 * are encoded, as %20 and not as +.
 *
 * A server's name is libcurl's CURLOPT_CONNECT_TO and not CURLOPT_RESOLVE, since what is
 * connected to may be a name as well as an address. The name stands in the URL then, so
 * that SNI, Host and what is checked in the certificate are one.
 */
#include "http_address.h"

#include "base/cleanup.h"

#include <errno.h>
#include <stdlib.h>

/* ---- parameters ---------------------------------------------------------- */

struct parameter {
	char *name, *value; /* encoded; curl_free */
};

static int by_name(const void *a, const void *b)
{
	const struct parameter *first = a, *second = b;

	return strcmp(first->name, second->name);
}

static int encode(const struct rk_map *query, struct parameter *parameters)
{
	for (size_t i = 0; i < query->n; i++) {
		const struct rk_label *item = &query->items[i];

		parameters[i].name = curl_easy_escape(NULL, item->name, 0);
		parameters[i].value = curl_easy_escape(NULL, item->value, 0);
		if (!parameters[i].name || !parameters[i].value)
			return -ENOMEM;
	}
	qsort(parameters, query->n, sizeof(*parameters), by_name);
	return 0;
}

static void append(
	const struct parameter *parameters, size_t n, char between, struct buffer *to)
{
	for (size_t i = 0; i < n; i++) {
		buffer_append_format(
			to, "%c%s=%s", between, parameters[i].name, parameters[i].value);
		between = '&';
	}
}

/* Not by CURLU_APPENDQUERY, which writes %3D as %3d: signed would be another text than
 * the receiver's. */
static int append_query(const struct rk_map *query, char between, struct buffer *to)
{
	struct parameter *parameters;
	int r;

	if (query->n == 0)
		return 0;
	parameters = calloc(query->n, sizeof(*parameters));
	if (!parameters)
		return -ENOMEM;
	r = encode(query, parameters);
	if (r == 0)
		append(parameters, query->n, between, to);
	for (size_t i = 0; i < query->n; i++) {
		curl_free(parameters[i].name);
		curl_free(parameters[i].value);
	}
	free(parameters);
	return r;
}

/* ---- the server's name ----------------------------------------------------- */

/* "NAME:PORT:HOST:PORT" (CURLOPT_CONNECT_TO(3)). */
static struct curl_slist *connect_to(const char *name, const char *host, const char *port)
{
	CLEANUP(buffer_finish) struct buffer line = { 0 };

	buffer_append_format(&line, "%s:%s:%s:%s", name, port, host, port);
	return buffer_text(&line) ? curl_slist_append(NULL, buffer_text(&line)) : NULL;
}

static int set_name(struct http_address *address, CURLU *parts, const char *name)
{
	char *host = NULL, *port = NULL;

	if (curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
		curl_url_get(parts, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) ==
			CURLUE_OK &&
		curl_url_set(parts, CURLUPART_HOST, name, 0) == CURLUE_OK)
		address->connect_to = connect_to(name, host, port);
	curl_free(host);
	curl_free(port);
	return address->connect_to ? 0 : -ENOMEM;
}

/* ---- both -------------------------------------------------------------------- */

/* The URL as text, behind which parameters may stand, and with what they begin. */
static int write_url(CURLU *parts, struct buffer *to, char *ret_between)
{
	char *url = NULL, *query = NULL;
	int r = -ENOMEM;

	curl_url_set(parts, CURLUPART_FRAGMENT, NULL, 0);
	*ret_between =
		curl_url_get(parts, CURLUPART_QUERY, &query, 0) == CURLUE_OK ? '&' : '?';
	if (curl_url_get(parts, CURLUPART_URL, &url, 0) == CURLUE_OK) {
		buffer_append_text(to, url);
		r = 0;
	}
	curl_free(query);
	curl_free(url);
	return r;
}

static int build(struct http_address *address, CURLU *parts, const char *url,
	const struct http_options *options, struct buffer *why)
{
	CLEANUP(buffer_finish) struct buffer text = { 0 };
	CURLUcode wrong = curl_url_set(parts, CURLUPART_URL, url, 0);
	char between;
	int r = 0;

	if (wrong != CURLUE_OK) {
		buffer_append_format(
			why, "cannot read a URL: %s", curl_url_strerror(wrong));
		return -EINVAL;
	}
	if (options->tls.server_name)
		r = set_name(address, parts, options->tls.server_name);
	if (r == 0)
		r = write_url(parts, &text, &between);
	if (r == 0)
		r = append_query(&options->query, between, &text);
	if (r == 0)
		address->url = buffer_take_text(&text);
	return r == 0 && !address->url ? -ENOMEM : r;
}

int http_address_init(struct http_address *address, const char *url,
	const struct http_options *options, struct buffer *why)
{
	CURLU *parts = curl_url();
	int r;

	*address = (struct http_address){ 0 };
	if (!parts)
		return -ENOMEM;
	r = build(address, parts, url, options, why);
	curl_url_cleanup(parts);
	if (r < 0)
		http_address_finish(address);
	return r;
}

void http_address_finish(struct http_address *address)
{
	free(address->url);
	curl_slist_free_all(address->connect_to);
	*address = (struct http_address){ 0 };
}
