/* SPDX-License-Identifier: Apache-2.0 */
/* The entropy of the random number generator (random(4)). */
#ifndef SYSTEM_HEALTH_ENTROPY_H
#define SYSTEM_HEALTH_ENTROPY_H

#include "part.h"
#include "report.h"
#include "scan.h"
#include "source.h"

/* False where the text is no number. */
bool entropy_parse(const char *text, size_t size, uint64_t *ret_bits);

struct entropy {
	struct source source;
	struct handle handle;
};

extern const struct part entropy_part;

#endif
