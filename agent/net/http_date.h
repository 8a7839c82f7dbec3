/* SPDX-License-Identifier: Apache-2.0 */
/* Times in headers (RFC 9110, sections 5.6.7 and 10.2.3). */
#ifndef NET_HTTP_DATE_H
#define NET_HTTP_DATE_H

#include <stdint.h>

/* Reads "Sun, 06 Nov 1994 08:49:37 GMT" and the two older forms that a reader has to
 * know, "Sunday, 06-Nov-94 08:49:37 GMT" and "Sun Nov  6 08:49:37 1994", into Unix time.
 * now_ns says which century is meant by two digits. 0 or -EINVAL. */
int http_date_read(const char *text, int64_t now_ns, int64_t *ret_time_ns);

/* Reads Retry-After, a number of seconds or a date, into a span from now on; at most a
 * day. 0, or -EINVAL: it is neither. */
int http_retry_after(const char *text, int64_t now_ns, int64_t *ret_span_ns);

#endif
