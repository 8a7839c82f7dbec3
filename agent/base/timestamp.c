/* SPDX-License-Identifier: Apache-2.0 */
#include "timestamp.h"

#include "macros.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define SECONDS_PER_DAY 86400
#define DAYS_TO_1970    719468 /* from 0000-03-01 */
#define DAYS_PER_ERA    146097 /* 400 years */

struct date {
	int year;
	int month, day; /* from 1 */
};

/* Counts years from 1 March, so that the leap day is the last of its year. */
static struct date date_from_days(int64_t days)
{
	int64_t from_era = days + DAYS_TO_1970;
	int64_t era =
		(from_era >= 0 ? from_era : from_era - DAYS_PER_ERA + 1) / DAYS_PER_ERA;
	int day_of_era = (int)(from_era - era * DAYS_PER_ERA);
	int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
				  day_of_era / (DAYS_PER_ERA - 1)) /
			  365;
	int day_of_year =
		day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int month_from_march = (5 * day_of_year + 2) / 153;
	int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;

	return (struct date){
		.year = year_of_era + (int)era * 400 + (month <= 2),
		.month = month,
		.day = day_of_year - (153 * month_from_march + 2) / 5 + 1,
	};
}

static int64_t date_to_days(struct date date)
{
	int year = date.year - (date.month <= 2);
	int era = (year >= 0 ? year : year - 399) / 400;
	int year_of_era = year - era * 400;
	int month_from_march = date.month > 2 ? date.month - 3 : date.month + 9;
	int day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
	int day_of_era =
		year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return (int64_t)era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970;
}

static char *put_two(char *to, int value)
{
	to[0] = (char)('0' + value / 10);
	to[1] = (char)('0' + value % 10);
	return to + 2;
}

static void cache_fill(struct timestamp_cache *cache, int64_t second)
{
	int64_t days = second / SECONDS_PER_DAY;
	int rest = (int)(second % SECONDS_PER_DAY);
	char *to = cache->text;
	struct date date;

	if (rest < 0) {
		rest += SECONDS_PER_DAY;
		days--;
	}
	date = date_from_days(days);
	to = put_two(to, date.year / 100);
	to = put_two(to, date.year % 100);
	*to++ = '-';
	to = put_two(to, date.month);
	*to++ = '-';
	to = put_two(to, date.day);
	*to++ = 'T';
	to = put_two(to, rest / 3600);
	*to++ = ':';
	to = put_two(to, rest / 60 % 60);
	*to++ = ':';
	to = put_two(to, rest % 60);
	cache->size = (size_t)(to - cache->text);
	cache->second = second;
}

static char *put_fraction(char *to, int fraction)
{
	int digits = fraction % 1000 ? 9 : fraction % 1000000 ? 6 : 3;
	int unit = 100000000;

	if (fraction == 0)
		return to;
	*to++ = '.';
	for (int i = 0; i < digits; i++, unit /= 10)
		*to++ = (char)('0' + fraction / unit % 10);
	return to;
}

char *timestamp_to_text(struct timestamp_cache *cache, char *to, int64_t time_ns)
{
	int64_t second = time_ns / NS_PER_SECOND;
	int64_t fraction = time_ns % NS_PER_SECOND;

	if (fraction < 0) {
		fraction += NS_PER_SECOND;
		second--;
	}
	if (cache->size == 0 || cache->second != second)
		cache_fill(cache, second);
	memcpy(to, cache->text, cache->size);
	to = put_fraction(to + cache->size, (int)fraction);
	*to++ = 'Z';
	return to;
}

struct scan {
	const char *at, *end;
};

static bool scan_char(struct scan *scan, char c)
{
	if (scan->at == scan->end || *scan->at != c)
		return false;
	scan->at++;
	return true;
}

static bool scan_digits(struct scan *scan, int n, int *ret_value)
{
	int value = 0;

	if (scan->end - scan->at < n)
		return false;
	for (int i = 0; i < n; i++, scan->at++) {
		if (*scan->at < '0' || *scan->at > '9')
			return false;
		value = value * 10 + (*scan->at - '0');
	}
	*ret_value = value;
	return true;
}

static int days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

static bool scan_date(struct scan *scan, int64_t *ret_days)
{
	struct date date;

	if (!scan_digits(scan, 4, &date.year) || !scan_char(scan, '-') ||
		!scan_digits(scan, 2, &date.month) || !scan_char(scan, '-') ||
		!scan_digits(scan, 2, &date.day))
		return false;
	if (date.month < 1 || date.month > 12 || date.day < 1 ||
		date.day > days_in_month(date.year, date.month))
		return false;
	*ret_days = date_to_days(date);
	return true;
}

static bool scan_clock(struct scan *scan, int *ret_seconds)
{
	int hour, minute, second;

	if (!scan_digits(scan, 2, &hour) || !scan_char(scan, ':') ||
		!scan_digits(scan, 2, &minute) || !scan_char(scan, ':') ||
		!scan_digits(scan, 2, &second))
		return false;
	/* A leap second (RFC 3339, 5.6) is the second that follows it. */
	if (hour > 23 || minute > 59 || second > 60)
		return false;
	*ret_seconds = hour * 3600 + minute * 60 + second;
	return true;
}

static bool scan_fraction(struct scan *scan, int *ret_ns)
{
	int digit, unit = 100000000;
	bool any = false;

	*ret_ns = 0;
	if (!scan_char(scan, '.'))
		return true;
	while (scan_digits(scan, 1, &digit)) {
		*ret_ns += digit * unit;
		unit /= 10;
		any = true;
	}
	return any;
}

static bool scan_offset(struct scan *scan, int *ret_seconds)
{
	int sign, hour, minute;

	*ret_seconds = 0;
	if (scan_char(scan, 'Z') || scan_char(scan, 'z'))
		return true;
	if (scan_char(scan, '+'))
		sign = 1;
	else if (scan_char(scan, '-'))
		sign = -1;
	else
		return false;
	if (!scan_digits(scan, 2, &hour) || !scan_char(scan, ':') ||
		!scan_digits(scan, 2, &minute) || hour > 23 || minute > 59)
		return false;
	*ret_seconds = sign * (hour * 3600 + minute * 60);
	return true;
}

int timestamp_from_text(const char *text, size_t n, int64_t *ret_time_ns)
{
	struct scan scan = { text, text + n };
	int64_t days, time_ns;
	int seconds = 0, fraction = 0, offset = 0;

	if (!scan_date(&scan, &days))
		return -EINVAL;
	if (scan.at < scan.end) {
		if (!scan_char(&scan, 'T') && !scan_char(&scan, 't') &&
			!scan_char(&scan, ' '))
			return -EINVAL;
		if (!scan_clock(&scan, &seconds) || !scan_fraction(&scan, &fraction) ||
			!scan_offset(&scan, &offset) || scan.at < scan.end)
			return -EINVAL;
	}
	if (__builtin_mul_overflow(
		    days * SECONDS_PER_DAY + seconds - offset, NS_PER_SECOND, &time_ns) ||
		__builtin_add_overflow(time_ns, (int64_t)fraction, ret_time_ns))
		return -ERANGE;
	return 0;
}
