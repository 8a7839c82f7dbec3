/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From what calendar and clocks show to times. Seen from the time, a zone is a row of
 * spans, each with an offset; a reading of the clocks belongs to as many of them as have
 * it: none where it is skipped, two where it comes twice. The spans that can have it
 * are those within a bit more than a day to both sides.
 */
#include "local.h"

#include "zoneinfo.h"

#include <errno.h>

struct found {
	int n;             /* how often clocks show it */
	int64_t first_s;   /* ... for the first time */
	int64_t late_s;    /* had the clocks not been set forward over it */
	int64_t reached_s; /* when they first show it or more */
	bool is_reached;
};

static void reach(struct found *found, int64_t at_s)
{
	if (!found->is_reached)
		found->reached_s = at_s;
	found->is_reached = true;
}

static struct found find(const struct rk_zone *zone, int64_t local_s)
{
	struct found found = { .n = 0 };
	int64_t from = local_s - RK_MOST_OFFSET_S, next;

	for (; from <= local_s + RK_MOST_OFFSET_S; from = next) {
		int64_t at = local_s - rk_zone_offset_at(zone, from);

		if (!rk_zone_next(zone, from, &next))
			next = INT64_MAX;
		if (at >= from && at < next) {
			reach(&found, at);
			if (found.n++ == 0)
				found.first_s = at;
		} else if (at >= next && local_s - rk_zone_offset_at(zone, next) < next) {
			reach(&found, next);
			found.late_s = at;
		}
	}
	return found;
}

int rk_zone_time(
	const struct rk_zone *zone, const struct rk_civil *civil, int64_t *ret_ns)
{
	struct found found;
	int r;

	if (!rk_civil_is_valid(civil))
		return -EINVAL;
	found = find(zone, rk_civil_seconds(civil));
	r = rk_join_seconds(
		found.n > 0 ? found.first_s : found.late_s, civil->nanosecond, ret_ns);
	if (r < 0)
		return r;
	return found.n == 1 ? 0 : found.n == 0 ? RK_ZONE_SKIPPED : RK_ZONE_TWICE;
}

/* ---- days and months -------------------------------------------------------- */

int rk_local_day_start(
	const struct rk_zone *zone, const struct rk_civil *civil, int64_t *ret_ns)
{
	struct rk_civil midnight = {
		.year = civil->year,
		.month = civil->month,
		.day = civil->day,
	};

	return rk_join_seconds(
		find(zone, rk_civil_seconds(&midnight)).reached_s, 0, ret_ns);
}

/* What begins on a date. */
struct period {
	struct rk_civil first;
	int32_t first_day; /* of the months; 0: they are days */
};

static void period_move(struct period *period, int64_t by)
{
	int32_t most;

	if (period->first_day == 0) {
		rk_civil_add_days(&period->first, by);
		return;
	}
	period->first.day = 1;
	rk_civil_add_months(&period->first, by);
	most = rk_days_in_month(period->first.year, period->first.month);
	period->first.day = period->first_day < most ? period->first_day : most;
}

/* The dates where the clocks were set back over midnight come twice, in turns: there,
 * the period that was reached last counts. */
static int find_span(const struct rk_zone *zone, int64_t ns, struct period period,
	struct rk_span *ret_span)
{
	struct rk_span span;
	int r = rk_local_day_start(zone, &period.first, &span.end_ns);

	do {
		span.start_ns = span.end_ns;
		period_move(&period, 1);
		if (r == 0)
			r = rk_local_day_start(zone, &period.first, &span.end_ns);
	} while (r == 0 && span.end_ns <= ns);
	if (r == 0)
		*ret_span = span;
	return r;
}

int rk_zone_day(const struct rk_zone *zone, int64_t ns, struct rk_span *ret_day)
{
	struct period period = { .first = rk_zone_civil(zone, ns) };

	return find_span(zone, ns, period, ret_day);
}

int rk_zone_month(const struct rk_zone *zone, int64_t ns, int32_t first_day,
	struct rk_span *ret_month)
{
	struct rk_civil civil = rk_zone_civil(zone, ns);
	struct period period = { .first = civil, .first_day = first_day };

	if (first_day < 1 || first_day > 31)
		return -EINVAL;
	period_move(&period, 0);
	if (period.first.day > civil.day)
		period_move(&period, -1);
	return find_span(zone, ns, period, ret_month);
}
