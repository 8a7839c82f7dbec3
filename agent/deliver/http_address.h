/* SPDX-License-Identifier: Apache-2.0 */
/* Where requests go: the URL with the parameters of `query`, and with the name of
 * `tls.server_name` in place of its host. */
#ifndef DELIVER_HTTP_ADDRESS_H
#define DELIVER_HTTP_ADDRESS_H

#include "base/buffer.h"
#include "http_options.h"

#include <curl/curl.h>

struct http_address {
	char *url; /* owned */
	/* For CURLOPT_CONNECT_TO; owned. NULL: to the URL's host. */
	struct curl_slist *connect_to;
};

/* url: of the options. 0, -ENOMEM, or -EINVAL with a reason appended to why. */
int http_address_init(struct http_address *address, const char *url,
	const struct http_options *options, struct buffer *why);
void http_address_finish(struct http_address *address);

#endif
