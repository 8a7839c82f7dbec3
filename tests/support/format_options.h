/* SPDX-License-Identifier: Apache-2.0 */
/* What is configured for a format, from texts, as configuration would bind it. */
#ifndef SUPPORT_FORMAT_OPTIONS_H
#define SUPPORT_FORMAT_OPTIONS_H

#include "base/arena.h"
#include "encode/encoder.h"

/* pairs: names and values in turn, ended by NULL; NULL: none. 0, or a negative errno:
 * the format has no such option. */
int format_options_set(
	struct encoder *encoder, struct arena *arena, const char *const *pairs);

#endif
