/* SPDX-License-Identifier: Apache-2.0 */
#include "units.h"

#include "macros.h"
#include "number.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct unit {
	const char *name;
	uint64_t factor;
};

/* Largest first: the writers take the first that fits. */
static const struct unit durations[] = {
	{ "w", UINT64_C(604800000000000) },
	{ "d", UINT64_C(86400000000000) },
	{ "h", UINT64_C(3600000000000) },
	{ "m", UINT64_C(60000000000) },
	{ "s", UINT64_C(1000000000) },
	{ "ms", UINT64_C(1000000) },
	{ "us", UINT64_C(1000) },
	{ "ns", 1 },
};

static const struct unit sizes[] = {
	{ "TiB", UINT64_C(1) << 40 },
	{ "GiB", UINT64_C(1) << 30 },
	{ "MiB", UINT64_C(1) << 20 },
	{ "KiB", UINT64_C(1) << 10 },
	{ "TB", UINT64_C(1000000000000) },
	{ "GB", UINT64_C(1000000000) },
	{ "MB", UINT64_C(1000000) },
	{ "KB", UINT64_C(1000) },
	{ "kB", UINT64_C(1000) },
	{ "B", 1 },
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const struct unit *unit_find(
	const struct unit *units, size_t n_units, const char *name, size_t n)
{
	for (size_t i = 0; i < n_units; i++) {
		if (strlen(units[i].name) == n && memcmp(units[i].name, name, n) == 0)
			return &units[i];
	}
	return NULL;
}

/* Reads one number with its unit from the start of text. */
static int take_quantity(const struct unit *units, size_t n_units, const char **text,
	const char *end, uint64_t *ret_value)
{
	const char *digits = *text, *name, *stop;
	const struct unit *unit;
	uint64_t value;
	int r;

	for (name = digits; name < end && is_digit(*name); name++)
		;
	for (stop = name; stop < end && !is_digit(*stop); stop++)
		;
	r = unsigned_from_text(digits, (size_t)(name - digits), &value);
	if (r < 0)
		return r;
	unit = unit_find(units, n_units, name, (size_t)(stop - name));
	if (!unit)
		return -EINVAL;
	if (__builtin_mul_overflow(value, unit->factor, ret_value))
		return -ERANGE;
	*text = stop;
	return 0;
}

int duration_from_text(const char *text, size_t n, int64_t *ret_ns)
{
	const char *end = text + n;
	uint64_t sum = 0;

	if (n == 1 && *text == '0') {
		*ret_ns = 0;
		return 0;
	}
	if (n == 0)
		return -EINVAL;
	while (text < end) {
		uint64_t value;
		int r = take_quantity(durations, LENGTH(durations), &text, end, &value);

		if (r < 0)
			return r;
		if (__builtin_add_overflow(sum, value, &sum) || sum > INT64_MAX)
			return -ERANGE;
	}
	*ret_ns = (int64_t)sum;
	return 0;
}

int size_from_text(const char *text, size_t n, uint64_t *ret_bytes)
{
	const char *end = text + n;
	uint64_t value;
	int r;

	if (n == 1 && *text == '0') {
		*ret_bytes = 0;
		return 0;
	}
	r = take_quantity(sizes, LENGTH(sizes), &text, end, &value);
	if (r < 0)
		return r;
	if (text < end)
		return -EINVAL;
	*ret_bytes = value;
	return 0;
}

static char *quantity_to_text(
	char *to, const struct unit *units, size_t n_units, uint64_t value)
{
	const struct unit *unit = &units[n_units - 1];

	for (size_t i = 0; i < n_units && value > 0; i++) {
		if (value % units[i].factor == 0) {
			unit = &units[i];
			break;
		}
	}
	snprintf(to, UNIT_TEXT_SIZE, "%llu%s", (unsigned long long)(value / unit->factor),
		unit->name);
	return to;
}

char *duration_to_text(char to[UNIT_TEXT_SIZE], int64_t ns)
{
	if (ns == 0) {
		snprintf(to, UNIT_TEXT_SIZE, "0s");
		return to;
	}
	return quantity_to_text(to, durations, LENGTH(durations), (uint64_t)ns);
}

char *size_to_text(char to[UNIT_TEXT_SIZE], uint64_t bytes)
{
	return quantity_to_text(to, sizes, LENGTH(sizes), bytes);
}
