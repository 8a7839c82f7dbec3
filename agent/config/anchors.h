/* SPDX-License-Identifier: Apache-2.0 */
/* The anchors of one document: names of nodes, the last of a name counts. */
#ifndef CONFIG_ANCHORS_H
#define CONFIG_ANCHORS_H

#include "base/index.h"

#include <stddef.h>

struct node;

struct anchors {
	struct index index;
	const char **names;        /* owned array, borrowed texts */
	const struct node **nodes; /* owned array */
	size_t n, capacity;
};

/* A zeroed struct is empty. */
void anchors_finish(struct anchors *anchors);

/* name is borrowed until anchors_finish. 0 or -ENOMEM. */
int anchors_set(struct anchors *anchors, const char *name, const struct node *node);

/* NULL where there is none. */
const struct node *anchors_find(const struct anchors *anchors, const char *name);

/* The name that may be meant; NULL where none is near. */
const char *anchors_nearest(const struct anchors *anchors, const char *name);

#endif
