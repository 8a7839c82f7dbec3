/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each exchange has an easy handle of its own; connections are the loop's, and may have
 * been opened by somebody who is allowed more: so addresses are looked at where a socket
 * is opened, and again where a request is about to be written to one that is open.
 */
#include "http_network.h"

#include "address.h"
#include "base/macros.h"
#include "curl_loop.h"
#include "http_times.h"
#include "wipe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

struct flight {
	struct transfer transfer;
	struct http_exchange *exchange;
	struct curl_loop *curl;
	struct curl_slist *headers;
	char error[CURL_ERROR_SIZE];
	bool met_special; /* an address that is not allowed */
	bool is_whole;    /* the headers came to their end */
};

/* ---- where it goes -------------------------------------------------------- */

static curl_socket_t on_open(void *context, curlsocktype type, struct curl_sockaddr *to)
{
	struct flight *flight = context;
	int fd;

	if (type != CURLSOCKTYPE_IPCXN)
		return CURL_SOCKET_BAD;
	if (!flight->exchange->call.allows_special && address_is_special(&to->addr)) {
		flight->met_special = true;
		return CURL_SOCKET_BAD; /* another address of the name may do */
	}
	fd = socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
	return fd < 0 ? CURL_SOCKET_BAD : fd;
}

static int on_connected(void *context, char *address, char *own, int port, int own_port)
{
	struct flight *flight = context;
	struct http_exchange *exchange = flight->exchange;

	(void)own;
	(void)port;
	(void)own_port;
	if (!exchange->call.allows_special && address_text_is_special(address)) {
		flight->met_special = true;
		return CURL_PREREQFUNC_ABORT;
	}
	exchange->reply.certificate_ends_ns =
		http_times_certificate(flight->transfer.easy);
	return CURL_PREREQFUNC_OK;
}

/* ---- what comes ------------------------------------------------------------ */

/* A new status line, as behind a 100, begins anew; what comes behind the empty line are
 * trailers, which nobody reads. */
static size_t on_header(const char *line, size_t one, size_t n, void *context)
{
	struct flight *flight = context;
	struct http_reply *reply = &flight->exchange->reply;
	int r = 0;

	(void)one;
	if (n >= 5 && strncasecmp(line, "HTTP/", 5) == 0) {
		http_fields_clear(&reply->fields);
		flight->is_whole = false;
		return n;
	}
	if (n > 0 && (*line == '\r' || *line == '\n'))
		flight->is_whole = true;
	else if (!flight->is_whole)
		r = http_fields_add_line(&reply->fields, line, n);
	if (r == -EMSGSIZE)
		http_reply_fail(reply, r,
			"the headers of the answer are larger than %d KiB or more than "
			"%d",
			HTTP_FIELDS_SIZE >> 10, HTTP_FIELDS_MOST);
	else if (r < 0)
		http_reply_fail(reply, r, "out of memory");
	return r < 0 ? 0 : n;
}

static size_t on_body(const char *bytes, size_t one, size_t n, void *context)
{
	struct flight *flight = context;
	const struct http_call *call = &flight->exchange->call;
	struct http_reply *reply = &flight->exchange->reply;

	(void)one;
	if (reply->body.size + n > call->max_body) {
		http_reply_fail(reply, -EFBIG, "the body is larger than %llu bytes",
			(unsigned long long)call->max_body);
		return 0;
	}
	wipe_reserve(&reply->body, n);
	buffer_append(&reply->body, bytes, n);
	if (!buffer_failed(&reply->body))
		return n;
	http_reply_fail(reply, -ENOMEM, "out of memory");
	return 0;
}

/* ---- how it ends -------------------------------------------------------------- */

static const struct meaning {
	CURLcode code;
	int result;
	bool can_pass;
} meanings[] = {
	{ CURLE_OPERATION_TIMEDOUT, -ETIMEDOUT, true },
	{ CURLE_COULDNT_CONNECT, -ECONNREFUSED, true },
	{ CURLE_COULDNT_RESOLVE_HOST, -EHOSTUNREACH, true },
	{ CURLE_COULDNT_RESOLVE_PROXY, -EHOSTUNREACH, true },
	{ CURLE_OUT_OF_MEMORY, -ENOMEM, false },
	{ CURLE_PEER_FAILED_VERIFICATION, -EKEYREJECTED, false },
	{ CURLE_SSL_CACERT_BADFILE, -EKEYREJECTED, false },
	{ CURLE_SSL_ISSUER_ERROR, -EKEYREJECTED, false },
	{ CURLE_SSL_CONNECT_ERROR, -EPROTO, true },
	{ CURLE_URL_MALFORMAT, -EINVAL, false },
	{ CURLE_UNSUPPORTED_PROTOCOL, -EPROTO, false },
	{ CURLE_WEIRD_SERVER_REPLY, -EPROTO, false },
	{ CURLE_BAD_CONTENT_ENCODING, -EPROTO, false },
};

static struct meaning meaning_of(CURLcode code)
{
	for (size_t i = 0; i < LENGTH(meanings); i++) {
		if (meanings[i].code == code)
			return meanings[i];
	}
	return (struct meaning){ code, -EPROTO, true };
}

static void read_failure(struct flight *flight, CURLcode code)
{
	struct http_reply *reply = &flight->exchange->reply;
	struct meaning meaning = meaning_of(code);

	if (reply->result < 0)
		return; /* our own reason to end it */
	if (flight->met_special) {
		http_reply_fail(reply, -EPERM,
			"its address is private or special, which 'private_addresses: "
			"true' would allow");
		return;
	}
	reply->can_pass = meaning.can_pass;
	http_reply_fail(reply, meaning.result, "%s",
		*flight->error ? flight->error : curl_easy_strerror(code));
}

static void flight_free(struct flight *flight)
{
	flight->exchange->flight = NULL;
	curl_easy_cleanup(flight->transfer.easy);
	wipe_list(flight->headers);
	free(flight);
}

static void on_done(struct transfer *transfer, CURLcode code)
{
	struct flight *flight = container_of(transfer, struct flight, transfer);
	struct http_exchange *exchange = flight->exchange;
	long status = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	http_times_read(transfer->easy, &exchange->reply.times);
	if (flight->is_whole)
		exchange->reply.status = (int)status;
	if (code != CURLE_OK)
		read_failure(flight, code);
	else if (!flight->is_whole || status < 200)
		http_reply_fail(&exchange->reply, -EPROTO, "the answer broke off");
	flight_free(flight);
	exchange->on_done(exchange);
}

/* ---- how it begins --------------------------------------------------------------- */

/* A method that means one has one, be it empty: some servers want to be told so. */
static bool has_body(const struct http_call *call)
{
	static const char *const methods[] = { "POST", "PUT", "PATCH" };

	for (size_t i = 0; i < LENGTH(methods); i++) {
		if (strcmp(call->method, methods[i]) == 0)
			return true;
	}
	return call->body != NULL;
}

/* What libcurl would add of its own where the order does not say it. */
static int add_absences(struct flight *flight)
{
	const struct http_call *call = &flight->exchange->call;
	static const struct http_field absent[] = {
		{ "Expect", "", false },
		{ "Content-Type", "", false },
	};

	for (size_t i = 0; has_body(call) && i < LENGTH(absent); i++) {
		char line[32];
		struct curl_slist *longer;

		if (http_fields_find(&call->fields, absent[i].name, 0))
			continue;
		snprintf(line, sizeof(line), "%s:", absent[i].name);
		longer = curl_slist_append(flight->headers, line);
		if (!longer)
			return -ENOMEM;
		flight->headers = longer;
	}
	return 0;
}

static int add_headers(struct flight *flight)
{
	const struct http_call *call = &flight->exchange->call;
	struct http_field field;

	for (size_t at = 0; http_fields_next(&call->fields, &at, &field);) {
		struct buffer line = { 0 };
		struct curl_slist *longer = NULL;

		/* libcurl takes "Name:" for one that is to be left out. */
		wipe_reserve(&line, strlen(field.name) + strlen(field.value) + 3);
		buffer_append_format(
			&line, *field.value ? "%s: %s" : "%s;", field.name, field.value);
		if (buffer_text(&line))
			longer = curl_slist_append(flight->headers, buffer_text(&line));
		wipe_buffer(&line);
		if (!longer)
			return -ENOMEM;
		flight->headers = longer;
	}
	return add_absences(flight);
}

static void set_bounds(const struct http_call *call, CURL *easy)
{
	curl_easy_setopt(
		easy, CURLOPT_TIMEOUT_MS, (long)MAX(call->timeout_ns / NS_PER_MS, 1));
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
		(long)MAX(call->connect_timeout_ns / NS_PER_MS, 1));
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(easy, CURLOPT_PROXY, call->proxy ? call->proxy : "");
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (call->ca_file)
		curl_easy_setopt(easy, CURLOPT_CAINFO, call->ca_file);
}

static void set_callbacks(struct flight *flight, CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, flight);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, flight);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, flight);
	curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_connected);
	curl_easy_setopt(easy, CURLOPT_PREREQDATA, flight);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, flight->error);
}

static void set_request(struct flight *flight, CURL *easy)
{
	const struct http_call *call = &flight->exchange->call;

	if (has_body(call)) {
		curl_easy_setopt(
			easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body_size);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, call->body ? call->body : "");
	}
	if (strcmp(call->method, "HEAD") == 0)
		curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
	else
		curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, call->method);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, flight->headers);
	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
}

static int flight_open(struct flight *flight)
{
	struct http_call *call = &flight->exchange->call;
	CURL *easy = curl_easy_init();
	const char *url = buffer_text(&call->url);
	int r = add_headers(flight);

	flight->transfer.easy = easy;
	if (!easy || !url || r < 0)
		return -ENOMEM;
	if (curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") != CURLE_OK)
		return -ENOTSUP;
	set_bounds(call, easy);
	set_callbacks(flight, easy);
	set_request(flight, easy);
	return curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK ? 0 : -ENOMEM;
}

static int network_start(
	const struct http_carrier *carrier, struct http_exchange *exchange)
{
	const struct http_network *network =
		container_of_const(carrier, struct http_network, carrier);
	struct flight *flight = calloc(1, sizeof(*flight));
	int r;

	if (!flight)
		return -ENOMEM;
	flight->exchange = exchange;
	flight->curl = network->curl;
	flight->transfer.on_done = on_done;
	exchange->flight = flight;
	r = flight_open(flight);
	if (r == 0)
		r = curl_loop_start(network->curl, &flight->transfer);
	if (r < 0)
		flight_free(flight);
	return r;
}

static void network_cancel(
	const struct http_carrier *carrier, struct http_exchange *exchange)
{
	struct flight *flight = exchange->flight;

	(void)carrier;
	curl_loop_cancel(flight->curl, &flight->transfer);
	flight_free(flight);
}

static const struct http_carrier_ops network_ops = {
	.start = network_start,
	.cancel = network_cancel,
};

void http_network_init(struct http_network *network, struct curl_loop *curl)
{
	*network = (struct http_network){ { &network_ops, false }, curl };
}
