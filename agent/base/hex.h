/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as hexadecimal digits, two each, in small letters. */
#ifndef BASE_HEX_H
#define BASE_HEX_H

#include "buffer.h"

void hex_append(struct buffer *to, const void *bytes, size_t n);

/* Appends what n digits stand for. 0; -EINVAL: they are none, or half a byte is left;
 * -ENOMEM. */
int hex_read(const char *digits, size_t n, struct buffer *to);

#endif
