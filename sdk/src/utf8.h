/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 as RFC 3629 has it: no surrogates, no overlong forms, up to U+10FFFF. */
#ifndef SDK_UTF8_H
#define SDK_UTF8_H

#include <stddef.h>

/* How many bytes the valid character at text takes; 0: it is not valid, or n is 0. */
size_t rk_utf8_length(const char *text, size_t n);

#endif
