/* SPDX-License-Identifier: Apache-2.0 */
/* How the library says what failed. */
#ifndef SDK_ERROR_H
#define SDK_ERROR_H

#include <rookery/error.h>

#include <stddef.h>

/* Writes "line 3, column 14: " where line and column are not 0, and then the rest,
 * cut where it does not fit; nothing where error is NULL. */
void rk_error_set(struct rk_error *error, uint32_t line, uint32_t column,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

#define RK_EXCERPT_SIZE 72

/* The beginning of what was read, for a message: printable ASCII and valid UTF-8,
 * with a '?' for each other byte and "..." where it is cut. */
const char *rk_excerpt(char to[RK_EXCERPT_SIZE], const char *text, size_t n);

/* Line and column of a place in a text of UTF-8, both from 1. */
void rk_text_place(const char *text, size_t at, uint32_t *ret_line, uint32_t *ret_column);

#endif
