/* SPDX-License-Identifier: Apache-2.0 */
/* What a token endpoint answers (RFC 6749, sections 5.1 and 5.2). */
#ifndef NET_HTTP_GRANT_H
#define NET_HTTP_GRANT_H

#include "base/buffer.h"

/* A token that does not say how long it is good counts for an hour; one that says more
 * than a day is asked for anew after one. */
#define HTTP_GRANT_USUAL_S 3600
#define HTTP_GRANT_MOST_S  86400

/* No longer token is taken: a header of its size has to pass servers. */
#define HTTP_GRANT_TOKEN_MOST 16384

struct http_grant {
	char *token;        /* owned; a secret */
	int64_t lifetime_s; /* 0..HTTP_GRANT_MOST_S */
	char *refresh;      /* owned; a secret: another refresh token; NULL: none */
};

/* 0; -ENOMEM; -EBADMSG with a reason appended to why, which repeats nothing of it. */
int http_grant_read(
	const char *text, size_t n, struct http_grant *ret_grant, struct buffer *why);

/* Overwrites and frees. */
void http_grant_finish(struct http_grant *grant);

/* Appends ": invalid_client: No such client" where a refusal says so. */
void http_grant_append_error(const char *text, size_t n, struct buffer *why);

#endif
