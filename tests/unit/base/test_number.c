/* SPDX-License-Identifier: Apache-2.0 */
#include "base/macros.h"
#include "base/number.h"
#include "base/random.h"

#include "cases.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reals_have_their_known_shortest_form(void **state)
{
	static const struct {
		double value;
		const char *text;
	} rows[] = {
		{ 0.0, "0" },
		{ -0.0, "-0" },
		{ 1.0, "1" },
		{ -1.5, "-1.5" },
		{ 0.1, "0.1" },
		{ 0.1 + 0.2, "0.30000000000000004" },
		{ 100.0, "100" },
		{ 9007199254740991.0, "9007199254740991" },
		{ 9007199254740992.0, "9007199254740992" },
		{ 1e21, "1e21" },
		{ 123456789012345680000.0, "123456789012345680000" },
		{ 1e-6, "0.000001" },
		{ 1e-7, "1e-7" },
		{ 1.5e-9, "1.5e-9" },
		{ 1e23, "1e23" },
		{ 9.5367431640625e-07, "9.5367431640625e-7" },
		{ 5e-324, "5e-324" },
		{ DBL_MIN, "2.2250738585072014e-308" },
		{ DBL_MAX, "1.7976931348623157e308" },
		{ 2.0 / 3.0, "0.6666666666666666" },
	};
	char text[NUMBER_TEXT_SIZE + 1];

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		*real_to_text(text, rows[i].value) = '\0';
		assert_string_equal(text, rows[i].text);
	}
}

/* The fewest digits with which printf's text reads back equal. */
static int fewest_digits(double value)
{
	char text[40];

	for (int precision = 1; precision < 17; precision++) {
		snprintf(text, sizeof(text), "%.*e", precision - 1, value);
		if (strtod(text, NULL) == value)
			return precision;
	}
	return 17;
}

static int significant_digits(const char *text)
{
	int n = 0, zeros = 0;

	for (; *text && *text != 'e'; text++) {
		if (*text < '0' || *text > '9' || (*text == '0' && n == 0))
			continue;
		n++;
		zeros = *text == '0' ? zeros + 1 : 0;
	}
	return n - zeros;
}

static void reals_read_back_equal_and_no_shorter_text_does(void **state)
{
	struct random random;
	char text[NUMBER_TEXT_SIZE + 1];

	(void)state;
	random_seed(&random, 20261122);
	for (int i = 0; i < 200000; i++) {
		uint64_t bits = random_next(&random);
		double value, back;

		memcpy(&value, &bits, sizeof(value));
		if (i % 2)
			value = (double)(int64_t)(bits % 1000000000) / 1000.0;
		if (!isfinite(value))
			continue;
		*real_to_text(text, value) = '\0';
		assert_true(strlen(text) < NUMBER_TEXT_SIZE);
		back = strtod(text, NULL);
		assert_memory_equal(&back, &value, sizeof(value));
		if (i % 16 == 0)
			assert_true(significant_digits(text) <= fewest_digits(value));
	}
}

static void integers_and_decimals_are_written_exactly(void **state)
{
	static const struct {
		int64_t digits;
		uint32_t scale;
		const char *text;
	} rows[] = {
		{ 0, 0, "0" },
		{ 0, 2, "0.00" },
		{ 7, 0, "7" },
		{ 12345, 2, "123.45" },
		{ -12345, 2, "-123.45" },
		{ 5, 2, "0.05" },
		{ -5, 18, "-0.000000000000000005" },
		{ 1200, 2, "12.00" },
		{ INT64_MAX, 0, "9223372036854775807" },
		{ INT64_MIN, 0, "-9223372036854775808" },
		{ INT64_MIN, 18, "-9.223372036854775808" },
	};
	char text[NUMBER_TEXT_SIZE + 1];

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		*decimal_to_text(text, rows[i].digits, rows[i].scale) = '\0';
		assert_string_equal(text, rows[i].text);
	}
}

static void decimals_are_read_exactly_or_refused(void **state)
{
	static const struct {
		const char *text;
		int result;
		int64_t digits;
		uint32_t scale;
	} rows[] = {
		{ "0", 0, 0, 0 },
		{ "12.340", 0, 12340, 3 },
		{ "-0.05", 0, -5, 2 },
		{ "+3", 0, 3, 0 },
		{ ".5", 0, 5, 1 },
		{ "5.", 0, 5, 0 },
		{ "1e3", 0, 1000, 0 },
		{ "1.5E-2", 0, 15, 3 },
		{ "100", 0, 100, 0 },
		{ "1.50000000000000000000000000", 0, 1500000000000000000, 18 },
		{ "0.00000000000000000000000", 0, 0, 18 },
		{ "9223372036854775807", 0, INT64_MAX, 0 },
		{ "9223372036854775808", -ERANGE, 0, 0 },
		{ "0.0000000000000000001", -ERANGE, 0, 0 },
		{ "1e19", -ERANGE, 0, 0 },
		{ "1e99999999999", -ERANGE, 0, 0 },
		{ "0.12345678901234567890", -ERANGE, 0, 0 },
		{ "", -EINVAL, 0, 0 },
		{ "-", -EINVAL, 0, 0 },
		{ ".", -EINVAL, 0, 0 },
		{ "1.2.3", -EINVAL, 0, 0 },
		{ "1e", -EINVAL, 0, 0 },
		{ "0x10", -EINVAL, 0, 0 },
		{ "nan", -EINVAL, 0, 0 },
		{ "1 ", -EINVAL, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct decimal value = { 0 };
		int r = decimal_from_text(rows[i].text, strlen(rows[i].text), &value);

		if (r != rows[i].result || value.digits != rows[i].digits ||
			value.scale != rows[i].scale)
			fail_msg("'%s': %d, %lld, %u", rows[i].text, r,
				(long long)value.digits, value.scale);
	}
}

static void integers_are_read_within_their_range(void **state)
{
	int64_t value;
	uint64_t large;

	(void)state;
	assert_int_equal(integer_from_text("-9223372036854775808", 20, &value), 0);
	assert_true(value == INT64_MIN);
	assert_int_equal(integer_from_text("9223372036854775808", 19, &value), -ERANGE);
	assert_int_equal(integer_from_text("-", 1, &value), -EINVAL);
	assert_int_equal(integer_from_text("1.5", 3, &value), -EINVAL);
	assert_int_equal(unsigned_from_text("18446744073709551615", 20, &large), 0);
	assert_true(large == UINT64_MAX);
	assert_int_equal(unsigned_from_text("18446744073709551616", 20, &large), -ERANGE);
	assert_int_equal(unsigned_from_text("-1", 2, &large), -EINVAL);
}

static void reals_are_read_when_finite(void **state)
{
	double value;

	(void)state;
	assert_int_equal(real_from_text("2.5e-3", 6, &value), 0);
	assert_true(value == 2.5e-3);
	assert_int_equal(real_from_text("1e999", 5, &value), -ERANGE);
	assert_int_equal(real_from_text("inf", 3, &value), -EINVAL);
	assert_int_equal(real_from_text("0x1p3", 5, &value), -EINVAL);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(reals_have_their_known_shortest_form),
	cmocka_unit_test(reals_read_back_equal_and_no_shorter_text_does),
	cmocka_unit_test(integers_and_decimals_are_written_exactly),
	cmocka_unit_test(decimals_are_read_exactly_or_refused),
	cmocka_unit_test(integers_are_read_within_their_range),
	cmocka_unit_test(reals_are_read_when_finite),
};

CASES_MAIN(cases)
