/* SPDX-License-Identifier: Apache-2.0 */
#include "sigv4.h"

#include "base/macros.h"
#include "base/text.h"
#include "wipe.h"

#include <ctype.h>
#include <curl/curl.h>
#include <errno.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { DIGEST_SIZE = 32, MOST_PARAMETERS = 1024, DATE_SIZE = 17 };

static void hex_of(const unsigned char *digest, char hex[SIGV4_SIGNATURE_SIZE])
{
	for (size_t i = 0; i < DIGEST_SIZE; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

static int hash(const void *bytes, size_t n, char hex[SIGV4_SIGNATURE_SIZE])
{
	unsigned char digest[EVP_MAX_MD_SIZE];

	if (EVP_Digest(bytes, n, digest, NULL, EVP_sha256(), NULL) != 1)
		return -ENOMEM;
	hex_of(digest, hex);
	return 0;
}

/* ---- the canonical request -------------------------------------------------- */

static bool is_unreserved(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("-._~", c));
}

static void encode(const char *text, size_t n, const char *also, struct buffer *to)
{
	for (size_t i = 0; i < n; i++) {
		if (is_unreserved(text[i]) || (text[i] && strchr(also, text[i])))
			buffer_append_byte(to, (uint8_t)text[i]);
		else
			buffer_append_format(to, "%%%02X", (unsigned char)text[i]);
	}
}

/* Where the path begins, behind "https://host". */
static const char *path_of(const char *url)
{
	const char *host = strstr(url, "://");

	return host ? host + 3 + strcspn(host + 3, "/?") : url + strlen(url);
}

/* What stands in the URL is encoded once already; S3 takes it so. */
int sigv4_canonical_path(const char *url, bool is_s3, struct buffer *to)
{
	const char *path = path_of(url);
	size_t n = strcspn(path, "?");

	if (n == 0)
		buffer_append_byte(to, '/');
	else
		encode(path, n, is_s3 ? "/%" : "/", to);
	return buffer_failed(to) ? -ENOMEM : 0;
}

static int by_text(const void *a, const void *b)
{
	const char *const *first = a, *const *second = b;

	return strcmp(*first, *second);
}

/* Decoded and encoded again, so that it is what the receiver makes of it. */
static void append_part(const char *text, size_t n, struct buffer *to)
{
	int size = 0;
	char *decoded = curl_easy_unescape(NULL, text, (int)n, &size);

	if (n > 0 && decoded)
		encode(decoded, (size_t)size, "", to);
	if (!decoded)
		to->failed = true;
	else
		explicit_bzero(decoded, (size_t)size);
	curl_free(decoded);
}

/* "name=value", owned by the caller; NULL: out of memory. */
static char *canonical_pair(const char *pair, size_t n)
{
	const char *equals = memchr(pair, '=', n);
	size_t n_name = equals ? (size_t)(equals - pair) : n;
	struct buffer to = { 0 };

	append_part(pair, n_name, &to);
	/* Below all that an encoded name has, so that it sorts before those which begin
	 * with it. */
	buffer_append_byte(&to, '\1');
	if (equals)
		append_part(equals + 1, n - n_name - 1, &to);
	return buffer_take_text(&to);
}

static int append_sorted(char **pairs, size_t n, struct buffer *to)
{
	qsort(pairs, n, sizeof(*pairs), by_text);
	for (size_t i = 0; i < n; i++) {
		*strchr(pairs[i], '\1') = '=';
		if (i > 0)
			buffer_append_byte(to, '&');
		buffer_append_text(to, pairs[i]);
	}
	return buffer_failed(to) ? -ENOMEM : 0;
}

int sigv4_canonical_query(const char *url, struct buffer *to)
{
	const char *at = strchr(url, '?');
	char **pairs = calloc(MOST_PARAMETERS, sizeof(*pairs));
	size_t n_pairs = 0;
	int r = pairs ? 0 : -ENOMEM;

	while (r == 0 && at && *at) {
		size_t n = strcspn(++at, "&");

		if (n_pairs == MOST_PARAMETERS)
			r = -E2BIG;
		else if (n > 0 && !(pairs[n_pairs++] = canonical_pair(at, n)))
			r = -ENOMEM;
		at += n;
	}
	if (r == 0)
		r = append_sorted(pairs, n_pairs, to);
	for (size_t i = 0; i < n_pairs; i++)
		wipe_text(pairs[i]);
	free(pairs);
	return r;
}

/* As libcurl writes it: with a port that is not the scheme's own. */
static int append_host(const char *url, struct buffer *to)
{
	CURLU *parts = curl_url();
	char *host = NULL, *port = NULL;
	int r = -ENOMEM;

	if (parts && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
		curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK)
		r = 0;
	if (r == 0) {
		buffer_append_text(to, host);
		if (curl_url_get(parts, CURLUPART_PORT, &port, CURLU_NO_DEFAULT_PORT) ==
			CURLUE_OK)
			buffer_append_format(to, ":%s", port);
	}
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(parts);
	return r;
}

/* ---- the signature ------------------------------------------------------------- */

static bool step(const unsigned char *key, size_t n_key, const char *text,
	unsigned char digest[EVP_MAX_MD_SIZE])
{
	return HMAC(EVP_sha256(), key, (int)n_key, (const unsigned char *)text,
		       strlen(text), digest, NULL) != NULL;
}

static bool derive(const struct sigv4_key *key, const char *date,
	unsigned char digest[EVP_MAX_MD_SIZE])
{
	struct buffer first = { 0 };
	char day[9];
	bool ok;

	snprintf(day, sizeof(day), "%.8s", date);
	wipe_append_text(&first, "AWS4");
	wipe_append_text(&first, key->secret_key);
	ok = !buffer_failed(&first) && step(first.data, first.size, day, digest) &&
	     step(digest, DIGEST_SIZE, key->region, digest) &&
	     step(digest, DIGEST_SIZE, key->service, digest) &&
	     step(digest, DIGEST_SIZE, "aws4_request", digest);
	wipe_buffer(&first);
	return ok;
}

int sigv4_signature(const struct sigv4_key *key, const char *canonical, size_t n,
	const char *date, char ret_signature[SIGV4_SIGNATURE_SIZE])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char hashed[SIGV4_SIGNATURE_SIZE];
	struct buffer text = { 0 };
	bool ok = hash(canonical, n, hashed) == 0;

	buffer_append_format(&text, "AWS4-HMAC-SHA256\n%s\n%.8s/%s/%s/aws4_request\n%s",
		date, date, key->region, key->service, hashed);
	ok = ok && buffer_text(&text) && derive(key, date, digest) &&
	     step(digest, DIGEST_SIZE, buffer_text(&text), digest);
	if (ok)
		hex_of(digest, ret_signature);
	explicit_bzero(digest, sizeof(digest));
	buffer_finish(&text);
	return ok ? 0 : -ENOMEM;
}

/* ---- the request ------------------------------------------------------------------ */

struct signing {
	const struct sigv4_key *key;
	struct http_call *call;
	char date[DATE_SIZE], hash[SIGV4_SIGNATURE_SIZE];
	struct buffer host, canonical, header;
};

static const char signed_with_token[] =
	"host;x-amz-content-sha256;x-amz-date;x-amz-security-token";
static const char signed_without[] = "host;x-amz-content-sha256;x-amz-date";

static const char *signed_names(const struct sigv4_key *key)
{
	return key->session_token ? signed_with_token : signed_without;
}

static int write_canonical(struct signing *signing)
{
	const struct sigv4_key *key = signing->key;
	const char *url = buffer_text(&signing->call->url);
	struct buffer *to = &signing->canonical;
	int r;

	buffer_append_format(to, "%s\n", signing->call->method);
	r = sigv4_canonical_path(url, text_equal(key->service, "s3"), to);
	buffer_append_byte(to, '\n');
	if (r == 0)
		r = sigv4_canonical_query(url, to);
	buffer_append_format(to, "\nhost:%s\nx-amz-content-sha256:%s\nx-amz-date:%s\n",
		buffer_text(&signing->host), signing->hash, signing->date);
	if (key->session_token)
		buffer_append_format(to, "x-amz-security-token:%s\n", key->session_token);
	buffer_append_format(to, "\n%s\n%s", signed_names(key), signing->hash);
	return r == 0 && buffer_failed(to) ? -ENOMEM : r;
}

static int write_header(struct signing *signing)
{
	const struct sigv4_key *key = signing->key;
	char signature[SIGV4_SIGNATURE_SIZE];
	int r = sigv4_signature(key, (const char *)signing->canonical.data,
		signing->canonical.size, signing->date, signature);

	if (r < 0)
		return r;
	buffer_append_format(&signing->header,
		"AWS4-HMAC-SHA256 Credential=%s/%.8s/%s/%s/aws4_request, "
		"SignedHeaders=%s, Signature=%s",
		key->access_key, signing->date, key->region, key->service,
		signed_names(key), signature);
	return buffer_text(&signing->header) ? 0 : -ENOMEM;
}

static int add_all(struct signing *signing)
{
	const struct http_field fields[] = {
		{ "Host", buffer_text(&signing->host), false },
		{ "X-Amz-Date", signing->date, false },
		{ "X-Amz-Content-Sha256", signing->hash, false },
		{ "X-Amz-Security-Token", signing->key->session_token, true },
		{ "Authorization", buffer_text(&signing->header), true },
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < LENGTH(fields); i++) {
		if (fields[i].value)
			r = http_fields_add(&signing->call->fields, &fields[i]);
	}
	return r;
}

int sigv4_sign(const struct sigv4_key *key, struct http_call *call, int64_t now_ns)
{
	struct signing signing = { .key = key, .call = call };
	time_t now = (time_t)(now_ns / NS_PER_SECOND);
	struct tm tm;
	int r = 0;

	gmtime_r(&now, &tm);
	if (strftime(signing.date, sizeof(signing.date), "%Y%m%dT%H%M%SZ", &tm) == 0 ||
		!buffer_text(&call->url))
		return -EINVAL;
	r = hash(call->body ? call->body : "", call->body_size, signing.hash);
	if (r == 0)
		r = append_host(buffer_text(&call->url), &signing.host);
	if (r == 0 && !buffer_text(&signing.host))
		r = -ENOMEM;
	if (r == 0)
		r = write_canonical(&signing);
	if (r == 0)
		r = write_header(&signing);
	if (r == 0)
		r = add_all(&signing);
	buffer_finish(&signing.host);
	wipe_buffer(&signing.canonical);
	wipe_buffer(&signing.header);
	return r;
}
