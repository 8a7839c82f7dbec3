/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bearer token of an HTTP sink with `oauth2`: fetched with client credentials
 * (RFC 6749, section 4.4) over the loop, kept until shortly before it ends.
 */
#ifndef DELIVER_HTTP_TOKEN_H
#define DELIVER_HTTP_TOKEN_H

#include "http_options.h"
#include "net/curl_loop.h"
#include "net/http_grant.h"
#include "sink.h"

/* A longer answer is not read to its end. */
#define HTTP_TOKEN_ANSWER_MOST (64u << 10)

/* Embedded in its sink. */
struct http_token {
	const struct http_options *options; /* borrowed */
	struct curl_loop *curl;             /* borrowed */
	uv_loop_t *loop;                    /* borrowed */
	/* Told on a later turn of the loop; failure: NULL, the token is there, or why it
	 * is not, borrowed for the call. */
	void (*on_done)(struct http_token *token, const struct sink_answer *failure);
	struct transfer transfer;
	struct buffer form;   /* what is asked */
	struct buffer answer; /* what came */
	struct buffer why;
	char error[CURL_ERROR_SIZE];
	struct http_grant grant;
	uint64_t good_until_ms; /* of uv_now */
	bool is_under_way;
};

/* Whether there is one that has not ended. */
bool http_token_is_good(const struct http_token *token);

/* Fetches another one; the one before is gone. 0, or a negative errno, and then on_done
 * is not called. */
int http_token_fetch(struct http_token *token);

/* Ends a fetch, if one is under way, without a word. */
void http_token_cancel(struct http_token *token);

/* Frees all. Nothing is under way. */
void http_token_finish(struct http_token *token);

#endif
