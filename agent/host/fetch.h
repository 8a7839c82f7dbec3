/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files behind rk.http/1 (ext_http.c) share: an instance's requests.
 *
 * fetch.c draws a request's states, fetch_order.c reads what a plugin asks,
 * fetch_auth.c and fetch_token.c say who asks, fetch_redirect.c where to,
 * fetch_retry.c when again, fetch_cache.c keeps answers, fetch_tell.c tells them,
 * fetch_pages.c walks over pages.
 */
#ifndef HOST_FETCH_H
#define HOST_FETCH_H

#include "base/arena.h"
#include "base/list.h"
#include "base/random.h"
#include "base/timers.h"
#include "leases.h"
#include "net/http_exchange.h"
#include "net/http_grant.h"
#include "secret_store.h"

#include <rookery/ext/http.h>

struct instance;

#define FETCH_MOST           256 /* that wait or are on their way */
#define FETCH_MOST_UNDER_WAY 8
#define FETCH_MOST_PAGES     16
#define FETCH_MOST_TOKENS    8
#define FETCH_CACHE_ENTRIES  64
#define FETCH_CACHE_SIZE     (8u << 20)
#define FETCH_WHY_SIZE       512

enum fetch_state {
	FETCH_QUEUED,
	FETCH_GRANTED, /* waits for a token (OAuth 2.0) */
	FETCH_LEASING, /* waits for its account's budget */
	FETCH_UNDER_WAY,
	FETCH_WAITING, /* until it is sent again */
	FETCH_TELLING,
};

/* Answers of an instance that may be asked for again; the least used goes first. */
struct fetch_cache {
	struct list entries; /* of struct fetch_kept */
	size_t n, size;
};

struct fetch_kept {
	struct list link;
	uint64_t key;
	char *url; /* owned; of what is shown */
	struct http_fields fields;
	struct buffer body;
};

/* All of an instance. Made with the first one. */
struct fetches {
	struct instance *instance;
	struct list queued, under_way; /* of struct rk_http_request */
	size_t n, n_under_way;
	struct fetch_cache cache;
	struct list tokens; /* of struct fetch_token */
	size_t n_tokens;
	struct list pages; /* of struct rk_http_pages */
	size_t n_pages;
	struct random random;
	bool has_complained; /* of an order that is wrong */
};

/* A request. Its order is a copy in the arena. */
struct rk_http_request {
	struct list link;
	struct fetches *fetches;
	enum fetch_state state;
	struct timer timer;
	struct arena arena;
	struct rk_http_order order;
	struct rk_http_auth auth; /* no scheme: none */
	struct buffer url, shown; /* where it goes now; both without the auth */
	char *secret_parameter;   /* in the arena: its escaped name */
	const char *method;       /* now: a redirect may change it */
	bool is_abroad;           /* a redirect led to another origin */
	bool has_renewed;         /* its token, once */
	uint32_t n_attempts, n_redirects;
	int64_t deadline_ns; /* monotonic */
	uint64_t cache_key;  /* 0: neither kept nor asked for */
	struct lease lease;
	struct list token_link; /* in a token's waiting */
	struct http_exchange exchange;
};

/* ---- fetch.c --------------------------------------------------------------- */

struct fetches *fetches_create(struct instance *instance);

/* Ends all without a word. Accepts NULL. */
void fetches_destroy(struct fetches *fetches);

/* Takes a request over. */
void fetch_begin(struct rk_http_request *fetch);
void fetch_cancel(struct rk_http_request *fetch);

/* The token that it waited for is there, or is not, and why. */
void fetch_on_token(struct rk_http_request *fetch, const struct http_reply *failure);

void fetch_free(struct rk_http_request *fetch);

int64_t fetch_now_ns(const struct fetches *fetches); /* monotonic */
int64_t fetch_wall_ns(const struct fetches *fetches);

/* ---- fetch_tell.c ------------------------------------------------------------ */

/* Tells the plugin. */
void fetch_tell(struct rk_http_request *fetch);

/* The headers behind an answer, and when it came, Unix time. */
const struct http_fields *fetch_answer_fields(const struct rk_http_answer *answer);
int64_t fetch_answer_wall_ns(const struct rk_http_answer *answer);

/* ---- fetch_order.c ----------------------------------------------------------- */

/* Reads an order into a request. 0; -EINVAL with a reason in why; -ENOMEM. */
int fetch_read_order(struct rk_http_request *fetch, const struct rk_http_order *order,
	struct buffer *why);

/* ---- fetch_auth.c ------------------------------------------------------------ */

/* Whether an auth is whole; what is wrong with it: NULL: nothing. */
const char *fetch_auth_fault(const struct rk_http_auth *auth);

/* Takes the secret of its auth out of a URL that a server has written: it is added where
 * it may go. 0 or -ENOMEM. */
int fetch_cut_secret(const struct rk_http_request *fetch, struct buffer *url);

/* Writes the call of an exchange: the request as it is now, and who asks. token: of OAuth
 * 2.0, or NULL. 0 or a negative errno. */
int fetch_write_call(struct rk_http_request *fetch, const char *token);

/* ---- fetch_redirect.c -------------------------------------------------------- */

/* Whether its answer leads elsewhere, and it may follow. */
bool fetch_is_redirect(const struct rk_http_request *fetch);

/* Goes there: the request is the next one then. 0, or a negative errno with a reason
 * appended to why, but for -ENOMEM. */
int fetch_redirect(struct rk_http_request *fetch, struct buffer *why);

/* ---- fetch_retry.c ----------------------------------------------------------- */

/* How long to wait before it is sent again; -1: not again. */
int64_t fetch_again_after_ns(struct rk_http_request *fetch);

/* What Retry-After asks for; 0: nothing. */
int64_t fetch_retry_after_ns(const struct rk_http_request *fetch);

/* ---- fetch_cache.c ----------------------------------------------------------- */

void fetch_cache_init(struct fetch_cache *cache);
void fetch_cache_finish(struct fetch_cache *cache);

/* Its key; 0: it is none that is kept. */
uint64_t fetch_cache_key(const struct rk_http_request *fetch);

/* What is kept for it; NULL: nothing. Valid until something is kept. */
struct fetch_kept *fetch_cache_find(const struct rk_http_request *fetch);

/* Adds to its call what asks whether that has changed. 0 or a negative errno. */
int fetch_cache_ask(struct rk_http_request *fetch);

/* Keeps its answer, where that may be kept. */
void fetch_cache_keep(struct rk_http_request *fetch);

/* ---- fetch_token.c ----------------------------------------------------------- */

/* The token of its client: 1 with ret_token, borrowed until the next call; 0: it is told
 * by fetch_on_token; or a negative errno. */
int fetch_token_get(struct rk_http_request *fetch, const char **ret_token);

/* It does not wait any more. */
void fetch_token_leave(struct rk_http_request *fetch);

/* Its token is refused: another one is fetched the next time. */
void fetch_token_forget(struct rk_http_request *fetch);

void fetch_tokens_finish(struct fetches *fetches);

/* ---- fetch_pages.c ------------------------------------------------------------ */

int fetch_pages_begin(struct fetches *fetches, const struct rk_http_pages_order *order,
	struct rk_http_pages **ret_pages);
const char *fetch_pages_url(const struct rk_http_pages *pages);
int fetch_pages_next(struct rk_http_pages *pages, const struct rk_http_answer *answer,
	const char *cursor, size_t n_items);
void fetch_pages_end(struct rk_http_pages *pages);
void fetch_pages_finish(struct fetches *fetches);

#endif
