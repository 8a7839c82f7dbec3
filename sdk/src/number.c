/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decimals are added, multiplied and compared in 128 bits, where nothing overflows:
 * digits below 2^63 times 10^18 stay below 2^123, and a product of two below 2^126.
 * What comes out is then narrowed, or refused.
 */
#include "exact.h"

#include <errno.h>

static rk_wide widen(struct rk_number number, uint32_t scale)
{
	rk_wide wide = number.digits;

	for (uint32_t i = number.scale; i < scale; i++)
		wide *= 10;
	return wide;
}

static uint32_t larger_scale(struct rk_number a, struct rk_number b)
{
	return a.scale > b.scale ? a.scale : b.scale;
}

static bool fits(rk_wide digits, uint32_t scale)
{
	return digits >= INT64_MIN && digits <= INT64_MAX && scale <= RK_NUMBER_MAX_SCALE;
}

int rk_number_narrow(rk_wide digits, uint32_t scale, struct rk_number *ret_number)
{
	while (!fits(digits, scale) && scale > 0 && digits % 10 == 0) {
		digits /= 10;
		scale--;
	}
	if (!fits(digits, scale))
		return -ERANGE;
	*ret_number = rk_decimal((int64_t)digits, scale);
	return 0;
}

int rk_number_add(struct rk_number a, struct rk_number b, struct rk_number *ret_sum)
{
	uint32_t scale = larger_scale(a, b);

	if (!rk_number_is_decimal(a) || !rk_number_is_decimal(b))
		return -EINVAL;
	return rk_number_narrow(widen(a, scale) + widen(b, scale), scale, ret_sum);
}

int rk_number_subtract(
	struct rk_number a, struct rk_number b, struct rk_number *ret_difference)
{
	uint32_t scale = larger_scale(a, b);

	if (!rk_number_is_decimal(a) || !rk_number_is_decimal(b))
		return -EINVAL;
	return rk_number_narrow(widen(a, scale) - widen(b, scale), scale, ret_difference);
}

int rk_number_multiply(
	struct rk_number a, struct rk_number b, struct rk_number *ret_product)
{
	if (!rk_number_is_decimal(a) || !rk_number_is_decimal(b))
		return -EINVAL;
	return rk_number_narrow(
		(rk_wide)a.digits * b.digits, a.scale + b.scale, ret_product);
}

int rk_number_compare(struct rk_number a, struct rk_number b, int *ret_order)
{
	uint32_t scale = larger_scale(a, b);
	rk_wide wide_a, wide_b;

	if (!rk_number_is_decimal(a) || !rk_number_is_decimal(b))
		return -EINVAL;
	wide_a = widen(a, scale);
	wide_b = widen(b, scale);
	*ret_order = (wide_a > wide_b) - (wide_a < wide_b);
	return 0;
}

int rk_number_shift(
	struct rk_number number, int32_t exponent, struct rk_number *ret_number)
{
	int64_t scale = (int64_t)number.scale - exponent;
	rk_wide digits = number.digits;

	if (!rk_number_is_decimal(number))
		return -EINVAL;
	if (digits == 0)
		scale = scale < 0 ? 0 : scale > 18 ? 18 : scale;
	if (scale < -18 || scale > 36)
		return -ERANGE;
	for (; scale < 0; scale++)
		digits *= 10;
	return rk_number_narrow(digits, (uint32_t)scale, ret_number);
}

int rk_number_divide_exactly(
	struct rk_number number, int64_t divisor, struct rk_number *ret_quotient)
{
	rk_wide digits = number.digits;
	uint32_t scale = number.scale;

	if (!rk_number_is_decimal(number))
		return -EINVAL;
	if (divisor == 0)
		return -EDOM;
	/* The quotient's scale is 18 at most: ten times more cannot help. */
	for (; digits % divisor != 0 && scale < RK_NUMBER_MAX_SCALE; scale++)
		digits *= 10;
	if (digits % divisor != 0)
		return -ERANGE;
	return rk_number_narrow(digits / divisor, scale, ret_quotient);
}

int rk_number_to_integer(struct rk_number number, int64_t *ret_integer)
{
	int64_t digits = number.digits;

	if (!rk_number_is_decimal(number))
		return -EINVAL;
	for (uint32_t i = 0; i < number.scale; i++, digits /= 10) {
		if (digits % 10 != 0)
			return -ERANGE;
	}
	*ret_integer = digits;
	return 0;
}
