/* SPDX-License-Identifier: Apache-2.0 */
#include "date_scan.h"

#include <string.h>
#include <strings.h>

const char *const rk_month_names[12] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
	"Aug", "Sep", "Oct", "Nov", "Dec" };
const char *const rk_day_names[7] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

bool rk_take_one_of(struct rk_scan *scan, const char *set)
{
	if (scan->at == scan->end || *scan->at == '\0' || !strchr(set, *scan->at))
		return false;
	scan->at++;
	return true;
}

bool rk_take(struct rk_scan *scan, char c)
{
	return rk_take_one_of(scan, (char[]){ c, '\0' });
}

bool rk_take_spaces(struct rk_scan *scan)
{
	bool any = false;

	while (rk_take_one_of(scan, " \t"))
		any = true;
	return any;
}

bool rk_take_number(struct rk_scan *scan, int least, int most, int32_t *ret_number)
{
	const char *at = scan->at;
	int32_t number = 0;
	int n = 0;

	for (; n < most && at < scan->end && *at >= '0' && *at <= '9'; n++, at++)
		number = number * 10 + (*at - '0');
	if (n < least)
		return false;
	scan->at = at;
	*ret_number = number;
	return true;
}

bool rk_take_fraction(struct rk_scan *scan, struct rk_dated *dated)
{
	int32_t unit = RK_SECOND / 10, digit;
	bool any = false;

	if (!rk_take(scan, '.'))
		return true;
	for (; rk_take_number(scan, 1, 1, &digit); unit /= 10) {
		dated->civil.nanosecond += digit * unit;
		dated->is_too_fine |= unit == 0 && digit > 0;
		any = true;
	}
	return any;
}

bool rk_take_offset(struct rk_scan *scan, int32_t *ret_seconds)
{
	struct rk_scan rest = *scan;
	bool is_west = rk_take(&rest, '-');
	int32_t hours, minutes = 0;

	if ((!is_west && !rk_take(&rest, '+')) || !rk_take_number(&rest, 2, 2, &hours))
		return false;
	if (rk_take(&rest, ':')) {
		if (!rk_take_number(&rest, 2, 2, &minutes))
			return false;
	} else {
		rk_take_number(&rest, 2, 2, &minutes);
	}
	if (hours > 23 || minutes > 59)
		return false;
	*ret_seconds = (hours * 3600 + minutes * 60) * (is_west ? -1 : 1);
	*scan = rest;
	return true;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int rk_take_name(struct rk_scan *scan, const char *const *names, int n)
{
	size_t size = 0;

	while (scan->at + size < scan->end && is_letter(scan->at[size]))
		size++;
	for (int i = 0; i < n; i++) {
		if (strlen(names[i]) == size &&
			strncasecmp(names[i], scan->at, size) == 0) {
			scan->at += size;
			return i;
		}
	}
	return -1;
}
