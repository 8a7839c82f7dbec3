/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The TZ strings that end TZif files and say what comes after their last change: those of
 * POSIX.1-2017, 8.3, with times from -167 to 167 hours (RFC 9636, 3.3.1). One without
 * rules for its daylight saving time says too little and is refused.
 */
#include "date_scan.h"
#include "local.h"
#include "zoneinfo.h"

#define DAY_S INT64_C(86400)

static bool is_of_name(char c, bool is_quoted)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (is_quoted && ((c >= '0' && c <= '9') || c == '+' || c == '-'));
}

static bool take_name(struct rk_scan *scan)
{
	bool is_quoted = rk_take(scan, '<');
	size_t n = 0;

	while (scan->at < scan->end && is_of_name(*scan->at, is_quoted)) {
		scan->at++;
		n++;
	}
	return n >= 3 && (!is_quoted || rk_take(scan, '>'));
}

/* "-1", "+05:30", "167:59:59" */
static bool take_time(struct rk_scan *scan, int32_t most_hours, int32_t *ret_seconds)
{
	bool is_negative = rk_take(scan, '-');
	int32_t hours, minutes = 0, seconds = 0;

	if (!is_negative)
		rk_take(scan, '+');
	if (!rk_take_number(scan, 1, 3, &hours) || hours > most_hours)
		return false;
	if (rk_take(scan, ':') && !rk_take_number(scan, 2, 2, &minutes))
		return false;
	if (rk_take(scan, ':') && !rk_take_number(scan, 2, 2, &seconds))
		return false;
	if (minutes > 59 || seconds > 59)
		return false;
	seconds += hours * 3600 + minutes * 60;
	*ret_seconds = is_negative ? -seconds : seconds;
	return true;
}

static bool take_offset(struct rk_scan *scan, int32_t *ret_seconds)
{
	int32_t west;

	if (!take_time(scan, 24, &west))
		return false;
	*ret_seconds = -west;
	return true;
}

static bool take_day(struct rk_scan *scan, struct rk_tz_rule *rule)
{
	if (rk_take(scan, 'M')) {
		rule->kind = RK_TZ_MONTH;
		return rk_take_number(scan, 1, 2, &rule->month) && rk_take(scan, '.') &&
		       rk_take_number(scan, 1, 1, &rule->week) && rk_take(scan, '.') &&
		       rk_take_number(scan, 1, 1, &rule->day) && rule->month >= 1 &&
		       rule->month <= 12 && rule->week >= 1 && rule->week <= 5 &&
		       rule->day <= 6;
	}
	rule->kind = rk_take(scan, 'J') ? RK_TZ_JULIAN : RK_TZ_DAY;
	return rk_take_number(scan, 1, 3, &rule->day) && rule->day <= 365 &&
	       rule->day >= (rule->kind == RK_TZ_JULIAN ? 1 : 0);
}

static bool take_rule(struct rk_scan *scan, struct rk_tz_rule *rule)
{
	rule->time_s = 2 * 3600;
	if (!rk_take(scan, ',') || !take_day(scan, rule))
		return false;
	return !rk_take(scan, '/') || take_time(scan, 167, &rule->time_s);
}

bool rk_tz_read(const char *text, size_t n, struct rk_tz *ret_tz)
{
	struct rk_scan scan = { text, text + n };
	struct rk_tz tz = { .has_daylight = false };

	if (!take_name(&scan) || !take_offset(&scan, &tz.standard_s))
		return false;
	if (scan.at < scan.end) {
		tz.has_daylight = true;
		tz.daylight_s = tz.standard_s + 3600;
		if (!take_name(&scan))
			return false;
		if (scan.at < scan.end && *scan.at != ',' &&
			!take_offset(&scan, &tz.daylight_s))
			return false;
		if (!take_rule(&scan, &tz.start) || !take_rule(&scan, &tz.end))
			return false;
	}
	*ret_tz = tz;
	return scan.at == scan.end;
}

/* ---- when the clocks are changed -------------------------------------------- */

static int64_t day_of(const struct rk_tz_rule *rule, int32_t year)
{
	struct rk_civil civil = { .year = year, .month = 1, .day = 1 };
	int64_t first;
	int32_t day;

	if (rule->kind == RK_TZ_DAY)
		return rk_days_from_civil(&civil) + rule->day;
	if (rule->kind == RK_TZ_JULIAN)
		return rk_days_from_civil(&civil) + rule->day - 1 +
		       (rule->day >= 60 && rk_days_in_month(year, 2) == 29);
	civil.month = rule->month;
	first = rk_days_from_civil(&civil);
	day = (rule->day - rk_weekday_from_days(first) + 7) % 7 + 7 * (rule->week - 1);
	return first + (day < rk_days_in_month(year, rule->month) ? day : day - 7);
}

static struct rk_change change_of(const struct rk_tz *tz, int32_t year, bool is_start)
{
	const struct rk_tz_rule *rule = is_start ? &tz->start : &tz->end;
	int32_t before = is_start ? tz->standard_s : tz->daylight_s;

	return (struct rk_change){
		.at_s = day_of(rule, year) * DAY_S + rule->time_s - before,
		.offset_s = is_start ? tz->daylight_s : tz->standard_s,
	};
}

/* A rule may reach into the year before or behind its own, and then it is the one of
 * another year that was last or comes next: so five years are looked at. Daylight saving
 * time all the year is written so that it starts in the moment in which it ends: then the
 * start counts. */
void rk_tz_around(const struct rk_tz *tz, int64_t at_s, struct rk_change *ret_before,
	struct rk_change *ret_after)
{
	int32_t year = rk_civil_from_seconds(at_s).year;

	ret_before->at_s = INT64_MIN;
	ret_after->at_s = INT64_MAX;
	for (int i = -4; i < 6; i++) {
		bool is_start = (i & 1) != 0;
		struct rk_change change =
			change_of(tz, year + (i - (i & 1)) / 2, is_start);

		if (change.at_s > at_s && change.at_s < ret_after->at_s)
			*ret_after = change;
		if (change.at_s <= at_s &&
			(change.at_s > ret_before->at_s ||
				(change.at_s == ret_before->at_s && is_start)))
			*ret_before = change;
	}
}
