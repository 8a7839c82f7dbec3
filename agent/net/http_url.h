/* SPDX-License-Identifier: Apache-2.0 */
/* URLs of requests: read, completed, compared. */
#ifndef NET_HTTP_URL_H
#define NET_HTTP_URL_H

#include "base/buffer.h"

#include <stdbool.h>

#define HTTP_URL_MOST 16384

/* Writes the URL that a reference leads to (RFC 3986, section 5), without its fragment.
 * base: NULL where it stands for itself. 0; -EINVAL with a reason appended to why (NULL:
 * nobody asks): not of http or https, or with a user in it, too long, or no URL; -ENOMEM.
 */
int http_url_resolve(
	const char *base, const char *reference, struct buffer *to, struct buffer *why);

/* Appends a parameter to the query, escaped: all but RFC 3986's unreserved characters. */
int http_url_add(struct buffer *url, const char *name, const char *value);

/* Writes the URL without this parameter, wherever it stood. 0 or -ENOMEM. */
int http_url_remove(const char *url, const char *name, struct buffer *to);

/* Writes the URL with this one value for the parameter, wherever it stood. */
int http_url_replace(
	const char *url, const char *name, const char *value, struct buffer *to);

/* Whether both have the same scheme, host and port (RFC 6454). */
bool http_url_same_origin(const char *a, const char *b);

bool http_url_is_secure(const char *url);

#endif
