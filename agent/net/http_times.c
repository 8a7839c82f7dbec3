/* SPDX-License-Identifier: Apache-2.0 */
#include "http_times.h"

#include "base/macros.h"

#include <openssl/ssl.h>
#include <time.h>

static int64_t when(CURL *easy, CURLINFO info)
{
	curl_off_t us = 0;

	curl_easy_getinfo(easy, info, &us);
	return us * 1000;
}

/* libcurl counts each from the beginning (curl_easy_getinfo(3), TIMES). */
void http_times_read(CURL *easy, struct http_times *ret_times)
{
	struct http_times times = { .total_ns = when(easy, CURLINFO_TOTAL_TIME_T) };
	int64_t dns = when(easy, CURLINFO_NAMELOOKUP_TIME_T);
	int64_t connect = when(easy, CURLINFO_CONNECT_TIME_T);
	int64_t tls = when(easy, CURLINFO_APPCONNECT_TIME_T);
	int64_t sent = when(easy, CURLINFO_PRETRANSFER_TIME_T);
	int64_t first = when(easy, CURLINFO_STARTTRANSFER_TIME_T);
	long n_connects = 0;

	curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &n_connects);
	if (n_connects > 0) {
		times.dns_ns = dns;
		times.connect_ns = MAX(connect - dns, 0);
		times.tls_ns = tls > 0 ? MAX(tls - connect, 0) : 0;
	}
	times.first_byte_ns = MAX(first - sent, 0);
	*ret_times = times;
}

int64_t http_times_certificate(CURL *easy)
{
	struct curl_tlssessioninfo *session = NULL;
	X509 *certificate = NULL;
	struct tm end;
	int64_t end_ns = 0;

	if (curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &session) == CURLE_OK &&
		session && session->backend == CURLSSLBACKEND_OPENSSL &&
		session->internals)
		certificate = SSL_get1_peer_certificate(session->internals);
	if (certificate && ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) == 1)
		end_ns = timegm(&end) * NS_PER_SECOND;
	X509_free(certificate);
	return end_ns;
}
