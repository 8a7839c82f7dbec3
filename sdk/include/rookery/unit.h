/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rookery/unit.h - durations and sizes as people write them, and numbers from the unit
 * that a source has to the one that a metric declares, exactly.
 */
#ifndef RK_UNIT_H
#define RK_UNIT_H

#include <rookery/error.h>
#include <rookery/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

/* "1500ms", "1h30m", "7d", as in the agent's configuration: ns, us, ms, s, m, h, d (24 h)
 * and w; "0". -EINVAL: no duration; -ERANGE: beyond 292 years. */
int rk_duration_from_text(const char *text, size_t n, int64_t *ret_ns);

/* "64KiB", "10MB", "512B", "0": powers of 1,024 with an i, of 1,000 without. -EINVAL,
 * -ERANGE. */
int rk_size_from_text(const char *text, size_t n, uint64_t *ret_bytes);

/* Turns a decimal of one unit into the same in another. Known are, in UCUM's spelling,
 *
 *	time	ns us ms s min h d wk
 *	data	bit By, with k M G T, and By also with Ki Mi Gi Ti
 *	ratio	1 % [ppth] [ppm] [ppb]
 *	rate	Hz kHz MHz GHz
 *
 * also as words whatever their case and number (percent, milliseconds, hours, bytes), and
 * over a time that both have ("By/s", "kbit/s"). Annotations count as 1: {message} is
 * that, and stays what it is called where both are. Kilobytes are not known as a word:
 * sources differ in how many bytes those are.
 *
 * -EINVAL: a unit is not known, or they do not measure the same; -ERANGE: the result is
 * no decimal that fits, such as a third. */
int rk_unit_convert(struct rk_number number, const char *from, const char *to,
	struct rk_number *ret_number, struct rk_error *ret_error);

/* The same into the unit that metrics of its kind have: s, By, 1 or Hz, which is
 * returned, too; "/s" stays. Another unit, such as {currency}, is returned as it is, with
 * the number. Borrowed from from, or for good. */
int rk_unit_normalize(struct rk_number number, const char *from,
	struct rk_number *ret_number, const char **ret_unit, struct rk_error *ret_error);

#ifdef __cplusplus
}
#endif
#endif
