/* SPDX-License-Identifier: Apache-2.0 */
/* The paths that configuration gives a plugin to read or write (RK_PATH_READ,
 * RK_PATH_WRITE): what the sandbox of its child opens for it. */
#ifndef ISOLATE_GRANTS_H
#define ISOLATE_GRANTS_H

#include "wire.h"

struct values;

/* A zeroed struct grants nothing. */
struct grants {
	struct sandbox_path *paths; /* owned, with their texts; each once */
	size_t n;
};

void grants_finish(struct grants *grants);

/* Adds the paths among the values, also in groups and tables. 0 or -ENOMEM. */
int grants_add_values(struct grants *grants, const struct values *values);
int grants_add(struct grants *grants, const struct grants *more);

/* Whether whoever has these has also the others. */
bool grants_cover(const struct grants *grants, const struct grants *others);

#endif
