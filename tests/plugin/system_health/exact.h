/* SPDX-License-Identifier: Apache-2.0 */
/* Texts in memory of exactly their size, behind which a sanitizer sees every byte
 * that a parser reads too much. */
#ifndef SYSTEM_HEALTH_EXACT_H
#define SYSTEM_HEALTH_EXACT_H

#include "cases.h"

#include <stdlib.h>
#include <string.h>

/* Owned by the caller. */
static inline char *exact(const char *text, size_t *ret_size)
{
	char *copy = malloc(strlen(text) + (text[0] == '\0'));

	assert_non_null(copy);
	memcpy(copy, text, strlen(text));
	*ret_size = strlen(text);
	return copy;
}

/* Declares text and its size, from a literal or a row of a table. */
#define WITH(text, size, source)                                                         \
	size_t size;                                                                     \
	char *text = exact(source, &size)

#endif
