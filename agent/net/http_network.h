/* SPDX-License-Identifier: Apache-2.0 */
/* Exchanges over the network, by libcurl (curl_loop.h). */
#ifndef NET_HTTP_NETWORK_H
#define NET_HTTP_NETWORK_H

#include "http_exchange.h"

struct curl_loop;

struct http_network {
	struct http_carrier carrier;
	struct curl_loop *curl; /* borrowed */
};

void http_network_init(struct http_network *network, struct curl_loop *curl);

#endif
