/* SPDX-License-Identifier: Apache-2.0 */
/* Durations and sizes as people write them. */
#include <rookery/unit.h>

#include <errno.h>
#include <string.h>

struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit durations[] = {
	{ "ns", 1 },
	{ "us", 1000 },
	{ "ms", 1000000 },
	{ "s", 1000000000 },
	{ "m", UINT64_C(60000000000) },
	{ "h", UINT64_C(3600000000000) },
	{ "d", UINT64_C(86400000000000) },
	{ "w", UINT64_C(604800000000000) },
};

static const struct unit sizes[] = {
	{ "B", 1 },
	{ "kB", 1000 },
	{ "KB", 1000 },
	{ "MB", 1000000 },
	{ "GB", 1000000000 },
	{ "TB", UINT64_C(1000000000000) },
	{ "KiB", UINT64_C(1) << 10 },
	{ "MiB", UINT64_C(1) << 20 },
	{ "GiB", UINT64_C(1) << 30 },
	{ "TiB", UINT64_C(1) << 40 },
};

struct part {
	const char *at, *end;
};

static bool at_digit(const struct part *part)
{
	return part->at < part->end && *part->at >= '0' && *part->at <= '9';
}

static int take_digits(struct part *part, uint64_t *ret_number)
{
	uint64_t number = 0;
	bool is_too_long = false;

	if (!at_digit(part))
		return -EINVAL;
	for (; at_digit(part); part->at++) {
		is_too_long |= __builtin_mul_overflow(number, UINT64_C(10), &number);
		is_too_long |= __builtin_add_overflow(
			number, (uint64_t)(*part->at - '0'), &number);
	}
	*ret_number = number;
	return is_too_long ? -ERANGE : 0;
}

/* The name goes until the next digit. */
static const struct unit *take_unit(
	struct part *part, const struct unit *units, size_t n_units)
{
	const char *name = part->at;

	while (part->at < part->end && !at_digit(part))
		part->at++;
	for (size_t i = 0; i < n_units; i++) {
		if (strlen(units[i].name) == (size_t)(part->at - name) &&
			memcmp(units[i].name, name, (size_t)(part->at - name)) == 0)
			return &units[i];
	}
	return NULL;
}

/* One number with its unit. */
static int take(
	struct part *part, const struct unit *units, size_t n_units, uint64_t *ret_value)
{
	uint64_t number;
	int r = take_digits(part, &number);
	const struct unit *unit;

	if (r == -EINVAL)
		return r;
	unit = take_unit(part, units, n_units);
	if (!unit)
		return -EINVAL;
	if (r < 0 || __builtin_mul_overflow(number, unit->factor, ret_value))
		return -ERANGE;
	return 0;
}

static bool is_zero(const char *text, size_t n)
{
	return n == 1 && *text == '0';
}

int rk_duration_from_text(const char *text, size_t n, int64_t *ret_ns)
{
	struct part part = { text, text + n };
	uint64_t sum = 0, value = 0;
	int r = n > 0 ? 0 : -EINVAL;

	if (is_zero(text, n))
		part.at = part.end;
	while (r == 0 && part.at < part.end) {
		r = take(&part, durations, RK_LEN(durations), &value);
		if (r == 0 &&
			(__builtin_add_overflow(sum, value, &sum) || sum > INT64_MAX))
			r = -ERANGE;
	}
	if (r == 0)
		*ret_ns = (int64_t)sum;
	return r;
}

int rk_size_from_text(const char *text, size_t n, uint64_t *ret_bytes)
{
	struct part part = { text, text + n };
	uint64_t bytes = 0;
	int r = 0;

	if (is_zero(text, n))
		part.at = part.end;
	else
		r = take(&part, sizes, RK_LEN(sizes), &bytes);
	if (r == 0 && part.at < part.end)
		r = -EINVAL;
	if (r == 0)
		*ret_bytes = bytes;
	return r;
}
