/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Gregorian calendar. Years are counted from 1 March, so that the leap day is the
 * last of its year: then the months before a month have (153 * month + 2) / 5 days, and
 * 400 years have 146,097.
 */
#include <rookery/date.h>

#include "exact.h"
#include "local.h"

#include <errno.h>

#define DAYS_OF_400_YEARS 146097
#define DAYS_TO_1970      719468 /* from 0000-03-01 */
#define DAY_S             INT64_C(86400)
#define MAX_YEAR          9999

static bool is_leap(int32_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int32_t rk_days_in_month(int32_t year, int32_t month)
{
	static const int32_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

static bool is_within(int32_t value, int32_t least, int32_t most)
{
	return value >= least && value <= most;
}

bool rk_civil_is_valid(const struct rk_civil *civil)
{
	return is_within(civil->year, 0, MAX_YEAR) && is_within(civil->month, 1, 12) &&
	       is_within(civil->day, 1, rk_days_in_month(civil->year, civil->month)) &&
	       is_within(civil->hour, 0, 23) && is_within(civil->minute, 0, 59) &&
	       is_within(civil->second, 0, 59) &&
	       is_within(civil->nanosecond, 0, RK_SECOND - 1);
}

/* Days before 1 March of a year from 0 on, counted from the first of them. */
static int64_t days_before(int64_t year)
{
	return 365 * year + year / 4 - year / 100 + year / 400;
}

int64_t rk_days_from_civil(const struct rk_civil *civil)
{
	/* 400 years more, so that nothing is negative. */
	int64_t year = (int64_t)civil->year + 400 - (civil->month <= 2);
	int32_t month = (civil->month + 9) % 12;

	return days_before(year) + (153 * month + 2) / 5 + civil->day - 1 -
	       DAYS_OF_400_YEARS - DAYS_TO_1970;
}

struct rk_civil rk_civil_from_days(int64_t days)
{
	int64_t rest = days + DAYS_TO_1970 + DAYS_OF_400_YEARS;
	int64_t year = rest * 400 / DAYS_OF_400_YEARS;
	int32_t month;

	/* That is one year off at most. */
	if (days_before(year + 1) <= rest)
		year++;
	else if (days_before(year) > rest)
		year--;
	rest -= days_before(year);
	month = (int32_t)((5 * rest + 2) / 153);
	return (struct rk_civil){
		.year = (int32_t)(year - 400 + (month >= 10)),
		.month = (month + 2) % 12 + 1,
		.day = (int32_t)(rest - (153 * month + 2) / 5 + 1),
	};
}

int32_t rk_weekday_from_days(int64_t days)
{
	/* 1970-01-01 was a Thursday. */
	return (int32_t)(((days + 3) % 7 + 7) % 7 + 1);
}

int64_t rk_civil_seconds(const struct rk_civil *civil)
{
	return rk_days_from_civil(civil) * DAY_S + civil->hour * INT64_C(3600) +
	       civil->minute * INT64_C(60) + civil->second;
}

int rk_join_seconds(int64_t seconds, int32_t nanosecond, int64_t *ret_ns)
{
	rk_wide ns = (rk_wide)seconds * RK_SECOND + nanosecond;

	if (ns < INT64_MIN || ns > INT64_MAX)
		return -ERANGE;
	*ret_ns = (int64_t)ns;
	return 0;
}

int rk_time_from_civil(const struct rk_civil *civil, int64_t *ret_ns)
{
	if (!rk_civil_is_valid(civil))
		return -EINVAL;
	return rk_join_seconds(rk_civil_seconds(civil), civil->nanosecond, ret_ns);
}

int64_t rk_floor_seconds(int64_t ns)
{
	return ns / RK_SECOND - (ns % RK_SECOND < 0);
}

struct rk_civil rk_civil_from_seconds(int64_t seconds)
{
	int64_t rest = (seconds % DAY_S + DAY_S) % DAY_S;
	struct rk_civil civil = rk_civil_from_days((seconds - rest) / DAY_S);

	civil.hour = (int32_t)(rest / 3600);
	civil.minute = (int32_t)(rest / 60 % 60);
	civil.second = (int32_t)(rest % 60);
	return civil;
}

struct rk_civil rk_civil_from_time(int64_t ns)
{
	return rk_zone_civil(NULL, ns);
}

static void set_date(struct rk_civil *civil, int32_t year, int32_t month, int32_t day)
{
	civil->year = year;
	civil->month = month;
	civil->day = day;
}

int rk_civil_add_days(struct rk_civil *civil, int64_t days)
{
	static const struct rk_civil first = { .year = 0, .month = 1, .day = 1 };
	static const struct rk_civil last = { .year = MAX_YEAR, .month = 12, .day = 31 };
	struct rk_civil date;

	if (!rk_civil_is_valid(civil))
		return -EINVAL;
	if (__builtin_add_overflow(days, rk_days_from_civil(civil), &days) ||
		days < rk_days_from_civil(&first) || days > rk_days_from_civil(&last))
		return -ERANGE;
	date = rk_civil_from_days(days);
	set_date(civil, date.year, date.month, date.day);
	return 0;
}

int rk_civil_add_months(struct rk_civil *civil, int64_t months)
{
	int32_t year, month, most;

	if (!rk_civil_is_valid(civil))
		return -EINVAL;
	if (__builtin_add_overflow(
		    months, (int64_t)civil->year * 12 + civil->month - 1, &months) ||
		months < 0 || months / 12 > MAX_YEAR)
		return -ERANGE;
	year = (int32_t)(months / 12);
	month = (int32_t)(months % 12) + 1;
	most = rk_days_in_month(year, month);
	set_date(civil, year, month, civil->day < most ? civil->day : most);
	return 0;
}
