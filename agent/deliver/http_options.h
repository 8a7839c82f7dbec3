/* SPDX-License-Identifier: Apache-2.0 */
/* What of an HTTP sink is configured. */
#ifndef DELIVER_HTTP_OPTIONS_H
#define DELIVER_HTTP_OPTIONS_H

#include <rookery/plugin.h>

struct http_basic {
	const char *user;
	struct rk_secret password;
};

struct http_timeout {
	struct rk_duration connect, idle, total;
};

/* Client credentials (RFC 6749, section 4.4). */
struct http_oauth2 {
	const char *token_url, *client_id, *scope, *audience;
	struct rk_secret client_secret;
	struct rk_choice client_auth; /* enum http_client_auth */
};

enum http_client_auth { HTTP_CLIENT_AUTH_BASIC, HTTP_CLIENT_AUTH_BODY };

struct http_aws_sigv4 {
	const char *region, *service, *access_key;
	struct rk_secret secret_key, session_token;
};

struct http_tls {
	const char *ca_file, *cert_file, *key_file, *pin, *server_name;
	bool verify;
};

struct http_options {
	const char *url, *events_url;
	struct rk_choice method, compress; /* of http_methods, of http_packings */
	struct rk_map query, headers;
	struct rk_table secret_headers; /* of struct http_secret_header */
	struct http_basic basic;
	struct rk_secret bearer;
	struct http_oauth2 oauth2;
	struct http_aws_sigv4 aws_sigv4;
	const char *id_header, *proxy;
	int64_t redirects;
	struct http_timeout timeout;
	struct http_tls tls;
};

struct http_secret_header {
	const char *name;
	struct rk_secret value;
};

enum { HTTP_OPTIONS = 16 };
extern const char *const http_methods[];
extern const struct rk_option http_option_table[HTTP_OPTIONS];

/* Tells of options that only make sense together, and of addresses that are none. */
struct report;
struct values;
void http_options_check(const struct values *values, struct report *report);

#endif
