/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 as RFC 3629 has it: no surrogates, no overlong forms, up to U+10FFFF. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "buffer.h"

#include <stdbool.h>
#include <stddef.h>

/* How many bytes the valid character at text takes, 0 where it is not valid.
 * n > 0. */
size_t utf8_length(const char *text, size_t n);

/* The length of the valid part that text begins with. */
size_t utf8_valid_prefix(const char *text, size_t n);

/* Appends text with U+FFFD for each byte that belongs to no valid character. */
void utf8_append_repaired(struct buffer *to, const char *text, size_t n);

#endif
