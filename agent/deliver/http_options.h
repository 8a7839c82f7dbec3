/* SPDX-License-Identifier: Apache-2.0 */
/* What of an HTTP sink is configured, and how libcurl is told so. */
#ifndef DELIVER_HTTP_OPTIONS_H
#define DELIVER_HTTP_OPTIONS_H

#include "base/buffer.h"
#include "encode/encoder.h"

#include <curl/curl.h>
#include <rookery/plugin.h>

enum http_compression { HTTP_COMPRESS_NONE, HTTP_COMPRESS_GZIP };

struct http_basic {
	const char *user;
	struct rk_secret password;
};

struct http_timeout {
	struct rk_duration connect, idle, total;
};

struct http_tls {
	const char *ca_file, *cert_file, *key_file, *pin;
	bool verify;
};

struct http_options {
	const char *url, *events_url;
	struct rk_choice method, compress; /* enum http_compression */
	struct rk_map headers;
	struct rk_table secret_headers; /* of struct http_secret_header */
	struct http_basic basic;
	struct rk_secret bearer;
	const char *id_header, *proxy;
	int64_t redirects;
	struct http_timeout timeout;
	struct http_tls tls;
};

struct http_secret_header {
	const char *name;
	struct rk_secret value;
};

enum { HTTP_OPTIONS = 13 };
extern const struct rk_option http_option_table[HTTP_OPTIONS];

/* Tells the handle all that is the same for each request. 0, or -ENOTSUP with a reason
 * appended to why. */
int http_options_apply(
	const struct http_options *options, CURL *easy, struct buffer *why);

/* Whether bodies of this format are compressed, which some are already. */
bool http_options_compress(
	const struct http_options *options, const struct encoder_type *format);

/* The request's headers, for curl_slist_free_all: what is configured, what the format
 * wants, the encoding and the batch's id. NULL: out of memory. */
struct curl_slist *http_options_headers(const struct http_options *options,
	const struct encoder_type *format, const char *id);

#endif
