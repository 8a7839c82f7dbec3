/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree of a document while it is built from libyaml's events. Nodes that are
 * finished wait on a stack; the end of a collection takes those of its own from
 * there and puts the collection itself onto it.
 */
#ifndef CONFIG_BUILD_H
#define CONFIG_BUILD_H

#include "anchors.h"
#include "document.h"

#include <yaml.h>

/* A collection that is open. */
struct frame {
	struct node *node;
	size_t first; /* of its nodes among those that wait */
};

struct builder {
	struct document_set *set;
	struct document *document;
	struct report *report;
	struct anchors anchors;
	struct frame frames[DOCUMENT_MAX_DEPTH];
	size_t depth;
	const struct node **waiting; /* owned array */
	size_t n_waiting, capacity;
};

/* Frees what the builder holds; the nodes belong to the set. */
void builder_finish(struct builder *builder);

/* Takes one event. 0, -ENOMEM, or -EINVAL where the document is given up, as the
 * report then tells. */
int builder_take(struct builder *builder, const yaml_event_t *event);

#endif
