/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AWS Signature Version 4. libcurl signs (CURLOPT_AWS_SIGV4); what it does not do in
 * 7.88 and what gets in its way is kept here and in http_address.c:
 *
 *	- it signs each header that it is given, also one such as "Expect:", which it is
 *	  told not to send, and a receiver misses that then
 *	- it does not say which body was signed: the header for that, which OpenSearch
 *	  Serverless and S3 demand, is ours. It takes the hash from there and does not
 *hash the body once more, on the loop
 */
#ifndef DELIVER_HTTP_AWS_H
#define DELIVER_HTTP_AWS_H

#include "base/buffer.h"
#include "http_options.h"

#include <curl/curl.h>

#define HTTP_AWS_HASH_SIZE 65

/* SHA-256 of a body as it is sent, in lower-case hexadecimal digits. 0 or -ENOMEM. Any
 * thread. */
int http_aws_hash(const struct buffer *body, char hash[HTTP_AWS_HASH_SIZE]);

/* Tells the handle to sign. 0 or -ENOMEM. */
int http_aws_apply(const struct http_aws_sigv4 *options, CURL *easy);

#endif
