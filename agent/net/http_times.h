/* SPDX-License-Identifier: Apache-2.0 */
/* What libcurl knows of a transfer's time, and of the server's certificate. */
#ifndef NET_HTTP_TIMES_H
#define NET_HTTP_TIMES_H

#include "http_exchange.h"

#include <curl/curl.h>

/* How long each phase took. */
void http_times_read(CURL *easy, struct http_times *ret_times);

/* When the server's certificate ends, Unix time; 0: there is none. While the transfer has
 * its connection. */
int64_t http_times_certificate(CURL *easy);

#endif
