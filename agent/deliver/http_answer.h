/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an answer means for the batch (RFC 9110, section 15; RFC 6585 for 429):
 *
 *	2xx            taken
 *	400, 422       where it says what the format knows (encoder_type.outdated): taken,
 *	               as far as the store will
 *	400, 422       else: something in it will never be taken; but a 400 that is about
 *the connection means what 403 does 413            too large 401, 403, 407  we are not
 *let in: tried slowly 408, 429, 5xx  tried again, not before Retry-After any other tried
 *again slowly: the address is wrong, not the batch
 */
#ifndef DELIVER_HTTP_ANSWER_H
#define DELIVER_HTTP_ANSWER_H

#include "base/buffer.h"
#include "sink.h"

/* Of an answer's body, as much is kept to tell why. */
#define HTTP_ANSWER_KEPT 512

/* A body that is longer is not read to its end. */
#define HTTP_ANSWER_MOST (1u << 20)

/* What Retry-After may ask for at most. */
#define HTTP_RETRY_AFTER_MOST_S 900

struct http_answer {
	int status;
	bool is_whole;                /* its headers came to their end */
	int64_t retry_after_s;        /* 0: none */
	char begin[HTTP_ANSWER_KEPT]; /* of the body */
	size_t size;
	size_t read;                 /* of the body, in all */
	const char *const *outdated; /* the format's (encoder_type); or NULL */
};

/* For libcurl, with an answer as context: takes the body, and the headers line by line.
 */
size_t http_answer_on_body(const char *bytes, size_t one, size_t n, void *context);
size_t http_answer_on_header(const char *line, size_t one, size_t n, void *context);

/* Fills an answer for the delivery; why: room for its text, which lives as long. */
void http_answer_read(const struct http_answer *answer, struct buffer *why,
	struct sink_answer *ret_answer);

#endif
