/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The `http` transport: each batch is the body of a request, one at a time. It is safe
 * when the receiver answers 2xx. The batch's id goes along as a header, so that a
 * receiver that honours it (draft-ietf-httpapi-idempotency-key-header) takes each batch
 * once, whatever happens to the answer.
 */
#ifndef DELIVER_HTTP_H
#define DELIVER_HTTP_H

#include "sink.h"

extern const struct transport transport_http;

#endif
