/* SPDX-License-Identifier: Apache-2.0 */
#include "base/macros.h"
#include "base/units.h"

#include "cases.h"

#include <errno.h>
#include <string.h>

static void durations_are_numbers_with_units(void **state)
{
	static const struct {
		const char *text;
		int result;
		int64_t ns;
	} rows[] = {
		{ "10s", 0, 10 * NS_PER_SECOND },
		{ "1500ms", 0, 1500 * NS_PER_MS },
		{ "1h30m", 0, 5400 * NS_PER_SECOND },
		{ "7d", 0, 604800 * NS_PER_SECOND },
		{ "1w", 0, 604800 * NS_PER_SECOND },
		{ "0", 0, 0 },
		{ "0s", 0, 0 },
		{ "250us", 0, 250000 },
		{ "10", -EINVAL, 0 },
		{ "10 sec", -EINVAL, 0 },
		{ "10sec", -EINVAL, 0 },
		{ "s", -EINVAL, 0 },
		{ "", -EINVAL, 0 },
		{ "-1s", -EINVAL, 0 },
		{ "1.5h", -EINVAL, 0 },
		{ "99999999w", -ERANGE, 0 },
		{ "18446744073709551616ns", -ERANGE, 0 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		int64_t ns = 0;
		int r = duration_from_text(rows[i].text, strlen(rows[i].text), &ns);

		if (r != rows[i].result || ns != rows[i].ns)
			fail_msg("'%s': %d, %lld", rows[i].text, r, (long long)ns);
	}
}

static void sizes_are_numbers_with_units(void **state)
{
	static const struct {
		const char *text;
		int result;
		uint64_t bytes;
	} rows[] = {
		{ "64KiB", 0, 65536 },
		{ "10MB", 0, 10000000 },
		{ "2GiB", 0, UINT64_C(2147483648) },
		{ "512B", 0, 512 },
		{ "0", 0, 0 },
		{ "64", -EINVAL, 0 },
		{ "64K", -EINVAL, 0 },
		{ "1MiB2KiB", -EINVAL, 0 },
		{ "99999999999TiB", -ERANGE, 0 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		uint64_t bytes = 0;
		int r = size_from_text(rows[i].text, strlen(rows[i].text), &bytes);

		if (r != rows[i].result || bytes != rows[i].bytes)
			fail_msg("'%s': %d, %llu", rows[i].text, r,
				(unsigned long long)bytes);
	}
}

static void units_are_written_short_and_exact(void **state)
{
	char text[UNIT_TEXT_SIZE];

	(void)state;
	assert_string_equal(duration_to_text(text, 10 * NS_PER_SECOND), "10s");
	assert_string_equal(duration_to_text(text, 90 * NS_PER_SECOND), "90s");
	assert_string_equal(duration_to_text(text, 120 * NS_PER_SECOND), "2m");
	assert_string_equal(duration_to_text(text, 1500 * NS_PER_MS), "1500ms");
	assert_string_equal(duration_to_text(text, 0), "0s");
	assert_string_equal(size_to_text(text, UINT64_C(2147483648)), "2GiB");
	assert_string_equal(size_to_text(text, 10000000), "10MB");
	assert_string_equal(size_to_text(text, 0), "0B");
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(durations_are_numbers_with_units),
	cmocka_unit_test(sizes_are_numbers_with_units),
	cmocka_unit_test(units_are_written_short_and_exact),
};

CASES_MAIN(cases)
