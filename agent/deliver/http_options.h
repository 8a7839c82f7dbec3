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

struct http_tls {
	const char *ca_file, *cert_file, *key_file, *pin;
	bool verify;
};

struct http_options {
	const char *url, *events_url;
	struct rk_choice method, compress; /* of http_methods, of http_packings */
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
extern const char *const http_methods[];
extern const struct rk_option http_option_table[HTTP_OPTIONS];

#endif
