/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers and times as a line of a program writes them. */
#ifndef EXEC_NUMBER_H
#define EXEC_NUMBER_H

#include <rookery/plugin.h>

/* "-12.340" is the decimal 12340 with scale 3 and a sign; an exponent is taken too.
 * What does not fit digits of 64 bits and scale 18 is a double where it has at most 17
 * significant digits, so that it reads back equal, and may be one. 0; -EINVAL: it is no
 * number; -ERANGE: it would have to be rounded. */
int number_from_text(
	const char *text, size_t n, bool may_be_real, struct rk_number *ret_value);

/* RFC 3339, such as "2026-11-21T00:00:00.5+01:00"; nanoseconds since 1970. 0 or
 * -EINVAL. */
int time_from_text(const char *text, int64_t *ret_time_ns);

enum { TIME_TEXT_SIZE = 40 };

/* The same in UTC, with a NUL; returns to. */
char *time_to_text(char to[TIME_TEXT_SIZE], int64_t time_ns);

#endif
