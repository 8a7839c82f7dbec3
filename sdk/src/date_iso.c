/* SPDX-License-Identifier: Apache-2.0 */
/* Dates with the year first: RFC 3339, and ISO 8601 as far as APIs use it. */
#include "date_scan.h"

static bool take_date(struct rk_scan *scan, struct rk_civil *civil)
{
	return rk_take_number(scan, 4, 4, &civil->year) && rk_take(scan, '-') &&
	       rk_take_number(scan, 2, 2, &civil->month) && rk_take(scan, '-') &&
	       rk_take_number(scan, 2, 2, &civil->day);
}

/* "10:00", "10:00:00.5" */
static bool take_clock(struct rk_scan *scan, struct rk_dated *dated)
{
	if (!rk_take_number(scan, 2, 2, &dated->civil.hour) || !rk_take(scan, ':') ||
		!rk_take_number(scan, 2, 2, &dated->civil.minute))
		return false;
	if (!rk_take(scan, ':'))
		return true;
	return rk_take_number(scan, 2, 2, &dated->civil.second) &&
	       rk_take_fraction(scan, dated);
}

static bool take_date_and_clock(struct rk_scan *scan, struct rk_dated *dated)
{
	return take_date(scan, &dated->civil) && rk_take_one_of(scan, "Tt ") &&
	       take_clock(scan, dated);
}

bool rk_read_rfc3339(struct rk_scan scan, struct rk_dated *ret_dated)
{
	static const char *const names[] = { "Z", "UTC", "GMT" };
	struct rk_dated dated = { .dating = RK_DATING_OFFSET };

	if (!take_date_and_clock(&scan, &dated))
		return false;
	rk_take(&scan, ' ');
	if (rk_take_name(&scan, names, 3) < 0 && !rk_take_offset(&scan, &dated.offset_s))
		return false;
	*ret_dated = dated;
	return scan.at == scan.end;
}

bool rk_read_plain(struct rk_scan scan, struct rk_dated *ret_dated)
{
	struct rk_dated dated = { .dating = RK_DATING_ZONE };

	if (!take_date_and_clock(&scan, &dated))
		return false;
	*ret_dated = dated;
	return scan.at == scan.end;
}

bool rk_read_day(struct rk_scan scan, struct rk_dated *ret_dated)
{
	struct rk_dated dated = { .dating = RK_DATING_DAY };

	if (!take_date(&scan, &dated.civil))
		return false;
	*ret_dated = dated;
	return scan.at == scan.end;
}

bool rk_read_compact(struct rk_scan scan, struct rk_dated *ret_dated)
{
	struct rk_dated dated = { .dating = RK_DATING_DAY };
	struct rk_civil *civil = &dated.civil;

	if (!rk_take_number(&scan, 4, 4, &civil->year) ||
		!rk_take_number(&scan, 2, 2, &civil->month) ||
		!rk_take_number(&scan, 2, 2, &civil->day))
		return false;
	if (rk_take(&scan, 'T')) {
		dated.dating = RK_DATING_OFFSET;
		if (!rk_take_number(&scan, 2, 2, &civil->hour) ||
			!rk_take_number(&scan, 2, 2, &civil->minute) ||
			!rk_take_number(&scan, 2, 2, &civil->second) ||
			!rk_take(&scan, 'Z'))
			return false;
	}
	*ret_dated = dated;
	return scan.at == scan.end;
}
