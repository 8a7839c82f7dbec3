/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a value is within the range that its option's table states. */
#include "value.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "base/number.h"

#include <errno.h>
#include <string.h>

__extension__ typedef __int128 int128;

static int order(bool less, bool greater)
{
	return (int)greater - (int)less;
}

static int compare_integers(const struct value *a, const struct value *b)
{
	return order(a->integer<b->integer, a->integer> b->integer);
}

static int compare_reals(const struct value *a, const struct value *b)
{
	return order(a->real<b->real, a->real> b->real);
}

static int compare_sizes(const struct value *a, const struct value *b)
{
	return order(a->bytes<b->bytes, a->bytes> b->bytes);
}

/* At the same scale: 64 bits times 10^18 fit. */
static int128 decimal_widen(const struct value *value)
{
	int128 wide = value->decimal.digits;

	for (uint32_t scale = value->decimal.scale; scale < DECIMAL_MAX_SCALE; scale++)
		wide *= 10;
	return wide;
}

static int compare_decimals(const struct value *a, const struct value *b)
{
	int128 wide_a = decimal_widen(a), wide_b = decimal_widen(b);

	return order(wide_a<wide_b, wide_a> wide_b);
}

/* Types without an order have no entry, and no range. */
static int (*const comparers[])(const struct value *a, const struct value *b) = {
	[RK_TYPE_INT] = compare_integers,
	[RK_TYPE_REAL] = compare_reals,
	[RK_TYPE_DECIMAL] = compare_decimals,
	[RK_TYPE_DURATION] = compare_integers,
	[RK_TYPE_TIME] = compare_integers,
	[RK_TYPE_SIZE] = compare_sizes,
};

/* How value compares to the bound that is written in n bytes. */
static int compare_to_bound(const struct option *option, const struct value *value,
	const char *text, size_t n, int *ret_order)
{
	CLEANUP(arena_finish) struct arena arena = { 0 };
	CLEANUP(buffer_finish) struct buffer unused = { 0 };
	struct value bound = { 0 };
	int r = value_from_text(&arena, option, text, n, &bound, &unused);

	if (r == 0)
		*ret_order = comparers[option->type](value, &bound);
	return r;
}

static int check_bounds(const struct option *option, const struct value *value,
	const char *dots, bool *ret_within)
{
	const char *high = dots + 2;
	size_t n_low = (size_t)(dots - option->range), n_high = strlen(high);
	int to_low = 0, to_high = 0, r = 0;

	if (n_low > 0)
		r = compare_to_bound(option, value, option->range, n_low, &to_low);
	if (r == 0 && n_high > 0)
		r = compare_to_bound(option, value, high, n_high, &to_high);
	if (r == 0)
		*ret_within = to_low >= 0 && to_high <= 0;
	return r;
}

int value_check_range(
	const struct option *option, const struct value *value, struct buffer *why)
{
	const char *dots;
	bool within = false;
	int r = -EINVAL;

	if (!option->range)
		return 0;
	dots = strstr(option->range, "..");
	if (dots && option->type < LENGTH(comparers) && comparers[option->type])
		r = check_bounds(option, value, dots, &within);
	if (r < 0) {
		buffer_append_format(
			why, "the option's own range '%s' cannot be read", option->range);
		return r;
	}
	if (within)
		return 0;
	if (dots == option->range)
		buffer_append_format(why, "must be at most %s", dots + 2);
	else if (dots[2] == '\0')
		buffer_append_format(why, "must be at least %.*s",
			(int)(dots - option->range), option->range);
	else
		buffer_append_format(why, "must be within %s", option->range);
	return -ERANGE;
}
