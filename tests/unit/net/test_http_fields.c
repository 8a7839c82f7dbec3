/* SPDX-License-Identifier: Apache-2.0 */
/* What is read from headers: times, links, limits, and the headers themselves. */
#include "base/cleanup.h"
#include "base/macros.h"
#include "cases.h"
#include "net/http_basic.h"
#include "net/http_date.h"
#include "net/http_fields.h"
#include "net/http_limit.h"
#include "net/http_link.h"

#include <errno.h>
#include <stdio.h>

/* 2026-11-22T05:27:11Z */
#define NOW_NS (INT64_C(1795325231) * NS_PER_SECOND)

/* ---- times --------------------------------------------------------------- */

static void the_three_forms_of_a_date_are_the_same_time(void **state)
{
	static const char *const rows[] = { "Sun, 06 Nov 1994 08:49:37 GMT",
		"Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994" };

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		int64_t time_ns = 0;

		assert_int_equal(http_date_read(rows[i], NOW_NS, &time_ns), 0);
		assert_int_equal(time_ns / NS_PER_SECOND, 784111777);
	}
}

static void two_digits_of_a_year_are_not_more_than_50_years_ahead(void **state)
{
	int64_t time_ns;

	(void)state;
	assert_int_equal(
		http_date_read("Friday, 01-Jan-76 00:00:00 GMT", NOW_NS, &time_ns), 0);
	assert_int_equal(time_ns / NS_PER_SECOND, INT64_C(3345062400)); /* 2076 */
	assert_int_equal(
		http_date_read("Friday, 01-Jan-77 00:00:00 GMT", NOW_NS, &time_ns), 0);
	assert_int_equal(time_ns / NS_PER_SECOND, INT64_C(220924800)); /* 1977 */
}

static void what_is_no_date_is_refused(void **state)
{
	static const char *const rows[] = { "", " ", "GMT", "Sun", "06 Nov 1994",
		"08:49:37", "Sun, 31 Jun 1994 08:49:37 GMT",
		"Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
		"Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
		"Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 19944 08:49:37 GMT",
		"Sun, 06 Nov 1994 08:49:37 GMT and so on",
		"Sun, 06 Nev 1994 08:49:37 GMT", "Sun, 06 Nov 0000 08:49:37 GMT",
		"Sun, 06 Nov 9999 08:49:37 GMT", "Sun, 06 Nov 1994 8:49:37 GMT",
		"Sun, 06 Nov 1994 08:49:37 08:49:37",
		"                                           " };

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		int64_t time_ns;

		if (http_date_read(rows[i], NOW_NS, &time_ns) != -EINVAL)
			fail_msg("'%s' is taken for a date", rows[i]);
	}
}

static void retry_after_is_a_number_or_a_date(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds; /* -1: it is neither */
	} rows[] = {
		{ "0", 0 },
		{ "120", 120 },
		{ "99999999999999999999", 86400 },
		{ "Sun, 22 Nov 2026 05:28:11 GMT", 60 },
		{ "Sun, 22 Nov 2026 05:26:11 GMT", 0 },
		{ "Tue, 22 Nov 2033 05:26:11 GMT", 86400 },
		{ "", -1 },
		{ "-1", -1 },
		{ "1.5", -1 },
		{ "1 s", -1 },
		{ "soon", -1 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		int64_t span_ns = -NS_PER_SECOND;
		int r = http_retry_after(rows[i].text, NOW_NS, &span_ns);

		assert_int_equal(r, rows[i].seconds < 0 ? -EINVAL : 0);
		assert_int_equal(span_ns / NS_PER_SECOND, rows[i].seconds);
	}
}

/* ---- links --------------------------------------------------------------- */

static void the_next_link_is_found(void **state)
{
	static const struct {
		const char *text, *target;
	} rows[] = {
		{ "<https://api.example/x?page=2>; rel=\"next\"",
			"https://api.example/x?page=2" },
		{ "<a>; rel=prev, <b>; rel=next", "b" },
		{ "<a>;rel=\"first last\" , <b> ; title=\"x, y\" ; rel = \"prev NEXT\"",
			"b" },
		{ "<a,b;c>; rel=next", "a,b;c" },
		{ "<a>; title=\"say \\\"hi\\\", <b>; rel=next\"; rel=next", "a" },
		{ "<>; rel=next", "" },
		{ ",, <a>; rel=next,", "a" },
		{ "<a>; rel=prev; rel=next", NULL },
		{ "<a>; rel=next; anchor=\"#b\"", NULL },
		{ "<a>; rel=nextish, <b>; rel=\"next-ish\"", NULL },
		{ "<a>; title=next", NULL },
		{ "", NULL },
		{ "<a>", NULL },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(buffer_finish) struct buffer target = { 0 };
		int r = http_link_find(rows[i].text, "next", &target);

		assert_int_equal(r, rows[i].target ? 0 : -ENOENT);
		if (rows[i].target)
			assert_string_equal(buffer_text(&target), rows[i].target);
	}
}

static void what_is_no_list_of_links_is_refused(void **state)
{
	static const char *const rows[] = { "a; rel=next", "<a; rel=next", "<a> rel=next",
		"<a>; rel=\"next", "<a>; rel=\"x\" y", "<a>; title=\"\\" };

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(buffer_finish) struct buffer target = { 0 };

		if (http_link_find(rows[i], "next", &target) != -EINVAL)
			fail_msg("'%s' is taken for links", rows[i]);
	}
}

/* ---- limits ---------------------------------------------------------------- */

static void limits_are_read_in_each_dialect(void **state)
{
	static const struct {
		const char *lines[3];
		int64_t limit, remaining, reset_s; /* from now on; -1: not said */
	} rows[] = {
		{ { "X-RateLimit-Limit: 100", "X-RateLimit-Remaining: 7",
			  "X-RateLimit-Reset: 30" },
			100, 7, 30 },
		{ { "x-ratelimit-remaining: 0", "x-ratelimit-reset: 1795325291", NULL },
			-1, 0, 60 },
		{ { "X-Rate-Limit-Remaining: 1", "X-Rate-Limit-Reset: 1795325291000",
			  NULL },
			-1, 1, 60 },
		{ { "RateLimit-Limit: 10, 10;w=1", "RateLimit-Remaining: 9",
			  "RateLimit-Reset: 1" },
			10, 9, 1 },
		{ { "RateLimit: limit=100, remaining=50, reset=5", NULL, NULL }, 100, 50,
			5 },
		{ { "RateLimit: \"default\";r=50;t=30", NULL, NULL }, -1, 50, 30 },
		{ { "X-RateLimit-Remaining: 99999999999999999999999", NULL, NULL }, -1,
			INT64_C(1000000000000000), -1 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(http_fields_finish) struct http_fields fields = { 0 };
		struct http_limit limit;

		for (size_t k = 0; k < 3 && rows[i].lines[k]; k++)
			assert_int_equal(http_fields_add_line(&fields, rows[i].lines[k],
						 strlen(rows[i].lines[k])),
				0);
		assert_int_equal(http_limit_read(&fields, NOW_NS, &limit), 0);
		assert_int_equal(limit.limit, rows[i].limit);
		assert_int_equal(limit.remaining, rows[i].remaining);
		if (rows[i].reset_s < 0)
			assert_int_equal(limit.reset_ns, -1);
		else
			assert_int_equal((limit.reset_ns - NOW_NS) / NS_PER_SECOND,
				rows[i].reset_s);
	}
}

static void who_says_nothing_of_limits_has_none(void **state)
{
	CLEANUP(http_fields_finish) struct http_fields fields = { 0 };
	static const char line[] = "X-RateLimit-Remaining: many";
	struct http_limit limit;

	(void)state;
	assert_int_equal(http_limit_read(&fields, NOW_NS, &limit), -ENOENT);
	assert_int_equal(http_fields_add_line(&fields, line, strlen(line)), 0);
	assert_int_equal(http_limit_read(&fields, NOW_NS, &limit), -ENOENT);
}

static void a_directive_is_a_whole_word(void **state)
{
	(void)state;
	assert_true(http_cache_control_has("no-store", "no-store"));
	assert_true(http_cache_control_has("private, No-Store ,max-age=0", "no-store"));
	assert_true(http_cache_control_has("max-age=5", "max-age"));
	assert_false(http_cache_control_has("no-stored, private", "no-store"));
	assert_false(http_cache_control_has("", "no-store"));
}

/* ---- headers ----------------------------------------------------------------- */

static void headers_are_found_in_their_order_without_regard_to_case(void **state)
{
	CLEANUP(http_fields_finish) struct http_fields fields = { 0 };
	static const char *const lines[] = { "A: 1\r\n", "b:  two words \r\n", "a:2",
		"c:", ": no name", "no header at all", "a b: c" };

	(void)state;
	for (size_t i = 0; i < LENGTH(lines); i++)
		assert_int_equal(
			http_fields_add_line(&fields, lines[i], strlen(lines[i])), 0);
	assert_int_equal(fields.n, 4);
	assert_string_equal(http_fields_find(&fields, "a", 0), "1");
	assert_string_equal(http_fields_find(&fields, "A", 1), "2");
	assert_null(http_fields_find(&fields, "a", 2));
	assert_string_equal(http_fields_find(&fields, "B", 0), "two words");
	assert_string_equal(http_fields_find(&fields, "C", 0), "");
}

static void headers_have_a_bound(void **state)
{
	CLEANUP(http_fields_finish) struct http_fields many = { 0 };
	CLEANUP(http_fields_finish) struct http_fields large = { 0 };
	static char value[HTTP_FIELDS_SIZE];

	(void)state;
	for (int i = 0; i < HTTP_FIELDS_MOST; i++)
		assert_int_equal(http_fields_add_line(&many, "a: b", 4), 0);
	assert_int_equal(http_fields_add_line(&many, "a: b", 4), -EMSGSIZE);
	memset(value, 'x', sizeof(value) - 1);
	assert_int_equal(
		http_fields_add(&large, &(struct http_field){ "a", value, false }),
		-EMSGSIZE);
}

static void basic_is_that_of_the_rfc(void **state)
{
	CLEANUP(buffer_finish) struct buffer to = { 0 };

	(void)state;
	assert_int_equal(http_basic_write("Aladdin", "open sesame", &to), 0);
	assert_string_equal(buffer_text(&to), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(the_three_forms_of_a_date_are_the_same_time),
	cmocka_unit_test(two_digits_of_a_year_are_not_more_than_50_years_ahead),
	cmocka_unit_test(what_is_no_date_is_refused),
	cmocka_unit_test(retry_after_is_a_number_or_a_date),
	cmocka_unit_test(the_next_link_is_found),
	cmocka_unit_test(what_is_no_list_of_links_is_refused),
	cmocka_unit_test(limits_are_read_in_each_dialect),
	cmocka_unit_test(who_says_nothing_of_limits_has_none),
	cmocka_unit_test(a_directive_is_a_whole_word),
	cmocka_unit_test(headers_are_found_in_their_order_without_regard_to_case),
	cmocka_unit_test(headers_have_a_bound),
	cmocka_unit_test(basic_is_that_of_the_rfc),
};

CASES_MAIN(cases)
