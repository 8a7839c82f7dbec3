/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exchanges as files that people read and edit: NNNN.json says what was asked and what
 * came, NNNN.request and NNNN.answer beside it are the bodies.
 *
 *	{ "asked": "2026-11-22T10:00:00Z", "answered": "2026-11-22T10:00:00.25Z",
 *	  "request": { "method": "GET", "url": "https://api.example/v1/bills?page=1",
 *	    "headers": [ "User-Agent: rookery", "Authorization: -" ] },
 *	  "answer": { "status": 200, "headers": [ "Content-Type: application/json" ],
 *	    "body_file": "0001.answer" } }
 *
 * Written by hand, `body` may stand in place of `body_file`: a text, or any JSON. In
 *place of an answer there may be { "error": "ETIMEDOUT", "why": "..." }.
 *
 * Secrets are left out by the places they stand in: marked headers and parameters, the
 * headers that carry credentials and cookies, and what token endpoints are asked and
 *give. Blocks on files; for commands, never for the agent.
 */
#ifndef NET_HTTP_RECORDING_H
#define NET_HTTP_RECORDING_H

#include "http_exchange.h"

#define HTTP_RECORDING_FILE_MOST (1u << 20) /* of a .json file, 64 MiB of a body */

/* A zeroed struct is an empty one. */
struct http_recorded {
	char *method, *url; /* owned */
	struct buffer body;
	bool is_grant; /* its body is not known */
	struct http_reply reply;
	int64_t asked_ns, answered_ns; /* Unix time */
	bool is_used;                  /* the player's */
};

void http_recorded_finish(struct http_recorded *recorded);

/* Writes an exchange that has ended as the number-th of a folder. 0 or a negative errno.
 */
int http_recording_write(const char *folder, unsigned int number,
	const struct http_exchange *exchange, int64_t asked_ns, int64_t answered_ns);

/* Reads one file's text; the bodies stand in the folder. 0; -EINVAL with a reason
 * appended to why; another negative errno. */
int http_recording_read(const char *folder, const char *text, size_t n,
	struct http_recorded *ret_recorded, struct buffer *why);

#endif
