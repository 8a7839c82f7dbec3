/* SPDX-License-Identifier: Apache-2.0 */
/* Dates with names in them: those of mail (RFC 5322, 3.3 and 4.3) and of HTTP (RFC 9110,
 * 5.6.7). */
#include "date_scan.h"

static const char *const full_day_names[7] = { "Monday", "Tuesday", "Wednesday",
	"Thursday", "Friday", "Saturday", "Sunday" };

/* RFC 5322, 4.3. All letters alone are UTC: their meaning was once defined wrongly. */
static const char *const zone_names[] = { "UT", "GMT", "UTC", "EDT", "EST", "CDT", "CST",
	"MDT", "MST", "PDT", "PST" };
static const int32_t zone_hours[] = { 0, 0, 0, -4, -5, -5, -6, -6, -7, -7, -8 };

static bool take_month(struct rk_scan *scan, int32_t *ret_month)
{
	*ret_month = rk_take_name(scan, rk_month_names, 12) + 1;
	return *ret_month > 0;
}

/* Two digits of a year count from 1900 where they are at least first. */
static bool take_year(struct rk_scan *scan, int32_t first, int32_t *ret_year)
{
	const char *at = scan->at;
	int32_t year;

	if (!rk_take_number(scan, 2, 4, &year))
		return false;
	if (scan->at - at == 2)
		year += year >= first ? 1900 : 2000;
	else if (scan->at - at == 3)
		year += 1900;
	*ret_year = year;
	return true;
}

static bool take_clock(struct rk_scan *scan, struct rk_civil *civil)
{
	if (!rk_take_number(scan, 1, 2, &civil->hour) || !rk_take(scan, ':') ||
		!rk_take_number(scan, 2, 2, &civil->minute))
		return false;
	return !rk_take(scan, ':') || rk_take_number(scan, 2, 2, &civil->second);
}

static bool take_zone(struct rk_scan *scan, int32_t *ret_offset_s)
{
	int zone = rk_take_name(
		scan, zone_names, (int)(sizeof(zone_names) / sizeof(zone_names[0])));

	if (zone >= 0) {
		*ret_offset_s = zone_hours[zone] * 3600;
		return true;
	}
	if (rk_take_one_of(scan, "ABCDEFGHIKLMNOPQRSTUVWXYZabcdefghiklmnopqrstuvwxyz")) {
		*ret_offset_s = 0;
		return true;
	}
	return rk_take_offset(scan, ret_offset_s);
}

/* " (CET)", at the end. */
static void take_comment(struct rk_scan *scan)
{
	const char *end = scan->end;

	rk_take_spaces(scan);
	if (end - scan->at >= 2 && *scan->at == '(' && end[-1] == ')')
		scan->at = end;
}

bool rk_read_mail(struct rk_scan scan, struct rk_dated *ret_dated)
{
	struct rk_dated dated = { .dating = RK_DATING_OFFSET };
	struct rk_civil *civil = &dated.civil;

	rk_take_spaces(&scan);
	if (rk_take_name(&scan, rk_day_names, 7) >= 0) {
		if (!rk_take(&scan, ','))
			return false;
		rk_take_spaces(&scan);
	}
	if (!rk_take_number(&scan, 1, 2, &civil->day) || !rk_take_spaces(&scan) ||
		!take_month(&scan, &civil->month) || !rk_take_spaces(&scan) ||
		!take_year(&scan, 50, &civil->year) || !rk_take_spaces(&scan) ||
		!take_clock(&scan, civil) || !rk_take_spaces(&scan) ||
		!take_zone(&scan, &dated.offset_s))
		return false;
	take_comment(&scan);
	*ret_dated = dated;
	return scan.at == scan.end;
}

/* "Sunday, 22-Nov-26 10:00:00 GMT" (once RFC 850) */
static bool take_with_dashes(struct rk_scan *scan, struct rk_civil *civil)
{
	return rk_take_name(scan, full_day_names, 7) >= 0 && rk_take(scan, ',') &&
	       rk_take(scan, ' ') && rk_take_number(scan, 2, 2, &civil->day) &&
	       rk_take(scan, '-') && take_month(scan, &civil->month) &&
	       rk_take(scan, '-') && take_year(scan, 70, &civil->year) &&
	       rk_take(scan, ' ') && take_clock(scan, civil) && rk_take(scan, ' ') &&
	       rk_take_name(scan, zone_names, 3) >= 0;
}

/* "Sun, 22 Nov 2026 10:00:00 GMT" */
static bool take_fixed(struct rk_scan *scan, struct rk_civil *civil)
{
	return rk_take_name(scan, rk_day_names, 7) >= 0 && rk_take(scan, ',') &&
	       rk_take(scan, ' ') && rk_take_number(scan, 2, 2, &civil->day) &&
	       rk_take(scan, ' ') && take_month(scan, &civil->month) &&
	       rk_take(scan, ' ') && rk_take_number(scan, 4, 4, &civil->year) &&
	       rk_take(scan, ' ') && take_clock(scan, civil) && rk_take(scan, ' ') &&
	       rk_take_name(scan, zone_names, 3) >= 0;
}

/* "Sun Nov 22 10:00:00 2026" (C's asctime) */
static bool take_asctime(struct rk_scan *scan, struct rk_civil *civil)
{
	return rk_take_name(scan, rk_day_names, 7) >= 0 && rk_take(scan, ' ') &&
	       take_month(scan, &civil->month) && rk_take_spaces(scan) &&
	       rk_take_number(scan, 1, 2, &civil->day) && rk_take(scan, ' ') &&
	       take_clock(scan, civil) && rk_take(scan, ' ') &&
	       rk_take_number(scan, 4, 4, &civil->year);
}

bool rk_read_http(struct rk_scan scan, struct rk_dated *ret_dated)
{
	static bool (*const readers[])(struct rk_scan *,
		struct rk_civil *) = { take_fixed, take_with_dashes, take_asctime };

	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		struct rk_dated dated = { .dating = RK_DATING_OFFSET };
		struct rk_scan rest = scan;

		if (readers[i](&rest, &dated.civil) && rest.at == rest.end) {
			*ret_dated = dated;
			return true;
		}
	}
	return false;
}
