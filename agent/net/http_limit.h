/* SPDX-License-Identifier: Apache-2.0 */
/* What a server says of limits and of keeping, in its headers. */
#ifndef NET_HTTP_LIMIT_H
#define NET_HTTP_LIMIT_H

#include "http_fields.h"

#include <stdint.h>

struct http_limit {
	int64_t limit, remaining; /* -1: not said */
	int64_t reset_ns;         /* Unix time; -1: not said */
};

/*
 * Reads RateLimit in the two forms of draft-ietf-httpapi-ratelimit-headers ("limit=100,
 * remaining=50, reset=5" up to its revision 07, `"default";r=50;t=5` since) or as three
 * headers (up to 02), or X-RateLimit-Limit, -Remaining and -Reset. A reset is a number of
 * seconds from now, or Unix time in seconds where it is beyond 1e9, or in milliseconds
 * beyond 1e12: vendors differ. 0, or -ENOENT: they say nothing.
 */
int http_limit_read(
	const struct http_fields *fields, int64_t now_ns, struct http_limit *ret_limit);

/* Whether Cache-Control has this directive (RFC 9111, section 5.2). */
bool http_cache_control_has(const char *text, const char *directive);

#endif
