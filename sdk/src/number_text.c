/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decimals to text and back. A text is read into its significant digits, without the
 * zeros that it ends with, and the power of ten that those are times: so "1.50" and
 * "0.00000000000000000150e18" are one thing before it is decided how many of the
 * zeros fit.
 */
#include <rookery/number.h>

#include "exact.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* What exponents stop to grow at; a number with so many digits is refused before. */
#define FAR INT64_C(1000000000)

struct scan {
	const char *at, *end;
};

/* A number while it is read: digits * 10^zeros, with n_after of those digits and zeros
 * behind the point. */
struct reading {
	uint64_t digits;
	int64_t zeros, n_after;
	bool is_negative, has_digits, is_too_long;
};

static bool take(struct scan *scan, const char *set)
{
	if (scan->at == scan->end || *scan->at == '\0' || !strchr(set, *scan->at))
		return false;
	scan->at++;
	return true;
}

static bool at_digit(const struct scan *scan)
{
	return scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9';
}

static bool times_ten(uint64_t *digits)
{
	return !__builtin_mul_overflow(*digits, UINT64_C(10), digits);
}

static void add_digit(struct reading *reading, unsigned int digit)
{
	reading->has_digits = true;
	if (digit == 0) {
		reading->zeros++;
		return;
	}
	for (; reading->digits > 0 && reading->zeros >= 0; reading->zeros--) {
		if (!times_ten(&reading->digits)) {
			reading->is_too_long = true;
			return;
		}
	}
	reading->zeros = 0;
	reading->is_too_long |= __builtin_add_overflow(
		reading->digits, (uint64_t)digit, &reading->digits);
}

static void read_digits(struct scan *scan, struct reading *reading)
{
	bool is_after_point = false;

	for (;;) {
		if (at_digit(scan)) {
			add_digit(reading, (unsigned int)(*scan->at++ - '0'));
			reading->n_after += is_after_point;
		} else if (is_after_point || !take(scan, ".")) {
			return;
		} else {
			is_after_point = true;
		}
	}
}

static bool read_exponent(struct scan *scan, int64_t *ret_exponent)
{
	bool is_negative, has_digits = false;
	int64_t exponent = 0;

	*ret_exponent = 0;
	if (!take(scan, "eE"))
		return true;
	is_negative = take(scan, "-");
	if (!is_negative)
		take(scan, "+");
	for (; at_digit(scan); scan->at++) {
		has_digits = true;
		if (exponent < FAR)
			exponent = exponent * 10 + (*scan->at - '0');
	}
	*ret_exponent = is_negative ? -exponent : exponent;
	return has_digits;
}

/* The value is digits * 10^power; up to zeros of the power may become digits. */
static int settle(
	const struct reading *reading, int64_t power, struct rk_number *ret_number)
{
	int64_t scale = -power, zeros = reading->zeros;
	uint64_t digits = reading->digits;

	if (digits == 0) {
		scale = reading->n_after;
		*ret_number = rk_decimal(0, scale > 18 ? 18 : (uint32_t)scale);
		return 0;
	}
	while (scale < 18 && (zeros > 0 || scale < 0)) {
		uint64_t next = digits;

		if (!times_ten(&next) || next > INT64_MAX)
			break;
		digits = next;
		scale++;
		zeros--;
	}
	if (scale < 0 || scale > 18 ||
		digits > (uint64_t)INT64_MAX + reading->is_negative)
		return -ERANGE;
	*ret_number =
		rk_decimal(reading->is_negative ? (int64_t)(0 - digits) : (int64_t)digits,
			(uint32_t)scale);
	return 0;
}

int rk_number_from_text(const char *text, size_t n, struct rk_number *ret_number)
{
	struct scan scan = { text, text + n };
	struct reading reading = { .is_negative = take(&scan, "-") };
	int64_t exponent;

	if (!reading.is_negative)
		take(&scan, "+");
	read_digits(&scan, &reading);
	if (!reading.has_digits || !read_exponent(&scan, &exponent) || scan.at < scan.end)
		return -EINVAL;
	if (reading.is_too_long)
		return -ERANGE;
	return settle(&reading, reading.zeros - reading.n_after + exponent, ret_number);
}

char *rk_number_to_text(char to[RK_NUMBER_TEXT_SIZE], struct rk_number number)
{
	char reversed[RK_NUMBER_TEXT_SIZE];
	uint64_t rest =
		number.digits < 0 ? 0 - (uint64_t)number.digits : (uint64_t)number.digits;
	size_t n = 0, at = 0;

	if (rk_number_is_decimal(number)) {
		for (uint32_t i = 0; rest > 0 || i <= number.scale; i++, rest /= 10) {
			if (i == number.scale && i > 0)
				reversed[n++] = '.';
			reversed[n++] = (char)('0' + rest % 10);
		}
		if (number.digits < 0)
			reversed[n++] = '-';
	}
	while (n > 0)
		to[at++] = reversed[--n];
	to[at] = '\0';
	return to;
}

static locale_t c_locale;

static void c_locale_prepare(void)
{
	c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

int rk_real_from_text(const char *text, size_t n, double *ret_real)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct rk_number unused;
	char copy[1025];
	double real;

	/* It knows the grammar: no hexadecimal, no "nan". */
	if (n >= sizeof(copy) || rk_number_from_text(text, n, &unused) == -EINVAL)
		return -EINVAL;
	memcpy(copy, text, n);
	copy[n] = '\0';
	pthread_once(&once, c_locale_prepare);
	real = strtod_l(copy, NULL, c_locale);
	if (!isfinite(real))
		return -ERANGE;
	*ret_real = real;
	return 0;
}
