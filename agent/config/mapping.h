/* SPDX-License-Identifier: Apache-2.0 */
/* A mapping out of its keys and values: each key once, merge keys resolved. */
#ifndef CONFIG_MAPPING_H
#define CONFIG_MAPPING_H

#include <stddef.h>

struct document_set;
struct node;
struct report;

/* Fills the mapping from n nodes, keys and values in turn. Keys that stand twice
 * or are no scalars are reported and left out. 0 or -ENOMEM. */
struct mapping_parts {
	struct document_set *set;
	struct report *report;
	const struct node *const *nodes;
	size_t n;
};
int mapping_fill(struct node *mapping, const struct mapping_parts *parts);

#endif
