/* SPDX-License-Identifier: Apache-2.0 */
#include "number.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const char digit_pairs[] = "00010203040506070809101112131415161718192021222324"
				  "25262728293031323334353637383940414243444546474849"
				  "50515253545556575859606162636465666768697071727374"
				  "75767778798081828384858687888990919293949596979899";

char *unsigned_to_text(char *to, uint64_t value)
{
	char reversed[20];
	char *from = reversed + sizeof(reversed);
	size_t n;

	while (value >= 100) {
		from -= 2;
		memcpy(from, digit_pairs + 2 * (value % 100), 2);
		value /= 100;
	}
	if (value >= 10) {
		from -= 2;
		memcpy(from, digit_pairs + 2 * value, 2);
	} else {
		*--from = (char)('0' + value);
	}
	n = (size_t)(reversed + sizeof(reversed) - from);
	memcpy(to, from, n);
	return to + n;
}

static uint64_t magnitude(int64_t value)
{
	return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

char *integer_to_text(char *to, int64_t value)
{
	if (value < 0)
		*to++ = '-';
	return unsigned_to_text(to, magnitude(value));
}

char *decimal_to_text(char *to, int64_t digits, uint32_t scale)
{
	char text[NUMBER_TEXT_SIZE];
	size_t n = (size_t)(unsigned_to_text(text, magnitude(digits)) - text);
	size_t whole = n > scale ? n - scale : 0;

	if (digits < 0)
		*to++ = '-';
	if (scale == 0) {
		memcpy(to, text, n);
		return to + n;
	}
	if (whole == 0)
		*to++ = '0';
	memcpy(to, text, whole);
	to += whole;
	*to++ = '.';
	for (size_t i = n - whole; i < scale; i++)
		*to++ = '0';
	memcpy(to, text + whole, n - whole);
	return to + n - whole;
}

struct scan {
	const char *at, *end;
};

static bool scan_digit(struct scan *scan, unsigned int *ret_digit)
{
	if (scan->at == scan->end || *scan->at < '0' || *scan->at > '9')
		return false;
	*ret_digit = (unsigned int)(*scan->at++ - '0');
	return true;
}

static bool scan_sign(struct scan *scan)
{
	bool negative = scan->at < scan->end && *scan->at == '-';

	if (scan->at < scan->end && (*scan->at == '-' || *scan->at == '+'))
		scan->at++;
	return negative;
}

static bool scan_one_of(struct scan *scan, const char *set)
{
	if (scan->at == scan->end || *scan->at == '\0' || !strchr(set, *scan->at))
		return false;
	scan->at++;
	return true;
}

/* The digits of a decimal while they are read: zeros at the end are held back,
 * so that "1.50000000000000000000" fits. */
struct digits {
	uint64_t value;
	int32_t after_point;
	uint32_t held_zeros;
	bool any, overflow;
};

static void digits_add(struct digits *digits, unsigned int digit)
{
	digits->any = true;
	if (digit == 0) {
		digits->held_zeros++;
		return;
	}
	for (uint32_t i = 0; i <= digits->held_zeros && digits->value > 0; i++) {
		if (__builtin_mul_overflow(digits->value, UINT64_C(10), &digits->value))
			digits->overflow = true;
		if (digits->overflow)
			break;
	}
	digits->held_zeros = 0;
	if (__builtin_add_overflow(digits->value, (uint64_t)digit, &digits->value))
		digits->overflow = true;
}

static int scan_exponent(struct scan *scan, int32_t *ret_exponent)
{
	bool negative;
	unsigned int digit;
	int32_t exponent = 0;
	bool any = false;

	*ret_exponent = 0;
	if (!scan_one_of(scan, "eE"))
		return 0;
	negative = scan_sign(scan);
	while (scan_digit(scan, &digit)) {
		any = true;
		if (exponent < 100000)
			exponent = exponent * 10 + (int32_t)digit;
	}
	*ret_exponent = negative ? -exponent : exponent;
	return any ? 0 : -EINVAL;
}

/* Spends held zeros, and then multiplies, until the scale is in its bounds. */
static int decimal_settle(struct digits *digits, int32_t scale, struct decimal *ret_value)
{
	int32_t zeros = (int32_t)digits->held_zeros;

	if (digits->value == 0) {
		scale = scale < 0                   ? 0
			: scale > DECIMAL_MAX_SCALE ? DECIMAL_MAX_SCALE
						    : scale;
		*ret_value = (struct decimal){ 0, (uint32_t)scale };
		return 0;
	}
	/* Without its last zeros, the number is value / 10^(scale - zeros). */
	scale -= zeros;
	while (zeros > 0 || scale < 0) {
		uint64_t next;

		if (scale >= DECIMAL_MAX_SCALE ||
			__builtin_mul_overflow(digits->value, UINT64_C(10), &next) ||
			next > INT64_MAX)
			break;
		digits->value = next;
		zeros -= zeros > 0;
		scale++;
	}
	if (scale < 0 || scale > DECIMAL_MAX_SCALE || digits->value > INT64_MAX)
		return -ERANGE;
	*ret_value = (struct decimal){ (int64_t)digits->value, (uint32_t)scale };
	return 0;
}

int decimal_from_text(const char *text, size_t n, struct decimal *ret_value)
{
	struct scan scan = { text, text + n };
	struct digits digits = { 0 };
	bool negative = scan_sign(&scan);
	bool point = false;
	unsigned int digit;
	int32_t exponent;
	int r;

	while (scan.at < scan.end) {
		if (scan_digit(&scan, &digit)) {
			digits_add(&digits, digit);
			if (point && digits.after_point < 100000)
				digits.after_point++;
		} else if (point || !scan_one_of(&scan, ".")) {
			break;
		} else {
			point = true;
		}
	}
	r = scan_exponent(&scan, &exponent);
	if (r < 0 || !digits.any || scan.at < scan.end)
		return -EINVAL;
	if (digits.overflow)
		return -ERANGE;
	r = decimal_settle(&digits, digits.after_point - exponent, ret_value);
	if (r == 0 && negative)
		ret_value->digits = -ret_value->digits;
	return r;
}

int unsigned_from_text(const char *text, size_t n, uint64_t *ret_value)
{
	struct scan scan = { text, text + n };
	uint64_t value = 0;
	bool overflow = false;
	unsigned int digit;

	if (n == 0)
		return -EINVAL;
	while (scan_digit(&scan, &digit)) {
		overflow |= __builtin_mul_overflow(value, UINT64_C(10), &value);
		overflow |= __builtin_add_overflow(value, (uint64_t)digit, &value);
	}
	if (scan.at < scan.end)
		return -EINVAL;
	if (overflow)
		return -ERANGE;
	*ret_value = value;
	return 0;
}

int integer_from_text(const char *text, size_t n, int64_t *ret_value)
{
	struct scan scan = { text, text + n };
	bool negative = scan_sign(&scan);
	uint64_t value;
	int r = unsigned_from_text(scan.at, (size_t)(scan.end - scan.at), &value);

	if (r < 0)
		return r;
	if (value > (uint64_t)INT64_MAX + negative)
		return -ERANGE;
	*ret_value = negative ? (int64_t)(0 - value) : (int64_t)value;
	return 0;
}

static locale_t c_locale;

static void c_locale_prepare(void)
{
	c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

int real_from_text(const char *text, size_t n, double *ret_value)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	char copy[64];
	struct decimal unused;
	char *end;
	double value;

	/* decimal_from_text knows the grammar: no hexadecimal, no "nan". */
	if (n >= sizeof(copy) || decimal_from_text(text, n, &unused) == -EINVAL)
		return -EINVAL;
	memcpy(copy, text, n);
	copy[n] = '\0';
	pthread_once(&once, c_locale_prepare);
	value = strtod_l(copy, &end, c_locale);
	if (*end != '\0')
		return -EINVAL;
	if (!isfinite(value))
		return -ERANGE;
	*ret_value = value;
	return 0;
}
