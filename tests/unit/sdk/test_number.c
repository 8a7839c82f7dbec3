/* SPDX-License-Identifier: Apache-2.0 */
#include <rookery/number.h>

#include "cases.h"

#include <errno.h>
#include <locale.h>
#include <string.h>

static struct rk_number of(const char *text)
{
	struct rk_number number;

	assert_int_equal(rk_number_from_text(text, strlen(text), &number), 0);
	return number;
}

static void texts_are_read_exactly_or_refused(void **state)
{
	static const struct {
		const char *text;
		int result;
		int64_t digits;
		uint32_t scale;
	} rows[] = {
		{ "0", 0, 0, 0 },
		{ "-0", 0, 0, 0 },
		{ "-0.00", 0, 0, 2 },
		{ "12.340", 0, 12340, 3 },
		{ "-12.340", 0, -12340, 3 },
		{ "+7", 0, 7, 0 },
		{ ".5", 0, 5, 1 },
		{ "5.", 0, 5, 0 },
		{ "1e3", 0, 1000, 0 },
		{ "1.50E-2", 0, 150, 4 },
		{ "1.50e3", 0, 1500, 0 },
		{ "1.5000e1", 0, 15000, 3 },
		{ "1e+2", 0, 100, 0 },
		{ "0e999999999999", 0, 0, 0 },
		{ "0.000000000000000000000000", 0, 0, 18 },
		{ "0.000000000000000001", 0, 1, 18 },
		{ "1e-18", 0, 1, 18 },
		{ "0.0000000000000000010", 0, 1, 18 },
		{ "9223372036854775807", 0, INT64_MAX, 0 },
		{ "-9223372036854775808", 0, INT64_MIN, 0 },
		{ "9.223372036854775807", 0, INT64_MAX, 18 },
		{ "1.50000000000000000000000000000000", 0, 1500000000000000000, 18 },
		{ "90.00000000000000000", 0, 9000000000000000000, 17 },
		{ "100.00000000000000000", 0, 1000000000000000000, 16 },
		{ "0.00000000000000000150e18", 0, 150, 2 },
		{ "9223372036854775808", -ERANGE, 0, 0 },
		{ "-9223372036854775809", -ERANGE, 0, 0 },
		{ "18446744073709551616", -ERANGE, 0, 0 },
		{ "1e19", -ERANGE, 0, 0 },
		{ "1e-19", -ERANGE, 0, 0 },
		{ "1e99999999999999999999", -ERANGE, 0, 0 },
		{ "1e-99999999999999999999", -ERANGE, 0, 0 },
		{ "0.1234567890123456789", -ERANGE, 0, 0 },
		{ "", -EINVAL, 0, 0 },
		{ ".", -EINVAL, 0, 0 },
		{ "-", -EINVAL, 0, 0 },
		{ "+-1", -EINVAL, 0, 0 },
		{ "-+1", -EINVAL, 0, 0 },
		{ "1e", -EINVAL, 0, 0 },
		{ "1e+", -EINVAL, 0, 0 },
		{ "1e-+1", -EINVAL, 0, 0 },
		{ "1.2.3", -EINVAL, 0, 0 },
		{ "1,000", -EINVAL, 0, 0 },
		{ " 1", -EINVAL, 0, 0 },
		{ "1 ", -EINVAL, 0, 0 },
		{ "0x10", -EINVAL, 0, 0 },
		{ "nan", -EINVAL, 0, 0 },
		{ "inf", -EINVAL, 0, 0 },
		{ "18446744073709551616x", -EINVAL, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		struct rk_number number = rk_decimal(-77, 7);
		int r = rk_number_from_text(rows[i].text, strlen(rows[i].text), &number);

		if (r != rows[i].result)
			fail_msg("'%s' gives %d", rows[i].text, r);
		if (r < 0) {
			assert_int_equal(number.digits, -77);
			continue;
		}
		if (number.digits != rows[i].digits || number.scale != rows[i].scale)
			fail_msg("'%s' gives %lld/%u", rows[i].text,
				(long long)number.digits, number.scale);
		assert_int_equal(number.form, RK_DECIMAL);
	}
	assert_int_equal(
		rk_number_from_text("1\0", 2, &(struct rk_number){ 0 }), -EINVAL);
}

static void texts_are_written_with_all_digits(void **state)
{
	static const struct {
		int64_t digits;
		uint32_t scale;
		const char *text;
	} rows[] = {
		{ 0, 0, "0" },
		{ 0, 2, "0.00" },
		{ 5, 2, "0.05" },
		{ -5, 2, "-0.05" },
		{ 12340, 3, "12.340" },
		{ 100, 2, "1.00" },
		{ INT64_MAX, 0, "9223372036854775807" },
		{ INT64_MIN, 0, "-9223372036854775808" },
		{ INT64_MIN, 18, "-9.223372036854775808" },
		{ -1, 18, "-0.000000000000000001" },
		{ 1, 19, "" },
	};
	char text[RK_NUMBER_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++)
		assert_string_equal(rk_number_to_text(text,
					    rk_decimal(rows[i].digits, rows[i].scale)),
			rows[i].text);
	assert_string_equal(rk_number_to_text(text, (struct rk_number){ .real = 1 }), "");
}

typedef int operation(struct rk_number, struct rk_number, struct rk_number *);

static void sums_and_products_are_exact_or_refused(void **state)
{
	static const struct {
		operation *does;
		const char *a, *b, *result; /* NULL: -ERANGE */
	} rows[] = {
		{ rk_number_add, "0.1", "0.2", "0.3" },
		{ rk_number_add, "1.50", "1.5", "3.00" },
		{ rk_number_add, "9223372036854775807", "1", NULL },
		{ rk_number_add, "9223372036854775807", "-1.00", "9223372036854775806" },
		{ rk_number_add, "9223372036854775807", "0.1", NULL },
		{ rk_number_add, "9.223372036854775807", "0.000000000000000003",
			"9.22337203685477581" },
		{ rk_number_add, "-9223372036854775808", "-9223372036854775808", NULL },
		{ rk_number_subtract, "0.3", "0.1", "0.2" },
		{ rk_number_subtract, "0", "-9223372036854775808", NULL },
		{ rk_number_subtract, "-1", "9223372036854775807",
			"-9223372036854775808" },
		{ rk_number_multiply, "0.00010", "1234567", "123.45670" },
		{ rk_number_multiply, "-1.5", "1.5", "-2.25" },
		{ rk_number_multiply, "0.000000001", "0.000000001",
			"0.000000000000000001" },
		{ rk_number_multiply, "0.000000001", "0.0000000001", NULL },
		{ rk_number_multiply, "0.00000000010", "0.0000000010", NULL },
		{ rk_number_multiply, "0.0000000020", "0.0000000050",
			"0.000000000000000010" },
		{ rk_number_multiply, "9223372036854775807", "2", NULL },
		{ rk_number_multiply, "-9223372036854775808", "-1", NULL },
		{ rk_number_multiply, "-9223372036854775808", "1",
			"-9223372036854775808" },
		{ rk_number_multiply, "-9223372036854775808", "-9223372036854775808",
			NULL },
		{ rk_number_multiply, "0", "9223372036854775807", "0" },
	};
	char text[RK_NUMBER_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		struct rk_number result = rk_decimal(-77, 7);
		int r = rows[i].does(of(rows[i].a), of(rows[i].b), &result);

		if (!rows[i].result) {
			assert_int_equal(r, -ERANGE);
			assert_int_equal(result.digits, -77);
			continue;
		}
		assert_int_equal(r, 0);
		assert_string_equal(rk_number_to_text(text, result), rows[i].result);
	}
}

static void numbers_are_compared_by_value(void **state)
{
	static const struct {
		const char *a, *b;
		int order;
	} rows[] = {
		{ "1.50", "1.5", 0 },
		{ "0", "-0.00", 0 },
		{ "0.1", "0.09", 1 },
		{ "-1", "0.000000000000000001", -1 },
		{ "9223372036854775807", "9.223372036854775807", 1 },
		{ "-9223372036854775808", "-9.223372036854775808", -1 },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		int order = 77;

		assert_int_equal(
			rk_number_compare(of(rows[i].a), of(rows[i].b), &order), 0);
		assert_int_equal(order, rows[i].order);
		assert_int_equal(
			rk_number_compare(of(rows[i].b), of(rows[i].a), &order), 0);
		assert_int_equal(order, -rows[i].order);
	}
}

static void powers_of_ten_and_divisors_are_exact_or_refused(void **state)
{
	static const struct {
		const char *number;
		int32_t exponent;
		int64_t divisor; /* 0: shift */
		const char *result;
	} rows[] = {
		{ "0.80", -3, 0, "0.00080" },
		{ "12.5", 1, 0, "125" },
		{ "12.5", 3, 0, "12500" },
		{ "1", 18, 0, "1000000000000000000" },
		{ "1", 19, 0, NULL },
		{ "1", -18, 0, "0.000000000000000001" },
		{ "1", -19, 0, NULL },
		{ "1000000000000000000", -36, 0, "0.000000000000000001" },
		{ "1000000000000000000", -37, 0, NULL },
		{ "0", INT32_MAX, 0, "0" },
		{ "0", INT32_MIN, 0, "0.000000000000000000" },
		{ "5", INT32_MAX, 0, NULL },
		{ "5", INT32_MIN, 0, NULL },
		{ "1", 0, 8, "0.125" },
		{ "10.00", 0, 4, "2.50" },
		{ "1", 0, 3, NULL },
		{ "-9223372036854775808", 0, -1, NULL },
		{ "7", 0, -2, "-3.5" },
	};
	char text[RK_NUMBER_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		struct rk_number result;
		int r = rows[i].divisor ? rk_number_divide_exactly(of(rows[i].number),
						  rows[i].divisor, &result)
					: rk_number_shift(of(rows[i].number),
						  rows[i].exponent, &result);

		assert_int_equal(r, rows[i].result ? 0 : -ERANGE);
		if (rows[i].result)
			assert_string_equal(
				rk_number_to_text(text, result), rows[i].result);
	}
	assert_int_equal(
		rk_number_divide_exactly(of("1"), 0, &(struct rk_number){ 0 }), -EDOM);
}

static void whole_numbers_are_integers(void **state)
{
	int64_t integer = 0;

	(void)state;
	assert_int_equal(rk_number_to_integer(of("-12.00"), &integer), 0);
	assert_int_equal(integer, -12);
	assert_int_equal(rk_number_to_integer(of("12.01"), &integer), -ERANGE);
	assert_int_equal(integer, -12);
}

static void what_is_no_decimal_is_refused(void **state)
{
	struct rk_number real = { .real = 1.5 }, result;
	struct rk_number coarse = rk_decimal(1, 19), one = rk_decimal(1, 0);
	int64_t integer;
	int order;

	(void)state;
	assert_int_equal(rk_number_add(real, one, &result), -EINVAL);
	assert_int_equal(rk_number_add(one, coarse, &result), -EINVAL);
	assert_int_equal(rk_number_subtract(one, real, &result), -EINVAL);
	assert_int_equal(rk_number_multiply(one, real, &result), -EINVAL);
	assert_int_equal(rk_number_compare(real, one, &order), -EINVAL);
	assert_int_equal(rk_number_shift(coarse, 1, &result), -EINVAL);
	assert_int_equal(rk_number_divide_exactly(real, 1, &result), -EINVAL);
	assert_int_equal(rk_number_to_integer(real, &integer), -EINVAL);
}

static void reals_are_read_whatever_the_locale(void **state)
{
	double real = 0;

	(void)state;
	setlocale(LC_ALL, "de_DE.UTF-8");
	assert_int_equal(rk_real_from_text("12.345678901234567890123", 24, &real), 0);
	assert_true(real == 12.345678901234567890123);
	assert_int_equal(rk_real_from_text("1e400", 5, &real), -ERANGE);
	assert_int_equal(rk_real_from_text("0x1p3", 5, &real), -EINVAL);
	assert_int_equal(rk_real_from_text("nan", 3, &real), -EINVAL);
	assert_int_equal(rk_real_from_text("1e-400", 6, &real), 0);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(texts_are_read_exactly_or_refused),
	cmocka_unit_test(texts_are_written_with_all_digits),
	cmocka_unit_test(sums_and_products_are_exact_or_refused),
	cmocka_unit_test(numbers_are_compared_by_value),
	cmocka_unit_test(powers_of_ten_and_divisors_are_exact_or_refused),
	cmocka_unit_test(whole_numbers_are_integers),
	cmocka_unit_test(what_is_no_decimal_is_refused),
	cmocka_unit_test(reals_are_read_whatever_the_locale),
};

CASES_MAIN(cases)
