/* SPDX-License-Identifier: Apache-2.0 */
/* What the sources that count in decimals share. */
#ifndef SDK_EXACT_H
#define SDK_EXACT_H

#include <rookery/number.h>

__extension__ typedef __int128 rk_wide;

static inline bool rk_number_is_decimal(struct rk_number number)
{
	return number.form == RK_DECIMAL && number.scale <= RK_NUMBER_MAX_SCALE;
}

/* digits / 10^scale, with as many of its zeros behind the point as fit. -ERANGE. */
int rk_number_narrow(rk_wide digits, uint32_t scale, struct rk_number *ret_number);

#endif
