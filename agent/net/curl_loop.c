/* SPDX-License-Identifier: Apache-2.0 */
#include "curl_loop.h"

#include "base/macros.h"

#include <errno.h>
#include <stdlib.h>

/* Idle connections, of all transfers together; more are closed, the oldest first. */
#define MAX_IDLE_CONNECTIONS 64L

struct curl_loop {
	uv_loop_t *loop;
	CURLM *multi; /* NULL: nothing was transferred yet */
	uv_timer_t timer;
	unsigned int number; /* the last that was given out */
};

/* What libcurl wants to know of one socket. */
struct watch {
	struct curl_loop *curl;
	uv_poll_t poll;
	curl_socket_t socket;
};

/* ---- what has ended ---------------------------------------------------- */

static void tell_ended(struct curl_loop *curl)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(curl->multi, &left))) {
		CURLcode result = message->data.result;
		CURL *easy = message->easy_handle;
		struct transfer *transfer = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&transfer);
		curl_multi_remove_handle(curl->multi, easy);
		transfer->on_done(transfer, result);
	}
}

/* ---- sockets ----------------------------------------------------------- */

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct watch *watch = container_of(poll, struct watch, poll);
	struct curl_loop *curl = watch->curl;
	int running, flags = 0;

	/* libcurl sees itself what is wrong, and says it better. */
	if (status < 0)
		flags = CURL_CSELECT_IN | CURL_CSELECT_OUT;
	if (events & UV_READABLE)
		flags |= CURL_CSELECT_IN;
	if (events & UV_WRITABLE)
		flags |= CURL_CSELECT_OUT;
	/* The watch may be gone behind this call. */
	curl_multi_socket_action(curl->multi, watch->socket, flags, &running);
	tell_ended(curl);
}

static void on_watch_closed(uv_handle_t *handle)
{
	free(container_of((uv_poll_t *)handle, struct watch, poll));
}

static struct watch *watch_create(struct curl_loop *curl, curl_socket_t socket)
{
	struct watch *watch = calloc(1, sizeof(*watch));

	if (!watch)
		return NULL;
	watch->curl = curl;
	watch->socket = socket;
	if (uv_poll_init_socket(curl->loop, &watch->poll, socket) < 0) {
		free(watch);
		return NULL;
	}
	curl_multi_assign(curl->multi, socket, watch);
	return watch;
}

static void watch_destroy(struct watch *watch)
{
	if (!watch)
		return;
	curl_multi_assign(watch->curl->multi, watch->socket, NULL);
	uv_poll_stop(&watch->poll);
	uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
}

/* libcurl waits for other things of a socket than before. */
static int on_socket(CURL *easy, curl_socket_t socket, int what, void *context, void *own)
{
	struct curl_loop *curl = context;
	struct watch *watch = own;
	int events = 0;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		watch_destroy(watch);
		return 0;
	}
	if (!watch)
		watch = watch_create(curl, socket);
	if (!watch)
		return -1; /* the transfers fail */
	if (what & CURL_POLL_IN)
		events |= UV_READABLE;
	if (what & CURL_POLL_OUT)
		events |= UV_WRITABLE;
	return uv_poll_start(&watch->poll, events, on_poll) < 0 ? -1 : 0;
}

/* ---- time -------------------------------------------------------------- */

static void on_timer(uv_timer_t *timer)
{
	struct curl_loop *curl = container_of(timer, struct curl_loop, timer);
	int running;

	curl_multi_socket_action(curl->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	tell_ended(curl);
}

/* libcurl wants to be called after so long; -1: not any more. It must not be called
 * from within this. */
static int on_timeout(CURLM *multi, long timeout_ms, void *context)
{
	struct curl_loop *curl = context;

	(void)multi;
	if (timeout_ms < 0)
		return uv_timer_stop(&curl->timer);
	return uv_timer_start(&curl->timer, on_timer, (uint64_t)timeout_ms, 0);
}

/* ---- beginning and end ------------------------------------------------- */

struct curl_loop *curl_loop_create(uv_loop_t *loop)
{
	struct curl_loop *curl = calloc(1, sizeof(*curl));

	if (curl)
		curl->loop = loop;
	return curl;
}

static int open_multi(struct curl_loop *curl)
{
	if (curl->multi)
		return 0;
	/* Once a process: later calls count only (curl_global_init(3)). */
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return -ENOMEM;
	curl->multi = curl_multi_init();
	if (!curl->multi) {
		curl_global_cleanup();
		return -ENOMEM;
	}
	uv_timer_init(curl->loop, &curl->timer);
	curl_multi_setopt(curl->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(curl->multi, CURLMOPT_SOCKETDATA, curl);
	curl_multi_setopt(curl->multi, CURLMOPT_TIMERFUNCTION, on_timeout);
	curl_multi_setopt(curl->multi, CURLMOPT_TIMERDATA, curl);
	curl_multi_setopt(curl->multi, CURLMOPT_MAXCONNECTS, MAX_IDLE_CONNECTIONS);
	return 0;
}

int curl_loop_start(struct curl_loop *curl, struct transfer *transfer)
{
	int r = open_multi(curl);

	if (r < 0)
		return r;
	curl_easy_setopt(transfer->easy, CURLOPT_PRIVATE, transfer);
	/* A stop must not wait for a name that is being resolved. */
	curl_easy_setopt(transfer->easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(transfer->easy, CURLOPT_NOSIGNAL, 1L);
	return curl_multi_add_handle(curl->multi, transfer->easy) == CURLM_OK ? 0
									      : -ENOMEM;
}

void curl_loop_cancel(struct curl_loop *curl, struct transfer *transfer)
{
	curl_multi_remove_handle(curl->multi, transfer->easy);
}

unsigned int curl_loop_number(struct curl_loop *curl)
{
	curl->number = (curl->number + 1) & 0xffff;
	return curl->number;
}

static void on_timer_closed(uv_handle_t *handle)
{
	free(container_of((uv_timer_t *)handle, struct curl_loop, timer));
}

void curl_loop_destroy(struct curl_loop *curl)
{
	if (!curl)
		return;
	if (!curl->multi) {
		free(curl);
		return;
	}
	/* Closes idle connections, whose sockets are given back by on_socket. */
	curl_multi_cleanup(curl->multi);
	curl->multi = NULL;
	curl_global_cleanup();
	uv_timer_stop(&curl->timer);
	uv_close((uv_handle_t *)&curl->timer, on_timer_closed);
}
