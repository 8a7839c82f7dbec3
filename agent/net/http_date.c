/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The forms differ in their order alone, so a date is read word by word: what a word
 * looks like says what it is. Names of days are not looked at: they say nothing new.
 */
#include "http_date.h"

#include "base/macros.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#define DAY_S INT64_C(86400)

struct date {
	int day, month, year; /* -1: not there yet; month from 0 */
	int hour, minute, second;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Exactly n digits; -1 where they are none. */
static int digits(const char *text, size_t n)
{
	int value = 0;

	for (size_t i = 0; i < n; i++) {
		if (!is_digit(text[i]))
			return -1;
		value = 10 * value + (text[i] - '0');
	}
	return value;
}

static int month_of(const char *text)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (size_t i = 0; i < 12; i++) {
		if (memcmp(names + 3 * i, text, 3) == 0)
			return (int)i;
	}
	return -1;
}

/* "08:49:37" */
static bool take_clock(const char *word, struct date *date)
{
	if (word[2] != ':' || word[5] != ':')
		return false;
	date->hour = digits(word, 2);
	date->minute = digits(word + 3, 2);
	date->second = digits(word + 6, 2);
	return date->hour >= 0 && date->minute >= 0 && date->second >= 0;
}

static bool take_number(const char *word, size_t n, struct date *date)
{
	int value = n <= 4 ? digits(word, n) : -1;

	if (value < 0 || n == 3)
		return false;
	if (date->day < 0 && n <= 2)
		date->day = value;
	else if (date->year < 0 && n != 1)
		date->year = n == 4 ? value : value - 100; /* ... of some century */
	else
		return false;
	return true;
}

static bool take_word(const char *word, size_t n, struct date *date)
{
	if (n == 8 && word[2] == ':')
		return date->hour < 0 && take_clock(word, date);
	if (is_digit(*word))
		return take_number(word, n, date);
	if (n == 3 && month_of(word) >= 0 && date->month < 0)
		date->month = month_of(word);
	else if (date->day >= 0 && (n != 3 || memcmp(word, "GMT", 3) != 0))
		return false; /* a name of a day comes first */
	return true;
}

static bool take_words(const char *text, struct date *date)
{
	size_t n_words = 0;

	while (*text) {
		size_t n = strcspn(text, " ,-");

		if (n > 0 && (++n_words > 6 || !take_word(text, n, date)))
			return false;
		text += n;
		text += strspn(text, " ,-");
	}
	return date->day > 0 && date->month >= 0 && date->year != -1 && date->hour >= 0;
}

/* Two digits mean the year that is not more than 50 years ahead (RFC 9110). */
static int whole_year(int year, int64_t now_ns)
{
	time_t now = (time_t)(now_ns / NS_PER_SECOND);
	struct tm today;
	int whole;

	if (year >= 0 || !gmtime_r(&now, &today))
		return year;
	whole = (today.tm_year + 1900) / 100 * 100 + year + 100;
	return whole > today.tm_year + 1900 + 50 ? whole - 100 : whole;
}

int http_date_read(const char *text, int64_t now_ns, int64_t *ret_time_ns)
{
	struct date date = { -1, -1, -1, -1, -1, -1 };
	struct tm tm = { 0 };
	time_t time;

	if (strlen(text) > 40 || !take_words(text, &date))
		return -EINVAL;
	date.year = whole_year(date.year, now_ns);
	if (date.year < 1678 || date.year > 2261 || date.day > 31 || date.hour > 23 ||
		date.minute > 59 || date.second > 60)
		return -EINVAL;
	tm.tm_year = date.year - 1900;
	tm.tm_mon = date.month;
	tm.tm_mday = date.day;
	tm.tm_hour = date.hour;
	tm.tm_min = date.minute;
	tm.tm_sec = date.second;
	time = timegm(&tm);
	if (tm.tm_mday != date.day) /* the 31st of June */
		return -EINVAL;
	*ret_time_ns = (int64_t)time * NS_PER_SECOND;
	return 0;
}

int http_retry_after(const char *text, int64_t now_ns, int64_t *ret_span_ns)
{
	int64_t seconds = 0, time_ns;
	const char *at = text;

	if (!is_digit(*text)) {
		if (http_date_read(text, now_ns, &time_ns) < 0)
			return -EINVAL;
		*ret_span_ns = MIN(MAX(time_ns - now_ns, 0), DAY_S * NS_PER_SECOND);
		return 0;
	}
	for (; is_digit(*at); at++)
		seconds = MIN(10 * seconds + (*at - '0'), DAY_S);
	if (*at)
		return -EINVAL;
	*ret_span_ns = seconds * NS_PER_SECOND;
	return 0;
}
