/* SPDX-License-Identifier: Apache-2.0 */
#include <rookery/number.h>
#include <rookery/unit.h>

#include "base/units.h"
#include "cases.h"

#include <errno.h>
#include <string.h>

static void durations_and_sizes_are_read_as_the_agent_does(void **state)
{
	static const char *const texts[] = { "0", "10s", "1500ms", "1h30m", "7d", "1w",
		"5us", "3ns", "106751d", "9223372036854775807ns", "9223372036854775808ns",
		"99999999999999999999s", "99999999999999999999x", "1", "", "s", "1s1",
		"-1s", "1.5s", "1 s", "00s", "64KiB", "10MB", "512B", "1kB", "1KB", "2GB",
		"3TB", "4MiB", "5GiB", "16777215TiB", "16777216TiB", "64KiB1B", "kiB",
		"1kib" };

	(void)state;
	for (size_t i = 0; i < RK_LEN(texts); i++) {
		int64_t ns = 77, agent_ns = 77;
		uint64_t bytes = 77, agent_bytes = 77;
		size_t n = strlen(texts[i]);

		assert_int_equal(rk_duration_from_text(texts[i], n, &ns) < 0,
			duration_from_text(texts[i], n, &agent_ns) < 0);
		assert_int_equal(ns, agent_ns);
		assert_int_equal(rk_size_from_text(texts[i], n, &bytes) < 0,
			size_from_text(texts[i], n, &agent_bytes) < 0);
		assert_int_equal(bytes, agent_bytes);
	}
	assert_int_equal(rk_duration_from_text("10s", 3, &(int64_t){ 0 }), 0);
	assert_int_equal(rk_duration_from_text("300000w", 7, &(int64_t){ 0 }), -ERANGE);
	assert_int_equal(rk_duration_from_text("10x", 3, &(int64_t){ 0 }), -EINVAL);
	assert_int_equal(rk_size_from_text("99999999TiB", 11, &(uint64_t){ 0 }), -ERANGE);
}

static struct rk_number of(const char *text)
{
	struct rk_number number;

	assert_int_equal(rk_number_from_text(text, strlen(text), &number), 0);
	return number;
}

static void numbers_are_converted_exactly_or_refused(void **state)
{
	static const struct {
		const char *number, *from, *to, *result; /* NULL: refused */
		int r;
	} rows[] = {
		{ "1500", "ms", "s", "1.500", 0 },
		{ "1.5", "s", "ms", "1500", 0 },
		{ "90", "s", "min", "1.5", 0 },
		{ "1.5", "h", "min", "90.0", 0 },
		{ "2", "d", "h", "48", 0 },
		{ "1", "wk", "d", "7", 0 },
		{ "100", "s", "min", NULL, -ERANGE },
		{ "12.5", "%", "1", "0.125", 0 },
		{ "0.125", "1", "percent", "12.5", 0 },
		{ "3", "[ppm]", "%", "0.0003", 0 },
		{ "8", "bit", "By", "1.000", 0 },
		{ "1", "By", "bit", "8", 0 },
		{ "1", "bit", "By", "0.125", 0 },
		{ "1", "MiBy", "By", "1048576", 0 },
		{ "1", "KiBy", "kbit", "8.192", 0 },
		{ "1", "GBy", "MBy", "1000", 0 },
		{ "7", "Milliseconds", "s", "0.007", 0 },
		{ "7", "BYTES", "By", "7", 0 },
		{ "7", "day", "hours", "168", 0 },
		{ "8", "Mbit/s", "By/s", "1000000", 0 },
		{ "8", "Mbit/s", "By/second", "1000000", 0 },
		{ "2", "GHz", "MHz", "2000", 0 },
		{ "5", "{message}", "{message}", "5", 0 },
		{ "5", "{message}", "1", "5", 0 },
		{ "5", "{message}/s", "1/s", "5", 0 },
		{ "0", "TiBy", "bit", "0", 0 },
		{ "-9223372036854775808", "ns", "ns", "-9223372036854775808", 0 },
		{ "9223372036854775807", "TiBy", "TiBy", "9223372036854775807", 0 },
		{ "9223372036854775807", "s", "ms", NULL, -ERANGE },
		{ "0.000000000000000001", "ns", "s", NULL, -ERANGE },
		{ "5", "{message}", "{recipient}", NULL, -EINVAL },
		{ "5", "s", "By", NULL, -EINVAL },
		{ "5", "By/s", "By", NULL, -EINVAL },
		{ "5", "By/s", "By/min", NULL, -EINVAL },
		{ "5", "By/By", "By/By", NULL, -EINVAL },
		{ "5", "kilobytes", "By", NULL, -EINVAL },
		{ "5", "kb", "By", NULL, -EINVAL },
		{ "5", "", "1", NULL, -EINVAL },
		{ "5", "{message", "1", NULL, -EINVAL },
		{ "5", "{message}x", "1", NULL, -EINVAL },
	};
	char text[RK_NUMBER_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		struct rk_error error;
		struct rk_number result;
		int r = rk_unit_convert(
			of(rows[i].number), rows[i].from, rows[i].to, &result, &error);

		if (r != rows[i].r)
			fail_msg("%s %s: %d", rows[i].number, rows[i].from, r);
		if (r == 0)
			assert_string_equal(
				rk_number_to_text(text, result), rows[i].result);
	}
}

static void reasons_name_both_units(void **state)
{
	struct rk_number result;
	struct rk_error error;

	(void)state;
	rk_unit_convert(of("5"), "s", "By", &result, &error);
	assert_string_equal(error.text, "there is no way from the unit 's' to 'By'");
	rk_unit_convert(of("100"), "s", "min", &result, &error);
	assert_string_equal(
		error.text, "a number in 's' is no decimal that fits in 'min'");
	assert_int_equal(rk_unit_convert((struct rk_number){ .real = 1 }, "s", "ms",
				 &result, &error),
		-EINVAL);
	assert_string_equal(
		error.text, "a number that is no decimal cannot be converted exactly");
}

static void units_are_normalized_to_those_of_metrics(void **state)
{
	static const struct {
		const char *number, *from, *result, *unit;
	} rows[] = {
		{ "12.5", "Percent", "0.125", "1" },
		{ "1500", "ms", "1.500", "s" },
		{ "1", "MiBy", "1048576", "By" },
		{ "8", "Mbit/s", "1000000", "By/s" },
		{ "3", "count/second", "3", "1/s" },
		{ "2", "kHz", "2000", "Hz" },
		{ "3", "{message}", "3", "{message}" },
		{ "3", "{message}/s", "3", "{message}/s" },
		{ "9.99", "{currency}", "9.99", "{currency}" },
		{ "3", "By/min", "3", "By/min" },
		{ "21", "Cel", "21", "Cel" },
	};
	char text[RK_NUMBER_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		struct rk_number result;
		const char *unit;

		assert_int_equal(rk_unit_normalize(of(rows[i].number), rows[i].from,
					 &result, &unit, NULL),
			0);
		assert_string_equal(rk_number_to_text(text, result), rows[i].result);
		assert_string_equal(unit, rows[i].unit);
	}
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(durations_and_sizes_are_read_as_the_agent_does),
	cmocka_unit_test(numbers_are_converted_exactly_or_refused),
	cmocka_unit_test(reasons_name_both_units),
	cmocka_unit_test(units_are_normalized_to_those_of_metrics),
};

CASES_MAIN(cases)
