/* SPDX-License-Identifier: Apache-2.0 */
#include "number.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_SCALE = 18, MAX_SIGNIFICANT = 17, MAX_EXPONENT = 400, MAX_TEXT = 400 };

#define NS_PER_SECOND INT64_C(1000000000)

/* A number taken apart: its digits without leading zeros, and where its point is. */
struct parts {
	bool is_negative, overflows;
	uint64_t digits;
	int n_significant; /* digits, without zeros at either end */
	int n_zeros;       /* behind the digits, not among them yet */
	int scale;         /* may be below 0 */
};

static bool shift(struct parts *parts, uint64_t digit)
{
	if (parts->digits > (UINT64_MAX - digit) / 10)
		return false;
	parts->digits = parts->digits * 10 + digit;
	return true;
}

static void add_digit(struct parts *parts, char c)
{
	if (c == '0') {
		parts->n_zeros += parts->n_significant > 0;
		return;
	}
	parts->n_significant += parts->n_zeros + 1;
	for (; parts->n_zeros > 0 && !parts->overflows; parts->n_zeros--)
		parts->overflows = !shift(parts, 0);
	parts->n_zeros = 0;
	if (!parts->overflows)
		parts->overflows = !shift(parts, (uint64_t)(c - '0'));
}

/* Zeros at the end are kept as far as there is room. */
static void add_zeros(struct parts *parts)
{
	for (; parts->n_zeros > 0 && parts->digits <= INT64_MAX / 10; parts->n_zeros--)
		(void)shift(parts, 0);
	parts->scale -= parts->n_zeros;
}

/* -EINVAL where it is no number. */
static int take_apart(const char *text, size_t n, struct parts *parts)
{
	size_t i = n > 0 && text[0] == '-';
	bool has_point = false, has_digits = false;
	char *end;
	long exponent;

	*parts = (struct parts){ .is_negative = i > 0 };
	for (; i < n; i++) {
		if (text[i] == '.' && !has_point) {
			has_point = true;
			continue;
		}
		if (text[i] < '0' || text[i] > '9')
			break;
		add_digit(parts, text[i]);
		parts->scale += has_point;
		has_digits = true;
	}
	if (!has_digits)
		return -EINVAL;
	add_zeros(parts);
	if (i == n)
		return 0;
	if ((text[i] != 'e' && text[i] != 'E') || i + 1 == n)
		return -EINVAL;
	if (!strchr("+-0123456789", text[i + 1]))
		return -EINVAL;
	exponent = strtol(text + i + 1, &end, 10);
	if (end != text + n)
		return -EINVAL;
	if (exponent > MAX_EXPONENT || exponent < -MAX_EXPONENT)
		return -ERANGE;
	parts->scale -= (int)exponent;
	return 0;
}

/* Whether it is exact as digits and scale. */
static bool to_decimal(struct parts *parts, struct rk_number *ret_value)
{
	if (parts->overflows)
		return false;
	while (parts->scale < 0 && parts->digits <= INT64_MAX / 10) {
		parts->digits *= 10;
		parts->scale += parts->digits ? 1 : -parts->scale;
	}
	while (parts->scale > MAX_SCALE && parts->digits % 10 == 0) {
		parts->digits /= 10;
		parts->scale = parts->digits ? parts->scale - 1 : 0;
	}
	if (parts->scale < 0 || parts->scale > MAX_SCALE || parts->digits > INT64_MAX)
		return false;
	*ret_value = (struct rk_number){
		.digits = parts->is_negative ? -(int64_t)parts->digits
					     : (int64_t)parts->digits,
		.form = RK_DECIMAL,
		.scale = (uint32_t)parts->scale,
	};
	return true;
}

/* With a point, whatever locale this process has. */
static int to_real(const char *text, size_t n, struct rk_number *ret_value)
{
	char copy[MAX_TEXT + 1];
	locale_t plain;
	double value;

	if (n > MAX_TEXT)
		return -ERANGE;
	memcpy(copy, text, n);
	copy[n] = '\0';
	plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	if (!plain)
		return -ENOMEM;
	value = strtod_l(copy, NULL, plain);
	freelocale(plain);
	if (!isfinite(value) || value == 0)
		return -ERANGE;
	*ret_value = (struct rk_number){ .real = value, .form = RK_REAL };
	return 0;
}

int number_from_text(
	const char *text, size_t n, bool may_be_real, struct rk_number *ret_value)
{
	struct parts parts;
	int r = take_apart(text, n, &parts);

	if (r < 0)
		return r;
	if (to_decimal(&parts, ret_value))
		return 0;
	if (!may_be_real || parts.n_significant > MAX_SIGNIFICANT)
		return -ERANGE;
	return to_real(text, n, ret_value);
}

/* ---- times ---------------------------------------------------------------- */

/* n digits as a number from least to most; -1 where they are not. */
static int take_number(const char **text, int n, int least, int most)
{
	int value = 0;

	for (int i = 0; i < n; i++, (*text)++) {
		if (**text < '0' || **text > '9')
			return -1;
		value = value * 10 + (**text - '0');
	}
	return value < least || value > most ? -1 : value;
}

static bool take_character(const char **text, const char *which)
{
	if (!**text || !strchr(which, **text))
		return false;
	(*text)++;
	return true;
}

/* ".5" and so on to nanoseconds; more than nine digits are no time of ours. */
static bool take_fraction(const char **text, int64_t *ret_ns)
{
	int64_t ns = 0, unit = NS_PER_SECOND;

	*ret_ns = 0;
	if (!take_character(text, "."))
		return true;
	while (**text >= '0' && **text <= '9') {
		unit /= 10;
		if (unit == 0)
			return false;
		ns += (*(*text)++ - '0') * unit;
	}
	*ret_ns = ns;
	return unit < NS_PER_SECOND;
}

static bool take_offset(const char **text, int64_t *ret_s)
{
	bool is_east = **text == '+';
	int hours, minutes;

	*ret_s = 0;
	if (take_character(text, "Zz"))
		return true;
	if (!take_character(text, "+-"))
		return false;
	hours = take_number(text, 2, 0, 23);
	if (!take_character(text, ":"))
		return false;
	minutes = take_number(text, 2, 0, 59);
	*ret_s = (hours * 60 + minutes) * INT64_C(60) * (is_east ? 1 : -1);
	return hours >= 0 && minutes >= 0;
}

static int days_of(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leaps = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leaps);
}

/* "2026-11-21T03:04:05"; -1 in a field where it is not right. */
static bool take_date(const char **text, struct tm *ret_tm)
{
	int year = take_number(text, 4, 1678, 2261), month, day;

	if (year < 0 || !take_character(text, "-"))
		return false;
	month = take_number(text, 2, 1, 12);
	if (month < 0 || !take_character(text, "-"))
		return false;
	day = take_number(text, 2, 1, days_of(year, month));
	*ret_tm = (struct tm){
		.tm_year = year - 1900,
		.tm_mon = month - 1,
		.tm_mday = day,
	};
	return day >= 0 && take_character(text, "Tt ");
}

static bool take_clock(const char **text, struct tm *tm)
{
	tm->tm_hour = take_number(text, 2, 0, 23);
	if (tm->tm_hour < 0 || !take_character(text, ":"))
		return false;
	tm->tm_min = take_number(text, 2, 0, 59);
	if (tm->tm_min < 0 || !take_character(text, ":"))
		return false;
	tm->tm_sec = take_number(text, 2, 0, 59);
	return tm->tm_sec >= 0;
}

int time_from_text(const char *text, int64_t *ret_time_ns)
{
	struct tm tm;
	int64_t fraction_ns, offset_s, ns;

	if (!take_date(&text, &tm) || !take_clock(&text, &tm) ||
		!take_fraction(&text, &fraction_ns) || !take_offset(&text, &offset_s) ||
		*text)
		return -EINVAL;
	if (__builtin_mul_overflow(timegm(&tm) - offset_s, NS_PER_SECOND, &ns) ||
		__builtin_add_overflow(ns, fraction_ns, &ns))
		return -EINVAL;
	*ret_time_ns = ns;
	return 0;
}

char *time_to_text(char to[TIME_TEXT_SIZE], int64_t time_ns)
{
	int64_t ns = time_ns % NS_PER_SECOND;
	time_t seconds = time_ns / NS_PER_SECOND - (ns < 0);
	struct tm tm;
	size_t n;

	gmtime_r(&seconds, &tm);
	n = strftime(to, TIME_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(to + n, TIME_TEXT_SIZE - n, ".%09dZ",
		(int)(ns < 0 ? ns + NS_PER_SECOND : ns));
	return to;
}
