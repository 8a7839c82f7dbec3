/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading text from its front: lines, words and numbers, without locale, without
 * copying and without a NUL at the end. What does not fit is refused, so that no
 * text, however broken, becomes a wrong number.
 */
#ifndef SYSTEM_HEALTH_SCAN_H
#define SYSTEM_HEALTH_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is still unread. A zeroed struct is an empty text. */
struct scan {
	const char *at, *end;
};

static inline struct scan scan_of(const char *text, size_t size)
{
	return (struct scan){ text, size > 0 ? text + size : text };
}

static inline size_t scan_left(const struct scan *scan)
{
	return (size_t)(scan->end - scan->at);
}

/* The next line without its newline; the last one needs none. False at the end. */
bool scan_line(struct scan *text, struct scan *ret_line);

/* The next run of bytes that are neither blank nor tab. False where none is left. */
bool scan_word(struct scan *line, struct scan *ret_word);

/* What stands before the next such byte, which is skipped. False, with nothing
 * read, where there is none. */
bool scan_until(struct scan *line, char byte, struct scan *ret_part);

/* Skips blanks and then this text. False, with nothing read, where it is not next. */
bool scan_text(struct scan *line, const char *text);

/* Each skips blanks and reads one number, up to the first byte that is no part of
 * it. False where there is no number or it does not fit. */
bool scan_unsigned(struct scan *line, uint64_t *ret_value);
bool scan_signed(struct scan *line, int64_t *ret_value);

/* More digits after the point than these fit no sample. */
enum { SCAN_MAX_SCALE = 18 };

/* "0.04" is 4 with scale 2: the digits as they are written. */
struct scan_decimal {
	int64_t digits;
	uint32_t scale;
};
bool scan_decimal(struct scan *line, struct scan_decimal *ret_value);

/* Whether the whole of what is left is this text. */
bool scan_is(const struct scan *scan, const char *text);

#endif
