/* SPDX-License-Identifier: Apache-2.0 */
/* Times to texts. */
#include <rookery/date.h>
#include <rookery/number.h>
#include <rookery/zone.h>

#include "date_scan.h"

#include <stdio.h>
#include <string.h>

/* What a form is written from. */
struct written {
	struct rk_civil civil;
	int32_t offset_s;
	const char *day_name;
};

static const char *put_fraction(char to[12], int32_t ns)
{
	to[0] = '\0';
	if (ns % 1000 != 0)
		snprintf(to, 12, ".%09d", ns);
	else if (ns % 1000000 != 0)
		snprintf(to, 12, ".%06d", ns / 1000);
	else if (ns != 0)
		snprintf(to, 12, ".%03d", ns / 1000000);
	return to;
}

static const char *put_offset(char to[12], int32_t seconds, const char *colon)
{
	int32_t minutes = (seconds < 0 ? -seconds : seconds) / 60;

	snprintf(to, 12, "%c%02d%s%02d", seconds < 0 ? '-' : '+', minutes / 60, colon,
		minutes % 60);
	return to;
}

static void put_clock(
	char *to, const struct written *from, char between, const char *offset)
{
	const struct rk_civil *civil = &from->civil;
	char fraction[12];

	snprintf(to, RK_TIME_TEXT_SIZE, "%04d-%02d-%02d%c%02d:%02d:%02d%s%s", civil->year,
		civil->month, civil->day, between, civil->hour, civil->minute,
		civil->second, put_fraction(fraction, civil->nanosecond), offset);
}

static void put_names(char *to, const struct written *from, const char *zone)
{
	const struct rk_civil *civil = &from->civil;

	snprintf(to, RK_TIME_TEXT_SIZE, "%s, %02d %s %04d %02d:%02d:%02d %s",
		from->day_name, civil->day, rk_month_names[civil->month - 1], civil->year,
		civil->hour, civil->minute, civil->second, zone);
}

static void put_unix(char *to, int64_t ns, uint32_t form)
{
	uint32_t scale = form == RK_TIME_UNIX_S    ? 9
			 : form == RK_TIME_UNIX_MS ? 6
			 : form == RK_TIME_UNIX_US ? 3
						   : 0;

	for (; scale > 0 && ns % 1000 == 0; scale -= 3)
		ns /= 1000;
	rk_number_to_text(to, rk_decimal(ns, scale));
}

static struct written look(int64_t ns, const struct rk_zone *zone)
{
	struct written from = {
		.civil = rk_zone_civil(zone, ns),
		.offset_s = rk_zone_offset(zone, ns),
	};

	from.day_name =
		rk_day_names[rk_weekday_from_days(rk_days_from_civil(&from.civil)) - 1];
	return from;
}

char *rk_time_to_text(
	char to[RK_TIME_TEXT_SIZE], int64_t ns, uint32_t form, const struct rk_zone *zone)
{
	bool names_offset = form == RK_TIME_RFC3339 || form == RK_TIME_MAIL;
	struct written from = look(ns, form == RK_TIME_HTTP ? NULL : zone);
	char offset[12];

	if (names_offset && from.offset_s % 60 != 0)
		from = look(ns, NULL);
	to[0] = '\0';
	if (form == RK_TIME_RFC3339)
		put_clock(to, &from, 'T',
			from.offset_s == 0 ? "Z"
					   : put_offset(offset, from.offset_s, ":"));
	else if (form == RK_TIME_PLAIN)
		put_clock(to, &from, ' ', "");
	else if (form == RK_TIME_MAIL)
		put_names(to, &from, put_offset(offset, from.offset_s, ""));
	else if (form == RK_TIME_HTTP)
		put_names(to, &from, "GMT");
	else if (form == RK_TIME_DAY || form == RK_TIME_COMPACT)
		snprintf(to, RK_TIME_TEXT_SIZE,
			form == RK_TIME_DAY ? "%04d-%02d-%02d" : "%04d%02d%02d",
			from.civil.year, from.civil.month, from.civil.day);
	else if (form >= RK_TIME_UNIX_S && form <= RK_TIME_UNIX_NS)
		put_unix(to, ns, form);
	return to;
}
