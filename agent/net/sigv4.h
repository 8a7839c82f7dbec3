/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AWS Signature Version 4 ("Signature Version 4 signing process" of AWS' general
 * reference), of a whole request. libcurl 7.88 signs, too, but neither sorts parameters
 * nor encodes paths as services but S3 want them.
 */
#ifndef NET_SIGV4_H
#define NET_SIGV4_H

#include "http_exchange.h"

struct sigv4_key {
	const char *access_key, *secret_key;
	const char *session_token; /* NULL: none */
	const char *region, *service;
};

/* Adds Host, X-Amz-Date, X-Amz-Content-Sha256, with a session X-Amz-Security-Token, and
 * Authorization. 0 or a negative errno. */
int sigv4_sign(const struct sigv4_key *key, struct http_call *call, int64_t now_ns);

/* The signature alone, of a canonical request: its parts, for the published examples.
 * date: "20150830T123600Z". */
#define SIGV4_SIGNATURE_SIZE 65
int sigv4_signature(const struct sigv4_key *key, const char *canonical, size_t n,
	const char *date, char ret_signature[SIGV4_SIGNATURE_SIZE]);

/* The canonical path and query of a URL. 0 or a negative errno. */
int sigv4_canonical_path(const char *url, bool is_s3, struct buffer *to);
int sigv4_canonical_query(const char *url, struct buffer *to);

#endif
