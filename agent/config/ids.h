/* SPDX-License-Identifier: Apache-2.0 */
/* The ids of collectors, or of sinks: each is there once. */
#ifndef CONFIG_IDS_H
#define CONFIG_IDS_H

#include "base/index.h"
#include "model/value.h"

struct id {
	const char *text; /* borrowed */
	struct place place;
};

/* A zeroed struct is empty. */
struct ids {
	struct index index;
	struct id *items; /* owned array */
	size_t n, capacity;
};

void ids_finish(struct ids *ids);

/* Adds an id. 0 or -ENOMEM; 1 where it is there already, and where. */
int ids_add(struct ids *ids, struct id id, struct place *ret_first);

#endif
