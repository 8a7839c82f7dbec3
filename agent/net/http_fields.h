/* SPDX-License-Identifier: Apache-2.0 */
/* The headers of a request or of an answer, in their order and with a bound. */
#ifndef NET_HTTP_FIELDS_H
#define NET_HTTP_FIELDS_H

#include "base/buffer.h"

#include <stdbool.h>

#define HTTP_FIELDS_MOST 256
#define HTTP_FIELDS_SIZE 65536 /* of names and values */

/* A zeroed struct has none. */
struct http_fields {
	struct buffer bytes;
	size_t n;
};

struct http_field {
	const char *name, *value; /* borrowed */
	bool is_secret;
};

/* 0; -EMSGSIZE: too many or too large; -ENOMEM. */
int http_fields_add(struct http_fields *fields, const struct http_field *field);

/* "Name: value" with or without its line end; what is no header is left out. */
int http_fields_add_line(struct http_fields *fields, const char *line, size_t n);

/* The next one behind *at, which is 0 at first. */
bool http_fields_next(
	const struct http_fields *fields, size_t *at, struct http_field *ret_field);

/* The value of the one of this name, without regard to case; which: 0 for the first.
 * NULL: there is none. */
const char *http_fields_find(
	const struct http_fields *fields, const char *name, size_t which);

void http_fields_clear(struct http_fields *fields);

/* Overwrites and frees. */
void http_fields_finish(struct http_fields *fields);

/* Whether a text is a token, as a header's or a method's name is (RFC 9110, section
 * 5.6.2), and whether one can stand as a header's value. */
bool http_is_token(const char *text);
bool http_is_value(const char *text);

#endif
