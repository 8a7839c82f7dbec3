/* SPDX-License-Identifier: Apache-2.0 */
/* How libcurl is told what is configured of an HTTP sink. */
#ifndef DELIVER_HTTP_REQUEST_H
#define DELIVER_HTTP_REQUEST_H

#include "base/buffer.h"
#include "encode/encoder.h"
#include "http_body.h"
#include "http_options.h"

#include <curl/curl.h>

/* Tells the handle all that is the same for each request. 0, -ENOMEM, or -ENOTSUP with
 * a reason appended to why. */
int http_request_apply(
	const struct http_options *options, CURL *easy, struct buffer *why);

/* The part of it that holds for any server that the sink speaks to: bounds on time, the
 * proxy, whom to trust. */
int http_request_apply_to_any(
	const struct http_options *options, CURL *easy, struct buffer *why);

/* libcurl keeps connections, TLS sessions and authorities by the names of files, whatever
 * is in them now: with another number (curl_loop_number) they have other names, and what
 * it knows of before is not used again. 0 or -ENOMEM. */
int http_request_name_files(const struct http_tls *tls, CURL *easy, unsigned int number);

/* Has the handle bear a token, which is copied. */
void http_request_bear(CURL *easy, const char *token);

/* What ended a transfer, as a negative errno. */
int http_request_error(CURLcode result);

/* How bodies of this format are packed: not at all where the format has done so. */
const struct http_packing *http_request_packing(
	const struct http_options *options, const struct encoder_type *format);

/* The request's headers, for curl_slist_free_all: what is configured, what the format
 * wants, the encoding, the batch's id and the hash of the body, for AWS. NULL: out of
 * memory. */
struct curl_slist *http_request_headers(const struct http_options *options,
	const struct encoder_type *format, const char *id, const char *hash);

#endif
