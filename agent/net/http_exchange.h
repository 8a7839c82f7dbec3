/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One HTTP request as it goes out, and what came back; and who answers it: the network
 * (http_network.h), the network with somebody who writes it down (http_recorder.h), or
 * a recording (http_player.h). Redirects, retries and caches are the asker's.
 */
#ifndef NET_HTTP_EXCHANGE_H
#define NET_HTTP_EXCHANGE_H

#include "http_fields.h"

#include <stdint.h>

#define HTTP_WHY_SIZE 256

/* What is asked. Texts are borrowed until the exchange has ended. */
struct http_call {
	const char *method;
	struct buffer url;            /* with secrets */
	struct buffer shown;          /* the same with "-" in place of each secret */
	const char *secret_parameter; /* of the URL, by its escaped name; or NULL */
	struct http_fields fields;
	const void *body; /* NULL: none */
	size_t body_size;
	bool is_grant; /* asks for a token: both bodies hold secrets */
	int64_t timeout_ns, connect_timeout_ns;
	uint64_t max_body;           /* of the answer */
	const char *ca_file, *proxy; /* or NULL */
	bool allows_special;         /* addresses (address.h) */
};

struct http_times {
	int64_t dns_ns, connect_ns, tls_ns, first_byte_ns, total_ns;
};

/* What came. */
struct http_reply {
	int result;              /* 0: a whole answer; or a negative errno */
	char why[HTTP_WHY_SIZE]; /* ... and its reason */
	bool can_pass;           /* ... which another attempt may not meet */
	int status;              /* 0: none came */
	struct http_fields fields;
	struct buffer body;
	struct http_times times;
	int64_t certificate_ends_ns; /* Unix time; 0: not known */
};

struct http_carrier;

/* Both are the asker's; a zeroed struct is an empty one. */
struct http_exchange {
	struct http_call call;
	struct http_reply reply;
	/* Told once, on a later turn of the loop, unless it was cancelled. */
	void (*on_done)(struct http_exchange *exchange);
	/* What the carrier has of it while it is under way, and one in between. */
	void *flight;
	const struct http_carrier *between;
	void (*behind)(struct http_exchange *exchange);
};

struct http_carrier_ops {
	/* 0, or a negative errno, and then on_done is not called. */
	int (*start)(const struct http_carrier *carrier, struct http_exchange *exchange);
	/* Ends one that is under way without a word. */
	void (*cancel)(
		const struct http_carrier *carrier, struct http_exchange *exchange);
};

struct http_carrier {
	const struct http_carrier_ops *ops;
	bool is_recorded; /* answers were given long ago: nobody need wait for anything */
};

/* Overwrites and frees what was asked and what came; not while it is under way. */
void http_call_finish(struct http_call *call);
void http_reply_finish(struct http_reply *reply);

/* Notes a failure in a reply. */
void http_reply_fail(struct http_reply *reply, int result, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
