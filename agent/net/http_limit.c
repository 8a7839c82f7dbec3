/* SPDX-License-Identifier: Apache-2.0 */
#include "http_limit.h"

#include "base/macros.h"

#include <errno.h>
#include <strings.h>

#define LARGEST_NUMBER INT64_C(1000000000000000)

/* Digits, with a fraction that is dropped; what stands behind does not count. -1: none.
 */
static int64_t number_of(const char *text)
{
	int64_t value = 0;

	if (!text)
		return -1;
	text += strspn(text, " \t");
	if (*text < '0' || *text > '9')
		return -1;
	for (; *text >= '0' && *text <= '9'; text++)
		value = MIN(10 * value + (*text - '0'), LARGEST_NUMBER);
	return value;
}

static int64_t reset_time(int64_t value, int64_t now_ns)
{
	if (value < 0)
		return -1;
	if (value > INT64_C(1000000000000))
		return MIN(value, INT64_C(9000000000000)) * NS_PER_MS;
	if (value > INT64_C(1000000000))
		return MIN(value, INT64_C(9000000000)) * NS_PER_SECOND;
	return now_ns + MIN(value, INT64_C(31536000)) * NS_PER_SECOND;
}

/* The value behind "name=" among parameters; NULL: there is none. */
static const char *parameter(const char *text, const char *name)
{
	size_t n = strlen(name);

	while (*text) {
		text += strspn(text, " \t,;");
		if (strncasecmp(text, name, n) == 0 && text[n] == '=')
			return text + n + 1;
		text += strcspn(text, ",;");
	}
	return NULL;
}

static bool read_draft(const char *text, int64_t now_ns, struct http_limit *limit)
{
	bool is_new = parameter(text, "r") != NULL;

	limit->limit = number_of(parameter(text, "limit"));
	limit->remaining = number_of(parameter(text, is_new ? "r" : "remaining"));
	limit->reset_ns =
		reset_time(number_of(parameter(text, is_new ? "t" : "reset")), now_ns);
	return limit->remaining >= 0;
}

static bool read_three(const struct http_fields *fields, const char *const names[3],
	int64_t now_ns, struct http_limit *limit)
{
	limit->limit = number_of(http_fields_find(fields, names[0], 0));
	limit->remaining = number_of(http_fields_find(fields, names[1], 0));
	limit->reset_ns =
		reset_time(number_of(http_fields_find(fields, names[2], 0)), now_ns);
	return limit->limit >= 0 || limit->remaining >= 0 || limit->reset_ns >= 0;
}

int http_limit_read(
	const struct http_fields *fields, int64_t now_ns, struct http_limit *ret_limit)
{
	static const char *const names[][3] = {
		{ "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset" },
		{ "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset" },
		{ "X-Rate-Limit-Limit", "X-Rate-Limit-Remaining", "X-Rate-Limit-Reset" },
	};
	const char *draft = http_fields_find(fields, "RateLimit", 0);

	if (draft && read_draft(draft, now_ns, ret_limit))
		return 0;
	for (size_t i = 0; i < LENGTH(names); i++) {
		if (read_three(fields, names[i], now_ns, ret_limit))
			return 0;
	}
	return -ENOENT;
}

bool http_cache_control_has(const char *text, const char *directive)
{
	size_t n = strlen(directive);

	while (text && *text) {
		text += strspn(text, " \t,");
		if (strncasecmp(text, directive, n) == 0 &&
			strchr(" \t,=", text[n])) /* also its end */
			return true;
		text += strcspn(text, ",");
	}
	return false;
}
