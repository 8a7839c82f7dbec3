/* SPDX-License-Identifier: Apache-2.0 */
#include "base/macros.h"
#include "base/random.h"
#include "base/timestamp.h"

#include "cases.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static void times_are_written_with_the_digits_they_need(void **state)
{
	static const struct {
		int64_t ns;
		const char *text;
	} rows[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ INT64_C(1763770207512000000), "2025-11-22T00:10:07.512Z" },
		{ INT64_C(1763770207512345000), "2025-11-22T00:10:07.512345Z" },
		{ INT64_C(1763770207512345678), "2025-11-22T00:10:07.512345678Z" },
		{ INT64_C(951782400000000000), "2000-02-29T00:00:00Z" },
		{ -1, "1969-12-31T23:59:59.999999999Z" },
		{ INT64_MAX, "2262-04-11T23:47:16.854775807Z" },
		{ INT64_MIN, "1677-09-21T00:12:43.145224192Z" },
	};
	struct timestamp_cache cache = { 0 };
	char text[TIMESTAMP_TEXT_SIZE + 1];

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		*timestamp_to_text(&cache, text, rows[i].ns) = '\0';
		assert_string_equal(text, rows[i].text);
	}
}

static void random_times_agree_with_the_c_library_and_read_back(void **state)
{
	struct timestamp_cache cache = { 0 };
	struct random random;
	char text[TIMESTAMP_TEXT_SIZE + 1], expected[64];

	(void)state;
	random_seed(&random, 11);
	for (int i = 0; i < 20000; i++) {
		int64_t ns = (int64_t)(random_next(&random) >> 1) - (INT64_C(1) << 61);
		time_t second = ns / NS_PER_SECOND - (ns % NS_PER_SECOND < 0);
		struct tm fields;
		int64_t back;

		*timestamp_to_text(&cache, text, ns) = '\0';
		gmtime_r(&second, &fields);
		strftime(expected, sizeof(expected), "%Y-%m-%dT%H:%M:%S", &fields);
		assert_memory_equal(text, expected, 19);
		assert_int_equal(timestamp_from_text(text, strlen(text), &back), 0);
		assert_true(back == ns);
	}
}

static void texts_that_are_no_time_are_refused(void **state)
{
	static const char *const wrong[] = { "", "2026", "2026-11", "2026-13-01",
		"2026-02-29", "2026-11-01T", "2026-11-01T00:00", "2026-11-01T24:00:00Z",
		"2026-11-01T00:00:00", "2026-11-01T00:00:00.Z",
		"2026-11-01T00:00:00+1:00", "2026-11-01T00:00:00Zx", "26-11-01" };
	int64_t ns;

	(void)state;
	for (size_t i = 0; i < LENGTH(wrong); i++)
		assert_int_equal(
			timestamp_from_text(wrong[i], strlen(wrong[i]), &ns), -EINVAL);
	assert_int_equal(timestamp_from_text("2300-01-01", 10, &ns), -ERANGE);
	assert_int_equal(timestamp_from_text("2026-11-01T01:00:00+01:00", 25, &ns), 0);
	assert_true(ns == INT64_C(1793491200) * NS_PER_SECOND);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(times_are_written_with_the_digits_they_need),
	cmocka_unit_test(random_times_agree_with_the_c_library_and_read_back),
	cmocka_unit_test(texts_that_are_no_time_are_refused),
};

CASES_MAIN(cases)
