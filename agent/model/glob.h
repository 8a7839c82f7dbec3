/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns for names and texts, which fit as a whole or not at all:
 *
 *	*	any run of characters, also none
 *	?	one character
 *	[a-z_]	one of these, `]` among them where it comes first; [!a-z] one of the
 *others
 *
 * All else stands for itself; `[*]` is a star. A character is one of UTF-8.
 */
#ifndef MODEL_GLOB_H
#define MODEL_GLOB_H

#include "base/pack.h"

#include <stdbool.h>

#define GLOB_MAX_SIZE 256 /* bytes */

/* NULL where the text is a glob, else why it is not, to follow it. */
const char *glob_fault(const char *text);

/* Whether the whole text fits. Takes at most as many steps as both have bytes,
 * multiplied. */
bool glob_fits(const char *glob, struct slice text);

#endif
