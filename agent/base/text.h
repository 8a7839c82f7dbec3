/* SPDX-License-Identifier: Apache-2.0 */
/* Small questions about texts. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static inline bool text_equal(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* The candidate that is closest to what was typed, where it is close enough to
 * be meant (one edit in three letters); NULL where none is. Borrowed from
 * candidates, which has n entries. */
const char *text_nearest(const char *typed, const char *const *candidates, size_t n);

/* Whether text is 1 to max_size bytes of [a-z][a-z0-9_]*, with also added to what
 * may follow the first letter. */
bool text_is_name(const char *text, size_t max_size, const char *also);

#endif
