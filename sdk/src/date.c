/* SPDX-License-Identifier: Apache-2.0 */
/* Texts to times: which form a text has, and then when that is. */
#include <rookery/date.h>
#include <rookery/number.h>

#include "date_scan.h"
#include "error.h"
#include "exact.h"
#include "local.h"

#include <errno.h>
#include <string.h>

#define DAY_S INT64_C(86400)

/* In the order in which they are tried. */
static const struct {
	uint32_t form;
	bool (*read)(struct rk_scan, struct rk_dated *);
	const char *example;
} known[] = {
	{ RK_TIME_RFC3339, rk_read_rfc3339, "2026-11-22T10:00:00Z" },
	{ RK_TIME_PLAIN, rk_read_plain, "2026-11-22 10:00:00" },
	{ RK_TIME_DAY, rk_read_day, "2026-11-22" },
	{ RK_TIME_MAIL, rk_read_mail, "Sun, 22 Nov 2026 10:00:00 +0100" },
	{ RK_TIME_HTTP, rk_read_http, "Sun, 22 Nov 2026 10:00:00 GMT" },
	{ RK_TIME_COMPACT, rk_read_compact, "20261122" },
	{ RK_TIME_UNIX_S, NULL, "1795341600" },
	{ RK_TIME_UNIX_MS, NULL, "1795341600000" },
	{ RK_TIME_UNIX_US, NULL, "1795341600000000" },
	{ RK_TIME_UNIX_NS, NULL, "1795341600000000000" },
};

/* ---- when that is ---------------------------------------------------------- */

static int at_offset(const struct rk_civil *civil, int32_t offset_s, rk_wide *ret_ns)
{
	if (!rk_civil_is_valid(civil))
		return -EINVAL;
	*ret_ns = (rk_wide)(rk_civil_seconds(civil) - offset_s) * RK_SECOND +
		  civil->nanosecond;
	return 0;
}

static int in_zone(
	const struct rk_civil *civil, const struct rk_zone *zone, rk_wide *ret_ns)
{
	int64_t ns;
	int r = rk_zone_time(zone, civil, &ns);

	if (r >= 0)
		*ret_ns = ns;
	return r < 0 ? r : 0;
}

static int first_of_day(
	const struct rk_civil *civil, const struct rk_zone *zone, rk_wide *ret_ns)
{
	int64_t ns;
	int r = rk_civil_is_valid(civil) ? rk_local_day_start(zone, civil, &ns) : -EINVAL;

	if (r == 0)
		*ret_ns = ns;
	return r;
}

static int resolve(struct rk_dated *dated, const struct rk_zone *zone, int64_t *ret_ns)
{
	bool is_leap = dated->civil.second == 60;
	rk_wide ns = 0;
	int r;

	dated->civil.second -= is_leap;
	if (dated->dating == RK_DATING_OFFSET)
		r = at_offset(&dated->civil, dated->offset_s, &ns);
	else if (dated->dating == RK_DATING_ZONE)
		r = in_zone(&dated->civil, zone, &ns);
	else
		r = first_of_day(&dated->civil, zone, &ns);
	if (r < 0)
		return r;
	if (is_leap) {
		ns += RK_SECOND;
		if ((ns - dated->civil.nanosecond) % (DAY_S * RK_SECOND) != 0)
			return -EINVAL;
	}
	if (ns < INT64_MIN || ns > INT64_MAX || dated->is_too_fine)
		return -ERANGE;
	*ret_ns = (int64_t)ns;
	return 0;
}

/* ---- counted since 1970 ----------------------------------------------------- */

static int unix_from_text(const char *text, size_t n, uint32_t form, int64_t *ret_ns)
{
	int32_t exponent = form == RK_TIME_UNIX_S    ? 9
			   : form == RK_TIME_UNIX_MS ? 6
			   : form == RK_TIME_UNIX_US ? 3
						     : 0;
	struct rk_number number;
	int r = rk_number_from_text(text, n, &number);

	if (r == 0)
		r = rk_number_shift(number, exponent, &number);
	return r < 0 ? r : rk_number_to_integer(number, ret_ns);
}

/* ---- which form it has ------------------------------------------------------ */

static void put_examples(char *to, size_t size, uint32_t asked)
{
	size_t n = 0;

	to[0] = '\0';
	for (size_t i = 0; i < RK_LEN(known); i++) {
		size_t length = strlen(known[i].example);

		if (!(asked & known[i].form) || n + length + 5 > size)
			continue;
		memcpy(to + n, n > 0 ? ", '" : "'", n > 0 ? 3 : 1);
		n += n > 0 ? 3 : 1;
		memcpy(to + n, known[i].example, length);
		n += length;
		memcpy(to + n, "'", 2);
		n++;
	}
}

static void tell(struct rk_error *error, const char *text, size_t n, uint32_t asked,
	const char *problem)
{
	char excerpt[RK_EXCERPT_SIZE], examples[160];

	rk_excerpt(excerpt, text, n);
	if (problem) {
		rk_error_set(error, 0, 0, "'%s' %s", excerpt, problem);
		return;
	}
	put_examples(examples, sizeof(examples), asked);
	rk_error_set(error, 0, 0, "'%s' is not such a time as %s", excerpt, examples);
}

static int read_form(size_t which, const char *text, size_t n, const struct rk_zone *zone,
	int64_t *ret_ns)
{
	struct rk_dated dated;
	int r;

	if (!known[which].read) {
		r = unix_from_text(text, n, known[which].form, ret_ns);
		return r == -EINVAL ? -ENOMSG : r;
	}
	if (!known[which].read((struct rk_scan){ text, text + n }, &dated))
		return -ENOMSG;
	return resolve(&dated, zone, ret_ns);
}

int rk_time_from_text(const char *text, size_t n, uint32_t forms,
	const struct rk_zone *zone, int64_t *ret_ns, struct rk_error *ret_error)
{
	int64_t ns = 0;
	int r = -ENOMSG;

	for (size_t i = 0; i < RK_LEN(known) && r == -ENOMSG; i++) {
		if (forms & known[i].form)
			r = read_form(i, text, n, zone, &ns);
	}
	if (r == 0)
		*ret_ns = ns;
	else if (r == -ERANGE)
		tell(ret_error, text, n, forms,
			"is finer than a nanosecond or not within the years 1677 to "
			"2262");
	else
		tell(ret_error, text, n, forms,
			r == -EINVAL ? "is a time that there is not" : NULL);
	return r == -ENOMSG ? -EINVAL : r;
}
