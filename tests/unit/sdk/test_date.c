/* SPDX-License-Identifier: Apache-2.0 */
#include <rookery/date.h>
#include <rookery/zone.h>

#include "cases.h"

#include <errno.h>
#include <string.h>

#define ALL    (RK_TIME_ANY | RK_TIME_COMPACT)
#define S(s)   ((s)*RK_SECOND)
#define AT_TEN S(INT64_C(1795341600)) /* 2026-11-22T10:00:00Z */

static void texts_are_read_to_the_nanosecond(void **state)
{
	static const struct {
		const char *text;
		uint32_t forms;
		int64_t ns;
	} rows[] = {
		{ "2026-11-22T10:00:00Z", ALL, AT_TEN },
		{ "2026-11-22t10:00:00z", ALL, AT_TEN },
		{ "2026-11-22 10:00:00Z", ALL, AT_TEN },
		{ "2026-11-22 10:00:00 UTC", ALL, AT_TEN },
		{ "2026-11-22T11:00:00+01:00", ALL, AT_TEN },
		{ "2026-11-22T11:00:00+0100", ALL, AT_TEN },
		{ "2026-11-22T11:00:00+01", ALL, AT_TEN },
		{ "2026-11-22 04:30:00 -05:30", ALL, AT_TEN },
		{ "2026-11-22T10:00Z", ALL, AT_TEN },
		{ "2026-11-22T10:00:00-00:00", ALL, AT_TEN },
		{ "2026-11-22T10:00:00.5Z", ALL, AT_TEN + 500000000 },
		{ "2026-11-22T10:00:00.123456789Z", ALL, AT_TEN + 123456789 },
		{ "2026-11-22T10:00:00.1234567890000Z", ALL, AT_TEN + 123456789 },
		{ "2026-11-22T10:00:00", ALL, AT_TEN },
		{ "2026-11-22 10:00:00.000000001", ALL, AT_TEN + 1 },
		{ "2026-11-22 10:00", ALL, AT_TEN },
		{ "2026-11-22", ALL, AT_TEN - S(36000) },
		{ "20261122", ALL, AT_TEN - S(36000) },
		{ "20261122T100000Z", ALL, AT_TEN },
		{ "Sun, 22 Nov 2026 10:00:00 +0000", ALL, AT_TEN },
		{ "22 Nov 2026 10:00 GMT", ALL, AT_TEN },
		{ "sun, 22 NOV 26 05:00:00 EST", ALL, AT_TEN },
		{ "Sun,  22  Nov  2026  10:00:00  -0000 (none)", ALL, AT_TEN },
		{ "Sun, 22 Nov 126 10:00:00 Z", ALL, AT_TEN },
		{ "Sun, 22 Nov 2026 10:00:00 GMT", RK_TIME_HTTP, AT_TEN },
		{ "Sunday, 22-Nov-26 10:00:00 GMT", ALL, AT_TEN },
		{ "Sun Nov 22 10:00:00 2026", ALL, AT_TEN },
		{ "Sun, 06 Nov 1994 08:49:37 GMT", RK_TIME_HTTP, S(784111777) },
		{ "Sunday, 06-Nov-94 08:49:37 GMT", RK_TIME_HTTP, S(784111777) },
		{ "Sun Nov  6 08:49:37 1994", RK_TIME_HTTP, S(784111777) },
		{ "Fri, 21 Nov 1997 09:55:06 -0600", RK_TIME_MAIL, S(880127706) },
		{ "1795341600", RK_TIME_UNIX_S, AT_TEN },
		{ "1795341600.000000001", RK_TIME_UNIX_S, AT_TEN + 1 },
		{ "1.7953416e9", RK_TIME_UNIX_S, AT_TEN },
		{ "-0.5", RK_TIME_UNIX_S, -500000000 },
		{ "1795341600123", RK_TIME_UNIX_MS, AT_TEN + 123000000 },
		{ "1795341600123456", RK_TIME_UNIX_US, AT_TEN + 123456000 },
		{ "9223372036854775807", RK_TIME_UNIX_NS, INT64_MAX },
		{ "20261122", ALL | RK_TIME_UNIX_S, AT_TEN - S(36000) },
		{ "20261122", RK_TIME_ANY | RK_TIME_UNIX_S, S(20261122) },
		{ "2262-04-11T23:47:16.854775807Z", ALL, INT64_MAX },
		{ "1677-09-21T00:12:43.145224192Z", ALL, INT64_MIN },
		{ "1969-12-31T23:59:59.999999999Z", ALL, -1 },
		{ "2024-02-29", ALL, S(1709164800) },
		{ "2000-02-29", ALL, S(951782400) },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		struct rk_error error = { .text = "" };
		int64_t ns = 77;
		int r = rk_time_from_text(rows[i].text, strlen(rows[i].text),
			rows[i].forms, NULL, &ns, &error);

		if (r != 0 || ns != rows[i].ns)
			fail_msg("'%s' is %lld (%d %s)", rows[i].text, (long long)ns, r,
				error.text);
	}
}

static void a_leap_second_is_the_one_that_follows(void **state)
{
	static const struct {
		const char *text;
		int64_t ns; /* 0: refused */
	} rows[] = {
		{ "2016-12-31T23:59:60Z", S(1483228800) },
		{ "2016-12-31T23:59:60.5Z", S(1483228800) + 500000000 },
		{ "2017-01-01T00:59:60+01:00", S(1483228800) },
		{ "Sat, 31 Dec 2016 23:59:60 GMT", S(1483228800) },
		{ "2016-12-31 23:59:60", S(1483228800) },
		{ "2016-12-31T23:59:60+01:00", 0 },
		{ "2016-12-31T22:59:60Z", 0 },
		{ "2016-12-31T23:58:60Z", 0 },
		{ "2016-12-31T23:59:61Z", 0 },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		int64_t ns = 0;
		int r = rk_time_from_text(
			rows[i].text, strlen(rows[i].text), ALL, NULL, &ns, NULL);

		assert_int_equal(r, rows[i].ns ? 0 : -EINVAL);
		assert_int_equal(ns, rows[i].ns);
	}
}

static void what_is_no_time_is_refused_with_its_reason(void **state)
{
	static const char no_date[] = "is a time that there is not";
	static const char no_form[] = "is not such a time as '2026-11-22T10:00:00Z', ";
	static const char no_range[] = "is finer than a nanosecond or not within";
	static const struct {
		const char *text;
		uint32_t forms;
		int r;
		const char *why;
	} rows[] = {
		{ "", ALL, -EINVAL, no_form },
		{ "yesterday", ALL, -EINVAL, no_form },
		{ "22.11.2026", ALL, -EINVAL, no_form },
		{ "2026-11-22T10:00:00Z ", ALL, -EINVAL, no_form },
		{ " 2026-11-22", ALL, -EINVAL, no_form },
		{ "2026-1-2", ALL, -EINVAL, no_form },
		{ "2026-11-22T10:00:00.Z", ALL, -EINVAL, no_form },
		{ "2026-11-22T10:00:00+1", ALL, -EINVAL, no_form },
		{ "2026-11-22T10:00:00+01:", ALL, -EINVAL, no_form },
		{ "2026-11-22T10:00:00+24:00", ALL, -EINVAL, no_form },
		{ "2026-11-22T10:00:00+23:60", ALL, -EINVAL, no_form },
		{ "12026-11-22", ALL, -EINVAL, no_form },
		{ "-2026-11-22", ALL, -EINVAL, no_form },
		{ "Son, 22 Nov 2026 10:00:00 GMT", ALL, -EINVAL, no_form },
		{ "Sun, 22 Now 2026 10:00:00 GMT", ALL, -EINVAL, no_form },
		{ "Sun, 22 Nov 2026 10:00:00", ALL, -EINVAL, no_form },
		{ "Sun, 22 Nov 2026 10:00:00 CET", ALL, -EINVAL, no_form },
		{ "Sun, 22 Nov 2026 10:00:00 J", ALL, -EINVAL, no_form },
		{ "Sun, 22 Nov 2026 10:00:00 +0100 (x", ALL, -EINVAL, no_form },
		{ "2026-13-01", ALL, -EINVAL, no_date },
		{ "2026-00-01", ALL, -EINVAL, no_date },
		{ "2026-02-29", ALL, -EINVAL, no_date },
		{ "1900-02-29T00:00:00Z", ALL, -EINVAL, no_date },
		{ "2026-04-31 10:00:00", ALL, -EINVAL, no_date },
		{ "2026-11-22T24:00:00Z", ALL, -EINVAL, no_date },
		{ "2026-11-22T10:60:00Z", ALL, -EINVAL, no_date },
		{ "20260230", ALL, -EINVAL, no_date },
		{ "2026-11-22T10:00:00.1234567891Z", ALL, -ERANGE, no_range },
		{ "2262-04-11T23:47:16.854775808Z", ALL, -ERANGE, no_range },
		{ "1677-09-21T00:12:43.145224191Z", ALL, -ERANGE, no_range },
		{ "9999-12-31", ALL, -ERANGE, no_range },
		{ "0000-01-01T00:00:00Z", ALL, -ERANGE, no_range },
		{ "9223372037", RK_TIME_UNIX_S, -ERANGE, no_range },
		{ "0.0000000001", RK_TIME_UNIX_S, -ERANGE, no_range },
		{ "1795341600s", RK_TIME_UNIX_S, -EINVAL,
			"is not such a time as '1795341600'" },
		{ "2026-11-22", RK_TIME_UNIX_MS | RK_TIME_PLAIN, -EINVAL,
			"is not such a time as '2026-11-22 10:00:00', '1795341600000'" },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		struct rk_error error = { .text = "" };
		int64_t ns = 77;
		int r = rk_time_from_text(rows[i].text, strlen(rows[i].text),
			rows[i].forms, NULL, &ns, &error);

		if (r != rows[i].r || ns != 77 || !strstr(error.text, rows[i].why))
			fail_msg("'%s' is %lld (%d %s)", rows[i].text, (long long)ns, r,
				error.text);
	}
}

static void an_error_shows_what_was_read_without_its_control_characters(void **state)
{
	struct rk_error error;
	char text[200];

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "a\n\xff\xc3\xa4", 5);
	rk_time_from_text(text, sizeof(text), RK_TIME_DAY, NULL, &(int64_t){ 0 }, &error);
	assert_memory_equal(error.text, "'a??\xc3\xa4xxx", 9);
	assert_non_null(strstr(error.text, "xxx...' is not such a time as '2026-11-22'"));
	assert_int_equal(error.line, 0);
}

static void times_are_written_in_each_form(void **state)
{
	static const struct {
		uint32_t form;
		int64_t ns;
		const char *text;
	} rows[] = {
		{ RK_TIME_RFC3339, AT_TEN, "2026-11-22T10:00:00Z" },
		{ RK_TIME_RFC3339, AT_TEN + 5, "2026-11-22T10:00:00.000000005Z" },
		{ RK_TIME_RFC3339, AT_TEN + 5000, "2026-11-22T10:00:00.000005Z" },
		{ RK_TIME_RFC3339, AT_TEN + 5000000, "2026-11-22T10:00:00.005Z" },
		{ RK_TIME_RFC3339, INT64_MIN, "1677-09-21T00:12:43.145224192Z" },
		{ RK_TIME_RFC3339, INT64_MAX, "2262-04-11T23:47:16.854775807Z" },
		{ RK_TIME_PLAIN, AT_TEN, "2026-11-22 10:00:00" },
		{ RK_TIME_DAY, AT_TEN, "2026-11-22" },
		{ RK_TIME_COMPACT, AT_TEN, "20261122" },
		{ RK_TIME_MAIL, AT_TEN, "Sun, 22 Nov 2026 10:00:00 +0000" },
		{ RK_TIME_HTTP, S(784111777), "Sun, 06 Nov 1994 08:49:37 GMT" },
		{ RK_TIME_UNIX_S, AT_TEN, "1795341600" },
		{ RK_TIME_UNIX_S, AT_TEN + 5000000, "1795341600.005" },
		{ RK_TIME_UNIX_S, -1, "-0.000000001" },
		{ RK_TIME_UNIX_MS, AT_TEN + 5000000, "1795341600005" },
		{ RK_TIME_UNIX_MS, AT_TEN + 5000, "1795341600000.005" },
		{ RK_TIME_UNIX_US, AT_TEN, "1795341600000000" },
		{ RK_TIME_UNIX_NS, INT64_MIN, "-9223372036854775808" },
		{ 0, AT_TEN, "" },
	};
	char text[RK_TIME_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++)
		assert_string_equal(rk_time_to_text(text, rows[i].ns, rows[i].form, NULL),
			rows[i].text);
}

/* Every day of 400 years that begin in the year 0, and each month's length. */
static void the_calendar_counts_every_day(void **state)
{
	struct rk_civil civil = { .year = 0, .month = 1, .day = 1 };
	int64_t days = rk_days_from_civil(&civil);

	(void)state;
	assert_int_equal(days, -719528);
	for (int i = 0; i < 146097 + 366; i++, days++) {
		struct rk_civil back = rk_civil_from_days(days);

		assert_memory_equal(&back, &civil, sizeof(civil));
		assert_int_equal(rk_days_from_civil(&civil), days);
		assert_int_equal(rk_weekday_from_days(days), (i + 5) % 7 + 1);
		if (++civil.day <= rk_days_in_month(civil.year, civil.month))
			continue;
		civil.day = 1;
		if (++civil.month > 12) {
			civil.month = 1;
			civil.year++;
		}
	}
	civil = rk_civil_from_days(2932896);
	assert_int_equal(civil.year, 9999);
	assert_int_equal(civil.month, 12);
	assert_int_equal(civil.day, 31);
}

static void months_are_added_within_their_lengths(void **state)
{
	static const struct {
		int32_t year, month, day, by, to_year, to_month, to_day;
	} rows[] = {
		{ 2026, 1, 31, 1, 2026, 2, 28 },
		{ 2026, 1, 31, 2, 2026, 3, 31 },
		{ 2028, 1, 31, 1, 2028, 2, 29 },
		{ 2026, 11, 22, 2, 2027, 1, 22 },
		{ 2026, 1, 15, -1, 2025, 12, 15 },
		{ 2026, 3, 31, -13, 2025, 2, 28 },
		{ 2026, 5, 31, 0, 2026, 5, 31 },
		{ 2024, 2, 29, 12, 2025, 2, 28 },
		{ 2024, 2, 29, 48, 2028, 2, 29 },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		struct rk_civil civil = { rows[i].year, rows[i].month, rows[i].day, 13,
			14, 15, 16 };
		struct rk_civil then = { rows[i].to_year, rows[i].to_month,
			rows[i].to_day, 13, 14, 15, 16 };

		assert_int_equal(rk_civil_add_months(&civil, rows[i].by), 0);
		assert_memory_equal(&civil, &then, sizeof(then));
	}
}

static void dates_stay_within_the_years_0_to_9999(void **state)
{
	struct rk_civil first = { .year = 0, .month = 1, .day = 1 };
	struct rk_civil last = { .year = 9999, .month = 12, .day = 31 };
	struct rk_civil none = { .year = 2026, .month = 2, .day = 29 };
	int64_t ns;

	(void)state;
	assert_int_equal(rk_civil_add_days(&last, 1), -ERANGE);
	assert_int_equal(rk_civil_add_days(&last, INT64_MAX), -ERANGE);
	assert_int_equal(rk_civil_add_days(&first, -1), -ERANGE);
	assert_int_equal(rk_civil_add_days(&first, INT64_MIN), -ERANGE);
	assert_int_equal(rk_civil_add_days(&first, 3652424), 0);
	assert_memory_equal(&first, &last, sizeof(last));
	assert_int_equal(rk_civil_add_months(&last, 1), -ERANGE);
	assert_int_equal(rk_civil_add_months(&last, INT64_MAX), -ERANGE);
	assert_int_equal(rk_civil_add_months(&last, -120000), -ERANGE);
	assert_int_equal(rk_civil_add_months(&last, -119999), 0);
	assert_int_equal(last.year, 0);
	assert_int_equal(rk_civil_add_days(&none, 1), -EINVAL);
	assert_int_equal(rk_civil_add_months(&none, 1), -EINVAL);
	assert_int_equal(rk_time_from_civil(&none, &ns), -EINVAL);
	assert_int_equal(rk_time_from_civil(&last, &ns), -ERANGE);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(texts_are_read_to_the_nanosecond),
	cmocka_unit_test(a_leap_second_is_the_one_that_follows),
	cmocka_unit_test(what_is_no_time_is_refused_with_its_reason),
	cmocka_unit_test(an_error_shows_what_was_read_without_its_control_characters),
	cmocka_unit_test(times_are_written_in_each_form),
	cmocka_unit_test(the_calendar_counts_every_day),
	cmocka_unit_test(months_are_added_within_their_lengths),
	cmocka_unit_test(dates_stay_within_the_years_0_to_9999),
};

CASES_MAIN(cases)
