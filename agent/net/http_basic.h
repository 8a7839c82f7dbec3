/* SPDX-License-Identifier: Apache-2.0 */
/* The credentials of RFC 7617. */
#ifndef NET_HTTP_BASIC_H
#define NET_HTTP_BASIC_H

#include "base/buffer.h"

/* Writes "Basic dXNlcjpwYXNzd29yZA==". 0 or -ENOMEM. */
int http_basic_write(const char *user, const char *password, struct buffer *to);

#endif
