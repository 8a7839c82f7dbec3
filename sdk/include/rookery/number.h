/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rookery/number.h - exact arithmetic on RK_DECIMAL, for money and whatever else must
 * not be rounded. No double comes between, and a result that 64 bits of digits and a
 * scale of 18 do not hold exactly is refused with -ERANGE. Zeros behind the point
 * are kept where they fit and given up where that is what makes the result fit.
 *
 * Every function takes decimals alone, as its results are; -EINVAL for a number that
 * is RK_REAL or has a larger scale. A result may be one of the operands.
 */
#ifndef RK_NUMBER_H
#define RK_NUMBER_H

#include <rookery/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RK_NUMBER_MAX_SCALE 18u

/* digits / 10^scale. */
static inline struct rk_number rk_decimal(int64_t digits, uint32_t scale)
{
	struct rk_number number;

	number.digits = digits;
	number.form = RK_DECIMAL;
	number.scale = scale;
	return number;
}

/* "-12.340" is -12340 with scale 3, "1.5e3" is 1500 with scale 0. A sign, digits with
 * at most one point among them and an exponent are a number; spaces, separators of
 * thousands and hexadecimal are not. -EINVAL: no number; -ERANGE: does not fit. */
int rk_number_from_text(const char *text, size_t n, struct rk_number *ret_number);

/* The double next to a number of that form, without looking at the locale, for
 * what is no decimal and need not be exact: rk_sample takes it as RK_REAL. -EINVAL:
 * no number, or over 1,024 bytes; -ERANGE: beyond what a double holds. */
int rk_real_from_text(const char *text, size_t n, double *ret_real);

#define RK_NUMBER_TEXT_SIZE 32

/* Writes "-12.340" and a NUL: all digits, no exponent. Returns to; "" where number is
 * no decimal. */
char *rk_number_to_text(char to[RK_NUMBER_TEXT_SIZE], struct rk_number number);

int rk_number_add(struct rk_number a, struct rk_number b, struct rk_number *ret_sum);
int rk_number_subtract(
	struct rk_number a, struct rk_number b, struct rk_number *ret_difference);
int rk_number_multiply(
	struct rk_number a, struct rk_number b, struct rk_number *ret_product);

/* -1, 0 or 1 as a is less than, equal to or greater than b: 1.50 equals 1.5. */
int rk_number_compare(struct rk_number a, struct rk_number b, int *ret_order);

/* number * 10^exponent: a price per thousand is one with exponent -3. */
int rk_number_shift(
	struct rk_number number, int32_t exponent, struct rk_number *ret_number);

/* number / divisor, where the quotient is a decimal that fits. -ERANGE: it is none,
 * such as a third; -EDOM: the divisor is 0. */
int rk_number_divide_exactly(
	struct rk_number number, int64_t divisor, struct rk_number *ret_quotient);

/* -ERANGE: not whole, or beyond 64 bits. 12.00 is whole. */
int rk_number_to_integer(struct rk_number number, int64_t *ret_integer);

#ifdef __cplusplus
}
#endif
#endif
