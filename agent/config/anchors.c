/* SPDX-License-Identifier: Apache-2.0 */
#include "anchors.h"

#include "base/checksum.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ANCHORS_FIRST_CAPACITY = 16 };

/* More names than these are not compared with one that is unknown. */
enum { ANCHORS_MAX_NEAREST = 1000 };

void anchors_finish(struct anchors *anchors)
{
	index_finish(&anchors->index);
	free(anchors->names);
	free(anchors->nodes);
	*anchors = (struct anchors){ 0 };
}

/* What is looked for, and in what. */
struct lookup {
	const struct anchors *anchors;
	const char *name;
};

static bool is_name(const void *context, uint32_t value)
{
	const struct lookup *lookup = context;

	return text_equal(lookup->anchors->names[value], lookup->name);
}

static uint32_t anchors_number(const struct anchors *anchors, const char *name)
{
	const struct lookup lookup = { anchors, name };

	return index_find(
		&anchors->index, hash_bytes(name, strlen(name)), is_name, &lookup);
}

static int anchors_grow(struct anchors *anchors)
{
	size_t capacity =
		anchors->capacity ? 2 * anchors->capacity : ANCHORS_FIRST_CAPACITY;
	const char **names;
	const struct node **nodes;

	names = reallocarray(anchors->names, capacity, sizeof(*names));
	if (!names)
		return -ENOMEM;
	anchors->names = names;
	nodes = reallocarray(anchors->nodes, capacity, sizeof(*nodes));
	if (!nodes)
		return -ENOMEM;
	anchors->nodes = nodes;
	anchors->capacity = capacity;
	return 0;
}

int anchors_set(struct anchors *anchors, const char *name, const struct node *node)
{
	uint32_t number = anchors_number(anchors, name);
	int r;

	if (number != INDEX_NONE) {
		anchors->nodes[number] = node;
		return 0;
	}
	if (anchors->n == anchors->capacity && anchors_grow(anchors) < 0)
		return -ENOMEM;
	r = index_add(
		&anchors->index, hash_bytes(name, strlen(name)), (uint32_t)anchors->n);
	if (r < 0)
		return r;
	anchors->names[anchors->n] = name;
	anchors->nodes[anchors->n++] = node;
	return 0;
}

const struct node *anchors_find(const struct anchors *anchors, const char *name)
{
	uint32_t number = anchors_number(anchors, name);

	return number == INDEX_NONE ? NULL : anchors->nodes[number];
}

const char *anchors_nearest(const struct anchors *anchors, const char *name)
{
	if (anchors->n > ANCHORS_MAX_NEAREST)
		return NULL;
	return text_nearest(name, anchors->names, anchors->n);
}
