/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what a server says in a header, or as a URL that it sends somebody to; the
 * first byte says as which. What is read lies within its bounds. */
#include "net/address.h"
#include "net/http_date.h"
#include "net/http_limit.h"
#include "net/http_link.h"
#include "net/http_url.h"
#include "net/sigv4.h"

#include <assert.h>
#include <stdlib.h>

#define NOW_NS INT64_C(1795325231000000000)
#define DAY_NS INT64_C(86400000000000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_time(const char *text)
{
	int64_t time_ns, span_ns;

	(void)http_date_read(text, NOW_NS, &time_ns);
	if (http_retry_after(text, NOW_NS, &span_ns) == 0)
		assert(span_ns >= 0 && span_ns <= DAY_NS);
}

static void check_link(const char *text)
{
	struct buffer target = { 0 };

	if (http_link_find(text, "next", &target) == 0)
		assert(target.size <= strlen(text));
	buffer_finish(&target);
}

static void check_fields(const char *text)
{
	struct http_fields fields = { 0 };
	struct http_limit limit;

	while (*text) {
		size_t n = strcspn(text, "\n");

		(void)http_fields_add_line(&fields, text, n);
		text += n + (text[n] != '\0');
	}
	assert(fields.n <= HTTP_FIELDS_MOST);
	if (http_limit_read(&fields, NOW_NS, &limit) == 0)
		assert(limit.limit >= -1 && limit.remaining >= -1 &&
			limit.reset_ns >= -1);
	http_fields_finish(&fields);
}

static void check_cache_control(const char *text)
{
	(void)http_cache_control_has(text, "no-store");
	(void)address_text_is_special(text);
}

/* What a URL becomes is one again, and the same. */
static void check_url(const char *text)
{
	static const char base[] = "https://api.example/v1/x?page=1";
	struct buffer url = { 0 }, again = { 0 }, query = { 0 };

	if (http_url_resolve(base, text, &url, NULL) == 0) {
		assert(http_url_resolve(NULL, buffer_text(&url), &again, NULL) == 0);
		assert(strcmp(buffer_text(&url), buffer_text(&again)) == 0);
		(void)http_url_same_origin(base, buffer_text(&url));
		(void)http_url_replace(buffer_text(&url), "page", text, &again);
		(void)sigv4_canonical_query(buffer_text(&url), &query);
	}
	buffer_finish(&url);
	buffer_finish(&again);
	buffer_finish(&query);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const checks[])(const char *text) = { check_time, check_link,
		check_fields, check_cache_control, check_url };
	char *text;

	if (size == 0)
		return 0;
	text = strndup((const char *)data + 1, size - 1);
	assert(text);
	checks[data[0] % (sizeof(checks) / sizeof(checks[0]))](text);
	free(text);
	return 0;
}
