/* SPDX-License-Identifier: Apache-2.0 */
#include "http_aws.h"

#include "base/cleanup.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>

int http_aws_hash(const struct buffer *body, char hash[HTTP_AWS_HASH_SIZE])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int size = 0;

	if (EVP_Digest(body->data, body->size, digest, &size, EVP_sha256(), NULL) != 1)
		return -ENOMEM;
	for (size_t i = 0; i < size; i++)
		snprintf(hash + 2 * i, 3, "%02x", digest[i]);
	return 0;
}

int http_aws_apply(const struct http_aws_sigv4 *options, CURL *easy)
{
	CLEANUP(buffer_finish) struct buffer scope = { 0 };

	buffer_append_format(&scope, "aws:amz:%s:%s", options->region, options->service);
	if (!buffer_text(&scope) || curl_easy_setopt(easy, CURLOPT_AWS_SIGV4,
					    buffer_text(&scope)) != CURLE_OK)
		return -ENOMEM;
	curl_easy_setopt(easy, CURLOPT_USERNAME, options->access_key);
	curl_easy_setopt(easy, CURLOPT_PASSWORD, options->secret_key.text);
	/* A large body is announced by "Expect: 100-continue", which cannot be switched
	 * off here; whether it may come is not waited for. */
	curl_easy_setopt(easy, CURLOPT_EXPECT_100_TIMEOUT_MS, 1L);
	return 0;
}
