/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libcurl on the loop: one multi handle whose sockets and whose timer are libuv's
 * (libcurl's manual, libcurl-multi, "multi_socket"). Names are resolved on threads of
 * libcurl's own, never on the pool's.
 *
 * libcurl is initialized when the first transfer starts: an agent that speaks no HTTP
 * pays nothing for it. All functions are the loop's.
 */
#ifndef NET_CURL_LOOP_H
#define NET_CURL_LOOP_H

#include <curl/curl.h>
#include <uv.h>

struct curl_loop;

/* One easy handle on its way. Both are the caller's and stay until on_done was called
 * or the transfer was cancelled. */
struct transfer {
	CURL *easy; /* CURLOPT_PRIVATE is the loop's */
	/* Told on a later turn of the loop. */
	void (*on_done)(struct transfer *transfer, CURLcode result);
};

/* NULL: out of memory. */
struct curl_loop *curl_loop_create(uv_loop_t *loop);

/* Begins. 0, or a negative errno, and then on_done is not called. */
int curl_loop_start(struct curl_loop *curl, struct transfer *transfer);

/* Ends a transfer that is under way at once, without a word. */
void curl_loop_cancel(struct curl_loop *curl, struct transfer *transfer);

/* One of 65,536 numbers, each in its turn: what libcurl keeps under a name that bears it
 * is not found under the next. */
unsigned int curl_loop_number(struct curl_loop *curl);

/* Nothing is under way any more. What it holds is freed when the loop turns. Accepts
 * NULL. */
void curl_loop_destroy(struct curl_loop *curl);

#endif
