/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers of dates share: a text that is taken from its front, and what was
 * read of it. */
#ifndef SDK_DATE_SCAN_H
#define SDK_DATE_SCAN_H

#include <rookery/date.h>

#include <stddef.h>

struct rk_scan {
	const char *at, *end;
};

enum rk_dating {
	RK_DATING_OFFSET, /* the text has one */
	RK_DATING_ZONE,   /* the caller's counts */
	RK_DATING_DAY,    /* ... and the day's first instant there is meant */
};

struct rk_dated {
	struct rk_civil civil; /* second may be 60 */
	enum rk_dating dating;
	int32_t offset_s;
	bool is_too_fine; /* for nanoseconds */
};

/* Each takes what it is named for off the front, or leaves the text as it was
 * and returns false. */
bool rk_take(struct rk_scan *scan, char c);
bool rk_take_one_of(struct rk_scan *scan, const char *set);
bool rk_take_spaces(struct rk_scan *scan); /* one or more, also tabs */

/* least to most digits, as many as there are; 9 at most. */
bool rk_take_number(struct rk_scan *scan, int least, int most, int32_t *ret_number);

/* ".5": up to nanoseconds; no point is no fraction. False: a point alone. */
bool rk_take_fraction(struct rk_scan *scan, struct rk_dated *dated);

/* "+01:00", with the colon or, where it may be missing, without. */
bool rk_take_offset(struct rk_scan *scan, int32_t *ret_seconds);

/* Letters, whatever their case; the index of the name, -1: none of them. */
int rk_take_name(struct rk_scan *scan, const char *const *names, int n);

extern const char *const rk_month_names[12]; /* "Jan" */
extern const char *const rk_day_names[7];    /* "Mon" */

/* One reader for each form: true where the whole text has it, whether or not there is
 * such a date. */
bool rk_read_rfc3339(struct rk_scan scan, struct rk_dated *ret_dated);
bool rk_read_plain(struct rk_scan scan, struct rk_dated *ret_dated);
bool rk_read_day(struct rk_scan scan, struct rk_dated *ret_dated);
bool rk_read_compact(struct rk_scan scan, struct rk_dated *ret_dated);
bool rk_read_mail(struct rk_scan scan, struct rk_dated *ret_dated);
bool rk_read_http(struct rk_scan scan, struct rk_dated *ret_dated);

#endif
