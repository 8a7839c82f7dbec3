/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rookery/ext/http.h - HTTP requests on the event loop: the host waits, repeats, caches
 * and keeps to a vendor's limits, so that a plugin only asks and reads.
 *
 *	const struct rk_http *http = host->extension(host, RK_HTTP);
 *
 * A request is asked for by an order and told of once, by its on_done, on a later turn
 * of the loop; or cancelled, and then never. The host cancels what is left before it
 * calls stop. Instances with RK_BLOCKING have no event loop, and get NULL.
 *
 * What the host does by itself (RFC 9110 and 9111 where a rule is theirs):
 *   - one attempt after the other, while the failure may pass: no connection, a broken
 *     answer, a time-out, or a status of 408, 429, 500, 502, 503 or 504. It waits a
 *random time of up to half a second, doubled each time, or what Retry-After says. Methods
 *     that are not idempotent (POST, PATCH) are sent once, but for RK_HTTP_REPEATABLE.
 *   - answers to GET with an ETag or Last-Modified are kept, up to 64 of them and 8 MiB
 *     for an instance; the next time it asks whether they changed, and a 304 gives what
 *     was kept.
 *   - gzip and deflate are unpacked; bounds count what comes out.
 *   - only http and https; TLS is verified; addresses that are not of the public internet
 *     (RFC 6890: private, loopback, link-local and other special ones) are refused,
 *unless the collector is configured with `private_addresses: true`. What counts is the
 *     address that is connected to, whatever its name is. Through a proxy it is that of
 *     the proxy, which resolves names itself.
 *
 * Secrets belong into the auth of an order, never into its URL or headers: the host sends
 * them nowhere but to the URL's own origin, and keeps them out of logs, reasons and
 * recordings.
 *
 * Strings are copied unless it says otherwise. All functions are [home].
 */
#ifndef RK_EXT_HTTP_H
#define RK_EXT_HTTP_H

#include <rookery/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RK_HTTP "rk.http/1"

struct rk_http_request; /* the host's, from start until its on_done returns */
struct rk_http_pages;   /* likewise, from pages_begin to pages_end or the stop */

/* ---- who asks ------------------------------------------------------------ */

enum rk_http_scheme {
	RK_HTTP_NO_AUTH,
	RK_HTTP_BEARER, /* secret: the token (RFC 6750) */
	RK_HTTP_BASIC,  /* name: the user; secret: the password (RFC 7617) */
	RK_HTTP_HEADER, /* name: of the header; secret: its value */
	RK_HTTP_QUERY,  /* name: of the parameter; secret: its value */
	/* name: the access key; secret: the secret key; token: of the session, or none;
	 * region; service. AWS Signature Version 4. */
	RK_HTTP_AWS_SIGV4,
	/* name: the client; secret: the client's; url: of the token endpoint; scope, or
	 * none; token: the first refresh token, or none, and then these are client
	 * credentials (RFC 6749, sections 4.4 and 6). Refresh tokens that the server
	 * replaces are kept by the host, also over restarts. */
	RK_HTTP_OAUTH2,
};

/* Strings are NULL where the scheme needs none. */
struct rk_http_auth {
	uint32_t size;   /* of this struct, as the plugin has it */
	uint32_t scheme; /* enum rk_http_scheme */
	const char *name;
	struct rk_secret secret, token;
	const char *region, *service;
	const char *url, *scope;
	uint32_t flags; /* RK_HTTP_CLIENT_IN_BODY */
};

/* The client's name and secret go into the body of the request for a token, and not, as
 * servers should prefer, into its header Authorization. */
#define RK_HTTP_CLIENT_IN_BODY (1u << 0)

/* ---- what is asked ------------------------------------------------------- */

#define RK_HTTP_REPEATABLE (1u << 0) /* may be sent again whatever its method is */
#define RK_HTTP_UNCACHED   (1u << 1) /* neither keep the answer nor use a kept one */

#define RK_HTTP_MAX_URL     16384
#define RK_HTTP_MAX_HEADERS 256   /* of an order or an answer, ... */
#define RK_HTTP_HEADER_SIZE 65536 /* ... names and values together */
#define RK_HTTP_MAX_BODY    (64u << 20)

struct rk_http_answer;

/* Zero, where nothing is said, is what most want. */
struct rk_http_order {
	uint32_t size;      /* of this struct, as the plugin has it */
	uint32_t flags;     /* RK_HTTP_REPEATABLE, ... */
	const char *method; /* NULL: GET */
	const char *url;    /* without user and password; a fragment is cut off */
	const struct rk_label *query; /* added to the URL, escaped */
	size_t n_query;
	/* Not those that the host writes: Host, Content-Length and the like. */
	const struct rk_label *headers;
	size_t n_headers;
	const void *body;
	size_t body_size;
	const struct rk_http_auth *auth; /* NULL: none */

	int64_t timeout_ns;         /* of an attempt; 0: 30 s */
	int64_t connect_timeout_ns; /* ... until it is connected; 0: 10 s */
	/* Of the whole: attempts, waits and queues. 0: five minutes. */
	int64_t patience_ns;
	uint32_t attempts; /* at most, up to ten; 0: three */
	/* To be followed at most, up to ten, never from https to http; to another origin
	 * neither auth nor headers nor body go along. 0: none, a 3xx is the answer. */
	uint32_t redirects;
	uint64_t max_body; /* of the answer; beyond, it is -EFBIG; 0: 8 MiB */
	/* The whole ends with this run's timeout. NULL: no run bounds it. */
	const struct rk_run *run;

	/* Whose rate it counts for: a name of 1 to 128 bytes that says which account of
	 * which vendor, with nothing secret in it. All collectors of this agent that name
	 * the same account share its budget: per_second requests on average, burst at
	 * once. NULL: no budget. */
	const char *account;
	double per_second;
	uint32_t burst; /* 0: one */

	const char *ca_file; /* authorities to trust instead of the system's; or NULL */
	const char *proxy;   /* "http://proxy.example:3128"; NULL: none */

	/* The answer is borrowed for the call. */
	void (*on_done)(void *context, const struct rk_http_answer *answer);
	void *context;
};

/* ---- what came ----------------------------------------------------------- */

struct rk_http_answer {
	uint32_t size; /* of this struct, as the host has it */
	/* 0: a status of 2xx. Else why says, in a sentence for people, what is wrong:
	 * -EREMOTEIO: another status; -EACCES: 401 or 403; -ETIMEDOUT; -ECONNREFUSED,
	 * -EHOSTUNREACH: not connected, no such name; -EPERM: the address or redirect is
	 * not allowed; -ELOOP: too many redirects; -EFBIG: the body is larger than
	 * max_body; -EMSGSIZE: the headers are too large; -EPROTO: the answer is no HTTP,
	 * or broke off; -EKEYREJECTED: the certificate is not trusted; -ENOMEM. */
	int32_t result;
	int32_t status;    /* 0: there was no answer */
	uint32_t attempts; /* how often it was sent */
	const char *why;   /* NULL with 0 */
	const void *body;  /* with a NUL behind it that does not count */
	size_t body_size;
	const char *url; /* that answered, without secrets */
	/* How long the last attempt took: to resolve the name, to connect, to agree on
	 * TLS, until the first byte of the answer came, and in all; 0 for what did not
	 * happen, such as on a connection that was open. */
	int64_t dns_ns, connect_ns, tls_ns, first_byte_ns, total_ns;
	int64_t certificate_ends_ns; /* the server's, Unix time; 0: not known */
	int64_t retry_after_ns; /* the server asks for so long a pause; 0: it does not */
	/* 1: it had not changed (304): status, headers and body are the kept ones. */
	uint32_t from_cache;
};

/* What a server says of its limits, in X-RateLimit-Limit, -Remaining and -Reset, or in
 * RateLimit of draft-ietf-httpapi-ratelimit-headers; -1: it does not say. */
struct rk_http_limit {
	uint32_t size; /* of this struct, as the plugin has it; set it before */
	int64_t limit, remaining;
	int64_t reset_ns; /* Unix time: full again */
};

/* ---- one page after the other --------------------------------------------- */

enum rk_http_paging {
	RK_HTTP_LINKS,   /* the header Link with rel="next" (RFC 8288) */
	RK_HTTP_CURSORS, /* the answer's body names the next one */
	RK_HTTP_NUMBERS, /* page 1, 2, 3, ... */
	RK_HTTP_OFFSETS, /* from item 0, 100, 200, ... */
};

struct rk_http_pages_order {
	uint32_t size; /* of this struct, as the plugin has it */
	uint32_t paging;
	const char *url; /* of the first page */
	/* Which parameter of the query says which page; NULL with RK_HTTP_LINKS, and
	 * with RK_HTTP_CURSORS where a cursor is an address itself. */
	const char *parameter;
	int64_t first;      /* number or offset of the first page */
	uint32_t max_pages; /* 0: 1,000 */
};

/* Grows at its end: a member that came later is there where size says so. */
struct rk_http {
	uint32_t size; /* of this struct, as the host has it */

	/* Begins. 0: on_done will be called, unless it is cancelled. -EINVAL: this order
	 * is wrong, which the log says once; -EPERM: the plugin's needs lack
	 * RK_NEED_NET, and the run fails; -EAGAIN: 256 requests wait or are on their
	 * way; -ENOMEM. At most 8 are on their way at once, the others wait in their
	 * order. ret_request may be NULL. */
	int (*start)(const struct rk_host *host, const struct rk_http_order *order,
		struct rk_http_request **ret_request);

	/* Ends it without a word. Not from its on_done on. */
	void (*cancel)(struct rk_http_request *request);

	/* The value of a header of the answer, without regard to case; which: 0 for the
	 * first one of this name. NULL: there is none. Lives as long as the answer. */
	const char *(*header)(
		const struct rk_http_answer *answer, const char *name, size_t which);

	/* 0, or -ENOENT: it says nothing. */
	int (*limit)(
		const struct rk_http_answer *answer, struct rk_http_limit *ret_limit);

	/* Nobody spends of this account's budget before that time (Unix), a day ahead at
	 * most. 0, or -EINVAL: that is no account. */
	int (*penalize)(
		const struct rk_host *host, const char *account, int64_t until_ns);

	/* 0; -EINVAL; -EAGAIN: 16 are open; -ENOMEM. */
	int (*pages_begin)(const struct rk_host *host,
		const struct rk_http_pages_order *order,
		struct rk_http_pages **ret_pages);

	/* The URL of the page that is next. Borrowed until pages_next or pages_end. */
	const char *(*pages_url)(const struct rk_http_pages *pages);

	/* Moves on. cursor: of the next page, with RK_HTTP_CURSORS; NULL or empty: there
	 * is none. n_items: how many this page had; with numbers and offsets none is the
	 * end. 1: there is a next page; 0: that was the last one; -ELOOP: this page or
	 * cursor was there before, so that it would never end; -EPERM: it leads to
	 * another origin; -E2BIG: there are more than max_pages; -EINVAL: that is no
	 * address; -ENOMEM. */
	int (*pages_next)(struct rk_http_pages *pages,
		const struct rk_http_answer *answer, const char *cursor, size_t n_items);

	void (*pages_end)(struct rk_http_pages *pages);
};

#ifdef __cplusplus
}
#endif
#endif
