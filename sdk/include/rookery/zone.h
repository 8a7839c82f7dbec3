/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rookery/zone.h - named time zones, for sources that count by local days. C's own
 * functions know one zone for the whole process, TZ, which a plugin must not change.
 *
 * A zone is read once, from the TZif file (RFC 9636, versions 1 to 4; RFC 8536 before
 * it) that the system keeps for its name, and then never changes: any number of
 * threads may use it. NULL is UTC in all of these functions.
 *
 * Zones are best opened in start. The files are outside of what every sandbox opens: a
 * plugin that opens other zones than UTC, which needs none, declares RK_NEED_FILES, or
 * has the folder as an option with RK_PATH_READ.
 */
#ifndef RK_ZONE_H
#define RK_ZONE_H

#include <rookery/date.h>
#include <rookery/error.h>
#include <rookery/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rk_zone;

#define RK_ZONE_FOLDER   "/usr/share/zoneinfo"
#define RK_ZONE_MAX_SIZE 262144u /* bytes; the largest there is has 4 KiB */

/* Reads the zone "Europe/Vienna" from its file below folder; NULL: RK_ZONE_FOLDER. A name
 * is letters, digits, '_', '+', '-' and '/', at most 64 of them; none leads out of the
 * folder. The caller destroys what it gets.
 * -ENOENT: there is no such zone; -EINVAL: that is no name, or the file is no sound
 * TZif file; -ENOTSUP: it counts leap seconds (right/...), which a time does not;
 * others as open and read have them. */
int rk_zone_open(const char *name, const char *folder, struct rk_zone **ret_zone,
	struct rk_error *ret_error);

/* The same from the bytes of a file, which are not kept. */
int rk_zone_read(const void *data, size_t n, struct rk_zone **ret_zone,
	struct rk_error *ret_error);

void rk_zone_destroy(struct rk_zone *zone); /* NULL is fine */

/* Seconds to add to UTC at this time: 3600 is one hour east. */
int32_t rk_zone_offset(const struct rk_zone *zone, int64_t ns);

/* What calendar and clocks show at this time. */
struct rk_civil rk_zone_civil(const struct rk_zone *zone, int64_t ns);

/* What rk_zone_time found, beside 0: exactly one time. */
enum rk_zone_found {
	RK_ZONE_TWICE = 1, /* the clocks are set back over it: the first is given */
	RK_ZONE_SKIPPED,   /* they are set forward over it: as much behind the change
			    * as the clocks would show had they not been set */
};

/* When clocks show this. With daylight saving time in Vienna, 02:30 is skipped on
 * the last Sunday of March, and is 03:30; on that of October it comes twice.
 * -EINVAL: no valid date; -ERANGE. */
int rk_zone_time(
	const struct rk_zone *zone, const struct rk_civil *civil, int64_t *ret_ns);

/* [start_ns, end_ns), such as the period of a sample. */
struct rk_span {
	int64_t start_ns, end_ns;
};

/* The day of the zone that has this time: from the first instant with its date to
 * that of the next; 23 to 25 hours as a rule. Every time is in exactly one day, also
 * where clocks are set back over midnight. -ERANGE: it begins or ends beyond
 * what a time holds. */
int rk_zone_day(const struct rk_zone *zone, int64_t ns, struct rk_span *ret_day);

/* The month of the zone that has this time, from the first instant of the given day to
 * the same of the next month: 1 for calendar months, 31 for periods that begin on the
 * last. A day that a month does not have is its last. -EINVAL: no day of 1 to 31;
 * -ERANGE. */
int rk_zone_month(const struct rk_zone *zone, int64_t ns, int32_t first_day,
	struct rk_span *ret_month);

#ifdef __cplusplus
}
#endif
#endif
