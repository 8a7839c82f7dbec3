/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rookery/glob.h - patterns for names, the same as those of the agent's configuration
 * (match, keep, drop). One fits a whole text or not at all:
 *
 *	*	any run of characters, also none
 *	?	one character
 *	[a-z_]	one of these, ']' among them where it comes first; [!a-z] any other
 *
 * All else stands for itself; [*] is a star. A character is one of UTF-8.
 */
#ifndef RK_GLOB_H
#define RK_GLOB_H

#include <rookery/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RK_GLOB_MAX_SIZE 256u /* bytes */

/* NULL where the text is a glob, else why it is not, to follow it in a sentence; for
 * rk_plugin.check. */
const char *rk_glob_fault(const char *text);

/* Whether a text of n bytes fits. Takes at most as many steps as both have bytes,
 * multiplied. What is no glob fits as far as it can be understood. */
bool rk_glob_fits(const char *glob, const char *text, size_t n);

#ifdef __cplusplus
}
#endif
#endif
