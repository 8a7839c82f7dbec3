/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rookery/date.h - points in time as texts, and the calendar.
 *
 * A time is an int64_t of nanoseconds since 1970-01-01T00:00:00Z, without leap
 * seconds (Unix time), as in rk_sample: the years 1677 to 2262. What is outside is
 * refused with -ERANGE, and so is what is finer than a nanosecond, unless it is zeros.
 * A leap second, 23:59:60 in UTC, is the second that follows it; a 60 at any other
 * time is refused.
 *
 * Where a text names no zone, the caller does, by rookery/zone.h. The calendar is the
 * Gregorian, also before it was introduced (ISO 8601), from the year 0 to 9999.
 */
#ifndef RK_DATE_H
#define RK_DATE_H

#include <rookery/error.h>
#include <rookery/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rk_zone; /* rookery/zone.h; NULL where one is asked for is UTC */

#define RK_SECOND INT64_C(1000000000) /* in nanoseconds */

/* ---- texts --------------------------------------------------------------- */

/* How a time is written. No text of the first five means two things, so they are
 * RK_TIME_ANY; the others are read where they are asked for. */

/* "2026-11-22T10:00:00Z", "...T10:00:00.123456789+01:00" (RFC 3339); taken are
 * also t and z, a space for the T and before the offset, UTC and GMT for the Z, an
 * offset without colon or minutes, and a clock without seconds. */
#define RK_TIME_RFC3339 (1u << 0)
/* "2026-11-22 10:00:00", also with a T, with a fraction and without seconds: in the
 * zone of the caller */
#define RK_TIME_PLAIN (1u << 1)
/* "2026-11-22": its first instant in the zone of the caller */
#define RK_TIME_DAY (1u << 2)
/* "Sun, 22 Nov 2026 10:00:00 +0100" (RFC 5322, 3.3, with what 4.3 calls obsolete: two
 * digits of a year, letters for a zone, no seconds; before it RFC 2822 and 822) */
#define RK_TIME_MAIL (1u << 3)
/* "Sun, 22 Nov 2026 10:00:00 GMT", "Sunday, 22-Nov-26 10:00:00 GMT" and
 * "Sun Nov 22 10:00:00 2026" (RFC 9110, 5.6.7). Two digits are the years 1970 to 2069,
 * without a look at the clock. */
#define RK_TIME_HTTP (1u << 4)
/* "20261122", as RK_TIME_DAY, and "20261122T100000Z" (ISO 8601, the basic form) */
#define RK_TIME_COMPACT (1u << 5)
/* Seconds, milliseconds, ... since 1970, also with a fraction or an exponent; at most
 * one of these in a call */
#define RK_TIME_UNIX_S  (1u << 6)
#define RK_TIME_UNIX_MS (1u << 7)
#define RK_TIME_UNIX_US (1u << 8)
#define RK_TIME_UNIX_NS (1u << 9)

#define RK_TIME_ANY                                                                      \
	(RK_TIME_RFC3339 | RK_TIME_PLAIN | RK_TIME_DAY | RK_TIME_MAIL | RK_TIME_HTTP)

/* Reads a text of one of the forms (RK_TIME_ANY | RK_TIME_UNIX_S); where it fits
 * several, their order above decides. The day of the week must be one and is not
 * compared with the date. zone: of what names none; there, a time that the
 * clocks show twice is the first, and one that they skip is as much later as they
 * skip. -EINVAL: no such time; -ERANGE. */
int rk_time_from_text(const char *text, size_t n, uint32_t forms,
	const struct rk_zone *zone, int64_t *ret_ns, struct rk_error *ret_error);

#define RK_TIME_TEXT_SIZE 40

/* Writes a time in one form, with a NUL, and returns to. Fractions have 0, 3, 6 or 9
 * digits, as it takes. zone is that of RFC3339, PLAIN, DAY, MAIL and COMPACT's day; the
 * other forms are of UTC. RFC3339 and MAIL are written in UTC where the zone's offset is
 * no whole minutes, as before 1900. MAIL and HTTP have no fraction, and DAY and COMPACT
 * no time of day: they say less than ns does. COMPACT is the day alone. */
char *rk_time_to_text(char to[RK_TIME_TEXT_SIZE], int64_t ns, uint32_t form,
	const struct rk_zone *zone);

/* ---- the calendar --------------------------------------------------------- */

/* What a calendar and a clock on a wall show, in whatever zone. */
struct rk_civil {
	int32_t year, month, day; /* month and day from 1 */
	int32_t hour, minute, second, nanosecond;
};

bool rk_civil_is_valid(const struct rk_civil *civil);
int32_t rk_days_in_month(int32_t year, int32_t month);

/* Days since 1970-01-01, of any date that is valid, and back (years 0 to 9999). */
int64_t rk_days_from_civil(const struct rk_civil *civil);
struct rk_civil rk_civil_from_days(int64_t days);
/* Monday is 1, Sunday is 7 (ISO 8601). */
int32_t rk_weekday_from_days(int64_t days);

/* In UTC. -EINVAL: no valid date; -ERANGE. */
int rk_time_from_civil(const struct rk_civil *civil, int64_t *ret_ns);
struct rk_civil rk_civil_from_time(int64_t ns);

/* The date some days or months later (or before, where they are negative), at the
 * same time of the day. A day that the month does not have is its last: one month
 * after 31 January is 28 February, and two months after is 31 March. So
 * add to where billing began, not to the period before. -ERANGE: not within the years
 * 0 to 9999; -EINVAL: no valid date. */
int rk_civil_add_days(struct rk_civil *civil, int64_t days);
int rk_civil_add_months(struct rk_civil *civil, int64_t months);

#ifdef __cplusplus
}
#endif
#endif
