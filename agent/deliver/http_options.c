/* SPDX-License-Identifier: Apache-2.0 */
#include "http_options.h"

#include "http_body.h"

const char *const http_methods[] = { "POST", "PUT", NULL };
static const char *const client_auths[] = { "basic", "body", NULL };

/* clang-format off */
static const struct rk_option basic_table[] = {
	{ .name = "user", RK_FIELD(struct http_basic, user), .flags = RK_REQUIRED,
		.help = "The name." },
	{ .name = "password", RK_FIELD(struct http_basic, password),
		.help = "The password." },
};

static const struct rk_option oauth2_table[] = {
	{ .name = "token_url", RK_FIELD(struct http_oauth2, token_url),
		.flags = RK_REQUIRED, .help = "Where tokens are given out." },
	{ .name = "client_id", RK_FIELD(struct http_oauth2, client_id),
		.flags = RK_REQUIRED, .help = "Who we are there." },
	{ .name = "client_secret", RK_FIELD(struct http_oauth2, client_secret),
		.flags = RK_REQUIRED, .help = "What proves it." },
	{ .name = "scope", RK_FIELD(struct http_oauth2, scope),
		.help = "What is asked for, with blanks between." },
	{ .name = "audience", RK_FIELD(struct http_oauth2, audience),
		.help = "Whom the token is for, where the server wants to know." },
	{ .name = "client_auth", RK_FIELD(struct http_oauth2, client_auth),
		.preset = "basic", .choices = client_auths,
		.help = "How id and secret are shown: as user and password, which each server "
			"must take, or in the body." },
};

static const struct rk_option aws_sigv4_table[] = {
	{ .name = "region", RK_FIELD(struct http_aws_sigv4, region), .flags = RK_REQUIRED,
		.help = "The region, such as eu-central-1." },
	{ .name = "service", RK_FIELD(struct http_aws_sigv4, service),
		.flags = RK_REQUIRED, .help = "The service's short name: aps, es, aoss." },
	{ .name = "access_key", RK_FIELD(struct http_aws_sigv4, access_key),
		.flags = RK_REQUIRED, .help = "The id of the key." },
	{ .name = "secret_key", RK_FIELD(struct http_aws_sigv4, secret_key),
		.flags = RK_REQUIRED, .help = "The key." },
	{ .name = "session_token", RK_FIELD(struct http_aws_sigv4, session_token),
		.help = "The token that belongs to a temporary key." },
};

static const struct rk_option timeout_table[] = {
	{ .name = "connect", RK_FIELD(struct http_timeout, connect), .preset = "10s",
		.range = "100ms..5m", .help = "How long connecting may take, with TLS." },
	{ .name = "idle", RK_FIELD(struct http_timeout, idle), .preset = "30s",
		.range = "1s..1h", .help = "How long nothing may move." },
	{ .name = "total", RK_FIELD(struct http_timeout, total), .preset = "5m",
		.range = "1s..1h", .help = "How long a request may take in all." },
};

static const struct rk_option tls_table[] = {
	{ .name = "ca_file", RK_FIELD(struct http_tls, ca_file), .flags = RK_PATH_READ,
		.help = "Certificates (PEM) that the receiver's is checked against; the "
			"system's where it is not set." },
	{ .name = "cert_file", RK_FIELD(struct http_tls, cert_file), .flags = RK_PATH_READ,
		.help = "The certificate (PEM) that we show; read again when it changes." },
	{ .name = "key_file", RK_FIELD(struct http_tls, key_file), .flags = RK_PATH_READ,
		.help = "Its key (PEM)." },
	{ .name = "pin", RK_FIELD(struct http_tls, pin),
		.help = "The receiver's public key: sha256// and base64, more with ';' between "
			"(CURLOPT_PINNEDPUBLICKEY)." },
	{ .name = "server_name", RK_FIELD(struct http_tls, server_name),
		.help = "The receiver's name where 'url' has an address or another name: it is "
			"asked for, also as Host, and its certificate must bear it." },
	{ .name = "verify", RK_FIELD(struct http_tls, verify), .preset = "true",
		.help = "Whether the receiver's certificate and name are checked; false lets "
			"anybody read what is sent." },
};

static const struct rk_option secret_header_table[] = {
	{ .name = "name", RK_FIELD(struct http_secret_header, name), .flags = RK_REQUIRED,
		.help = "The header, such as X-Api-Key." },
	{ .name = "value", RK_FIELD(struct http_secret_header, value),
		.flags = RK_REQUIRED, .help = "Its value." },
};

const struct rk_option http_option_table[HTTP_OPTIONS] = {
	{ .name = "url", RK_FIELD(struct http_options, url), .flags = RK_REQUIRED,
		.help = "Where batches go, http:// or https://." },
	{ .name = "events_url", RK_FIELD(struct http_options, events_url),
		.help = "Where batches of events go, of formats that separate them (OTLP); "
			"'url' where it is not set." },
	{ .name = "method", RK_FIELD(struct http_options, method), .preset = "POST",
		.choices = http_methods, .help = "The request's method." },
	{ .name = "compress", RK_FIELD(struct http_options, compress), .preset = "none",
		.choices = http_packing_names, .help = "How bodies are compressed; zstd takes "
			"less time and leaves less than gzip." },
	{ .name = "query", RK_FIELD(struct http_options, query),
		.help = "Parameters to add to the addresses, in plain text." },
	{ .name = "headers", RK_FIELD(struct http_options, headers),
		.help = "Headers to add; they win over ours." },
	{ .name = "secret_headers", RK_FIELD(struct http_options, secret_headers),
		.columns = RK_COLUMNS(http_secret_header, secret_header_table),
		.help = "Headers to add whose values are secrets." },
	{ .name = "basic", RK_GROUP(struct http_options, basic),
		.columns = RK_COLUMNS(http_basic, basic_table),
		.help = "User and password (RFC 7617)." },
	{ .name = "bearer", RK_FIELD(struct http_options, bearer),
		.help = "A bearer token (RFC 6750)." },
	{ .name = "oauth2", RK_GROUP(struct http_options, oauth2),
		.columns = RK_COLUMNS(http_oauth2, oauth2_table),
		.help = "Bearer tokens that are fetched with client credentials (RFC 6749, "
			"section 4.4)." },
	{ .name = "aws_sigv4", RK_GROUP(struct http_options, aws_sigv4),
		.columns = RK_COLUMNS(http_aws_sigv4, aws_sigv4_table),
		.help = "Signs requests for AWS (Signature Version 4)." },
	{ .name = "id_header", RK_FIELD(struct http_options, id_header),
		.preset = "Idempotency-Key",
		.help = "The header that carries the batch's id." },
	{ .name = "proxy", RK_FIELD(struct http_options, proxy),
		.help = "A proxy's URL; none, and none of the environment's, where it is not "
			"set." },
	{ .name = "redirects", RK_FIELD(struct http_options, redirects), .preset = "0",
		.range = "0..10", .help = "How many redirects are followed." },
	{ .name = "timeout", RK_GROUP(struct http_options, timeout),
		.columns = RK_COLUMNS(http_timeout, timeout_table),
		.help = "Bounds on time." },
	{ .name = "tls", RK_GROUP(struct http_options, tls),
		.columns = RK_COLUMNS(http_tls, tls_table),
		.help = "TLS, 1.2 at least." },
};
/* clang-format on */
