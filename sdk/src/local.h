/* SPDX-License-Identifier: Apache-2.0 */
/* What dates and zones need of each other beyond their headers. */
#ifndef SDK_LOCAL_H
#define SDK_LOCAL_H

#include <rookery/zone.h>

/* The first instant that has this date in the zone, whatever time the clocks then
 * show; of a date that they skip as a whole, the change itself. The time of day in civil
 * does not count. -ERANGE. */
int rk_local_day_start(
	const struct rk_zone *zone, const struct rk_civil *civil, int64_t *ret_ns);

/* Seconds since 1970 of the clock on the wall, as if it were that of UTC, and back. */
int64_t rk_civil_seconds(const struct rk_civil *civil);
struct rk_civil rk_civil_from_seconds(int64_t seconds);

/* A time's whole second, also before 1970, and back. -ERANGE. */
int64_t rk_floor_seconds(int64_t ns);
int rk_join_seconds(int64_t seconds, int32_t nanosecond, int64_t *ret_ns);

#endif
