/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers to text and back, exact and without locale.
 *
 * A decimal is digits / 10^scale, scale 0 to DECIMAL_MAX_SCALE, as in
 * struct rk_number. A real is written in the shortest form that reads back
 * equal (R. Giulietti, "The Schubfach way to render doubles").
 */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DECIMAL_MAX_SCALE 18

/* Room that any of the writers below needs. */
#define NUMBER_TEXT_SIZE 32

/* Each writes at most NUMBER_TEXT_SIZE bytes without a NUL, returns the end. */
char *unsigned_to_text(char *to, uint64_t value);
char *integer_to_text(char *to, int64_t value);
char *decimal_to_text(char *to, int64_t digits, uint32_t scale);

/* value must be finite. Whole numbers below 2^53 have no point; from 1e21 on and
 * below 1e-6 there is an exponent, as ECMAScript's Number::toString has it. */
char *real_to_text(char *to, double value);

struct decimal {
	int64_t digits;
	uint32_t scale;
};

/* "-12.340" is 12340 with scale 3 and a sign; an exponent is taken too. -EINVAL:
 * no number; -ERANGE: not exact in 64 bits and DECIMAL_MAX_SCALE. */
int decimal_from_text(const char *text, size_t n, struct decimal *ret_value);

/* -EINVAL: no integer; -ERANGE: does not fit. */
int integer_from_text(const char *text, size_t n, int64_t *ret_value);
int unsigned_from_text(const char *text, size_t n, uint64_t *ret_value);

/* Finite only. -EINVAL: no number; -ERANGE: does not fit. */
int real_from_text(const char *text, size_t n, double *ret_value);

#endif
