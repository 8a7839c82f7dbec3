/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A double in the shortest decimal form that reads back equal.
 *
 * The algorithm is Schubfach (R. Giulietti, "The Schubfach way to render
 * doubles", 2020): of the decimals that round to the double, there is a shortest
 * one among at most four candidates next to value / 10^k, where 10^k is about as
 * wide as the rounding interval. Which of them lie in the interval is decided
 * with one multiplication each by a 126-bit approximation of a power of ten.
 */
#include "macros.h"
#include "number.h"

#include <string.h>

#define SIGNIFICAND_BITS 52
#define EXPONENT_BIAS    1075 /* of a significand that is taken as an integer */
#define POWER_MIN        (-292)
#define POWER_MAX        324

struct power {
	uint64_t high, low;
};

/* ceil(10^k * 2^(127 - floor(log2(10^k)))) for k from POWER_MIN on. */
static const struct power powers_of_ten[POWER_MAX - POWER_MIN + 1] = {
#include "powers_of_ten.inc"
};

/* digits * 10^exponent */
struct shortest {
	uint64_t digits;
	int exponent;
};

/* The floors of e * log10(2), of e * log10(2) + log10(3/4) and of e * log2(10),
 * exact for every exponent that occurs. */
static int floor_log10_pow2(int e)
{
	return (e * 1262611) >> 22;
}

static int floor_log10_three_quarters_pow2(int e)
{
	return (e * 1262611 - 524031) >> 22;
}

static int floor_log2_pow10(int e)
{
	return (e * 1741647) >> 19;
}

/* The upper 64 bits of power * factor, with the last bit telling whether
 * anything below them was cut off. */
static uint64_t multiply_round_to_odd(struct power power, uint64_t factor)
{
	uint128 low = (uint128)power.low * factor;
	uint128 high = (uint128)power.high * factor + (uint64_t)(low >> 64);

	return (uint64_t)(high >> 64) | ((uint64_t)high > 1);
}

/* The shortest decimal that rounds to significand * 2^exponent. at_power_of_two:
 * the neighbour below is only half as far away. */
static struct shortest shorten(uint64_t significand, int exponent, bool at_power_of_two)
{
	bool odd = significand & 1;
	int k = at_power_of_two ? floor_log10_three_quarters_pow2(exponent)
				: floor_log10_pow2(exponent);
	int shift = exponent + floor_log2_pow10(-k) + 1;
	struct power power = powers_of_ten[-k - POWER_MIN];
	uint64_t four = 4 * significand;
	/* Four times the value and the bounds of its interval, in units of 10^k. */
	uint64_t lower =
		multiply_round_to_odd(power, (four - 2 + at_power_of_two) << shift);
	uint64_t value = multiply_round_to_odd(power, four << shift);
	uint64_t upper = multiply_round_to_odd(power, (four + 2) << shift);
	uint64_t below = value / 4;

	/* The bounds themselves round to an even significand only. */
	lower += odd;
	upper -= odd;
	if (below >= 10) {
		uint64_t tens = below / 10;
		bool down_fits = lower <= 40 * tens;
		bool up_fits = 40 * tens + 40 <= upper;

		if (down_fits != up_fits)
			return (struct shortest){ tens + up_fits, k + 1 };
	}
	if ((lower <= 4 * below) != (4 * below + 4 <= upper))
		return (struct shortest){ below + (4 * below + 4 <= upper), k };
	/* Both or none fit: the closer one, and of two as close the even one. */
	if (value != 4 * below + 2)
		return (struct shortest){ below + (value > 4 * below + 2), k };
	return (struct shortest){ below + (below & 1), k };
}

static char *write_plain(char *to, const char *digits, int n, int point)
{
	if (point <= 0) {
		*to++ = '0';
		*to++ = '.';
		memset(to, '0', (size_t)-point);
		to += -point;
		memcpy(to, digits, (size_t)n);
		return to + n;
	}
	if (point >= n) {
		memcpy(to, digits, (size_t)n);
		memset(to + n, '0', (size_t)(point - n));
		return to + point;
	}
	memcpy(to, digits, (size_t)point);
	to[point] = '.';
	memcpy(to + point + 1, digits + point, (size_t)(n - point));
	return to + n + 1;
}

static char *write_scientific(char *to, const char *digits, int n, int exponent)
{
	*to++ = digits[0];
	if (n > 1) {
		*to++ = '.';
		memcpy(to, digits + 1, (size_t)(n - 1));
		to += n - 1;
	}
	*to++ = 'e';
	return integer_to_text(to, exponent);
}

static char *write_shortest(char *to, struct shortest shortest)
{
	char digits[NUMBER_TEXT_SIZE];
	int n, point;

	while (shortest.digits % 10 == 0) {
		shortest.digits /= 10;
		shortest.exponent++;
	}
	n = (int)(unsigned_to_text(digits, shortest.digits) - digits);
	point = n + shortest.exponent;
	if (point > -6 && point <= 21)
		return write_plain(to, digits, n, point);
	return write_scientific(to, digits, n, point - 1);
}

char *real_to_text(char *to, double value)
{
	uint64_t bits, significand;
	int exponent;

	memcpy(&bits, &value, sizeof(bits));
	if (bits >> 63)
		*to++ = '-';
	significand = bits & ((UINT64_C(1) << SIGNIFICAND_BITS) - 1);
	exponent = (int)(bits >> SIGNIFICAND_BITS & 0x7ff);
	if (exponent == 0 && significand == 0) {
		*to++ = '0';
		return to;
	}
	if (exponent > 0) {
		bool at_power_of_two = significand == 0 && exponent > 1;

		significand |= UINT64_C(1) << SIGNIFICAND_BITS;
		exponent -= EXPONENT_BIAS;
		if (exponent <= 0 && exponent >= -SIGNIFICAND_BITS &&
			(significand & ((UINT64_C(1) << -exponent) - 1)) == 0)
			return unsigned_to_text(to, significand >> -exponent);
		return write_shortest(
			to, shorten(significand, exponent, at_power_of_two));
	}
	return write_shortest(to, shorten(significand, 1 - EXPONENT_BIAS, false));
}
