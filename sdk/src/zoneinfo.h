/* SPDX-License-Identifier: Apache-2.0 */
/* A zone in memory, and what its readers and its users share. Times here are in
 * seconds. */
#ifndef SDK_ZONEINFO_H
#define SDK_ZONEINFO_H

#include <rookery/zone.h>

/* What RFC 9636, 3.2 allows an offset to be, to either side of UTC. */
#define RK_MOST_OFFSET_S 93600

/* When in a year the clocks are changed. */
struct rk_tz_rule {
	enum { RK_TZ_JULIAN, RK_TZ_DAY, RK_TZ_MONTH } kind;
	int32_t month, week; /* RK_TZ_MONTH alone; week 5 is the last */
	/* RK_TZ_JULIAN: 1 to 365, without leap days; RK_TZ_DAY: 0 to 365; RK_TZ_MONTH: of
	 * the week, Sunday is 0 */
	int32_t day;
	int32_t time_s; /* after the day's midnight, of the clocks as they go before */
};

/* What a text such as "CET-1CEST,M3.5.0,M10.5.0/3" says (POSIX, TZ). */
struct rk_tz {
	int32_t standard_s, daylight_s; /* offsets */
	bool has_daylight;
	struct rk_tz_rule start, end; /* of daylight saving time */
};

struct rk_change {
	int64_t at_s;
	int32_t offset_s; /* from then on */
};

struct rk_zone {
	int32_t first_offset_s; /* before the first change */
	bool has_footer;
	struct rk_tz footer; /* from the last change on */
	size_t n_changes;
	struct rk_change changes[]; /* ascending */
};

/* False: the n bytes are no such text. */
bool rk_tz_read(const char *text, size_t n, struct rk_tz *ret_tz);

/* The last change that is not after a time, and the first that is; there are both where
 * has_daylight. */
void rk_tz_around(const struct rk_tz *tz, int64_t at_s, struct rk_change *ret_before,
	struct rk_change *ret_after);

int32_t rk_zone_offset_at(const struct rk_zone *zone, int64_t at_s);

/* When the offset may change next; false: never again. */
bool rk_zone_next(const struct rk_zone *zone, int64_t after_s, int64_t *ret_at_s);

/* A zone without changes and footer. NULL: no memory. */
struct rk_zone *rk_zone_create(size_t n_changes);

#endif
