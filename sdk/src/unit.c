/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Units by UCUM's names (the Unified Code for Units of Measure, 2.1). Each is a whole
 * number times a power of ten of its kind's own unit (a bit is 125 thousandths of a
 * byte), so that numbers are carried over without a double.
 */
#include <rookery/unit.h>

#include "error.h"
#include "exact.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

enum kind { TIME, DATA, RATIO, FREQUENCY };

/* What a metric of a kind has: as it is, and over a second. */
static const char *const own_units[][2] = {
	[TIME] = { "s", "s/s" },
	[DATA] = { "By", "By/s" },
	[RATIO] = { "1", "1/s" },
	[FREQUENCY] = { "Hz", "Hz/s" },
};

static const struct unit {
	const char *name, *word; /* word: in the singular, or NULL */
	enum kind kind;
	int64_t factor;
	int32_t exponent;
} units[] = {
	{ "ns", "nanosecond", TIME, 1, -9 },
	{ "us", "microsecond", TIME, 1, -6 },
	{ "ms", "millisecond", TIME, 1, -3 },
	{ "s", "second", TIME, 1, 0 },
	{ "min", "minute", TIME, 60, 0 },
	{ "h", "hour", TIME, 3600, 0 },
	{ "d", "day", TIME, 86400, 0 },
	{ "wk", "week", TIME, 604800, 0 },
	{ "bit", "bit", DATA, 125, -3 },
	{ "kbit", NULL, DATA, 125, 0 },
	{ "Mbit", NULL, DATA, 125, 3 },
	{ "Gbit", NULL, DATA, 125, 6 },
	{ "Tbit", NULL, DATA, 125, 9 },
	{ "By", "byte", DATA, 1, 0 },
	{ "kBy", NULL, DATA, 1, 3 },
	{ "MBy", NULL, DATA, 1, 6 },
	{ "GBy", NULL, DATA, 1, 9 },
	{ "TBy", NULL, DATA, 1, 12 },
	{ "KiBy", "kibibyte", DATA, INT64_C(1) << 10, 0 },
	{ "MiBy", "mebibyte", DATA, INT64_C(1) << 20, 0 },
	{ "GiBy", "gibibyte", DATA, INT64_C(1) << 30, 0 },
	{ "TiBy", "tebibyte", DATA, INT64_C(1) << 40, 0 },
	{ "1", "count", RATIO, 1, 0 },
	{ "%", "percent", RATIO, 1, -2 },
	{ "[ppth]", NULL, RATIO, 1, -3 },
	{ "[ppm]", NULL, RATIO, 1, -6 },
	{ "[ppb]", NULL, RATIO, 1, -9 },
	{ "Hz", "hertz", FREQUENCY, 1, 0 },
	{ "kHz", NULL, FREQUENCY, 1, 3 },
	{ "MHz", NULL, FREQUENCY, 1, 6 },
	{ "GHz", NULL, FREQUENCY, 1, 9 },
};

/* "{message}/s": an annotation counts as 1. */
struct reading {
	const struct unit *unit, *over; /* over: NULL where there is none */
	const char *note;               /* the annotation; NULL */
	size_t note_size;
};

/* ---- reading -------------------------------------------------------------------- */

static bool is_word(const char *text, size_t n, const char *word)
{
	size_t n_word = strlen(word);

	if (n == n_word + 1 && (text[n - 1] == 's' || text[n - 1] == 'S'))
		n--;
	return n == n_word && strncasecmp(text, word, n) == 0;
}

static const struct unit *find(const char *text, size_t n)
{
	for (size_t i = 0; i < RK_LEN(units); i++) {
		if (strlen(units[i].name) == n && memcmp(units[i].name, text, n) == 0)
			return &units[i];
	}
	for (size_t i = 0; i < RK_LEN(units); i++) {
		if (units[i].word && is_word(text, n, units[i].word))
			return &units[i];
	}
	return NULL;
}

static bool read_unit(const char *text, struct reading *ret_reading)
{
	const char *brace = *text == '{' ? strchr(text, '}') : NULL;
	size_t n = brace ? (size_t)(brace + 1 - text) : strcspn(text, "/");
	struct reading reading = { .over = NULL };

	if (brace) {
		reading.note = text;
		reading.note_size = n;
		reading.unit = find("1", 1);
	} else {
		reading.unit = find(text, n);
	}
	text += n;
	if (*text == '/') {
		reading.over = find(text + 1, strlen(text + 1));
		if (!reading.over || reading.over->kind != TIME)
			return false;
		text += strlen(text);
	}
	*ret_reading = reading;
	return reading.unit && *text == '\0';
}

/* ---- converting ----------------------------------------------------------------- */

#define WIDE_BOUND ((rk_wide)1 << 120)

static bool times_ten(rk_wide *value)
{
	if (*value > WIDE_BOUND || *value < -WIDE_BOUND)
		return false;
	*value *= 10;
	return true;
}

static int64_t common_divisor(int64_t a, int64_t b)
{
	while (b != 0) {
		int64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

static int carry_over(struct rk_number number, const struct unit *from,
	const struct unit *to, struct rk_number *ret_number)
{
	int64_t common = common_divisor(from->factor, to->factor);
	int64_t divisor = to->factor / common;
	rk_wide digits = (rk_wide)number.digits * (from->factor / common);
	int32_t scale = (int32_t)number.scale - from->exponent + to->exponent;

	while (digits % divisor != 0) {
		if (!times_ten(&digits) || scale++ > 2 * (int32_t)RK_NUMBER_MAX_SCALE)
			return -ERANGE;
	}
	digits /= divisor;
	for (; scale < 0; scale++) {
		if (!times_ten(&digits))
			return -ERANGE;
	}
	return rk_number_narrow(digits, (uint32_t)scale, ret_number);
}

static int refuse(struct rk_error *error, int r, const char *from, const char *to)
{
	char excerpt_from[RK_EXCERPT_SIZE], excerpt_to[RK_EXCERPT_SIZE];

	rk_error_set(error, 0, 0,
		r == -ERANGE ? "a number in '%s' is no decimal that fits in '%s'"
			     : "there is no way from the unit '%s' to '%s'",
		rk_excerpt(excerpt_from, from, strlen(from)),
		rk_excerpt(excerpt_to, to, strlen(to)));
	return r;
}

static int refuse_real(struct rk_error *error)
{
	rk_error_set(
		error, 0, 0, "a number that is no decimal cannot be converted exactly");
	return -EINVAL;
}

/* Two annotations say what is counted, and that is not the same. */
static bool notes_differ(const struct reading *a, const struct reading *b)
{
	return a->note && b->note &&
	       (a->note_size != b->note_size ||
		       memcmp(a->note, b->note, a->note_size) != 0);
}

int rk_unit_convert(struct rk_number number, const char *from, const char *to,
	struct rk_number *ret_number, struct rk_error *ret_error)
{
	struct reading a, b;
	int r = -EINVAL;

	if (!rk_number_is_decimal(number))
		return refuse_real(ret_error);
	if (read_unit(from, &a) && read_unit(to, &b) && a.unit->kind == b.unit->kind &&
		a.over == b.over && !notes_differ(&a, &b))
		r = carry_over(number, a.unit, b.unit, ret_number);
	return r < 0 ? refuse(ret_error, r, from, to) : 0;
}

int rk_unit_normalize(struct rk_number number, const char *from,
	struct rk_number *ret_number, const char **ret_unit, struct rk_error *ret_error)
{
	static const struct unit own = { .factor = 1 };
	struct reading reading;
	const char *to;
	int r;

	if (!rk_number_is_decimal(number))
		return refuse_real(ret_error);
	if (!read_unit(from, &reading) || reading.note ||
		(reading.over && strcmp(reading.over->name, "s") != 0)) {
		*ret_number = number;
		*ret_unit = from;
		return 0;
	}
	to = own_units[reading.unit->kind][reading.over != NULL];
	r = carry_over(number, reading.unit, &own, ret_number);
	if (r < 0)
		return refuse(ret_error, r, from, to);
	*ret_unit = to;
	return 0;
}
