/* SPDX-License-Identifier: Apache-2.0 */
/* Parts as an instance would make them, for tests of what comes behind. */
#ifndef SUPPORT_PARTS_H
#define SUPPORT_PARTS_H

#include "model/part.h"

/* A part of n samples, of the series first_series and those after it, whose values
 * count up from first_value. With defined, it brings the series' definitions. */
struct part *parts_make(
	uint32_t first_series, uint32_t n, int64_t first_value, bool defined);

/* The source that they are from. */
struct source_view parts_source(void);

#endif
