/* SPDX-License-Identifier: Apache-2.0 */
/* Each kind of event has a handler in the table at the end. */
#include "build.h"

#include "mapping.h"
#include "report.h"

#include "base/macros.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { WAITING_FIRST_CAPACITY = 64 };

void builder_finish(struct builder *builder)
{
	anchors_finish(&builder->anchors);
	free(builder->waiting);
}

static struct place place_of(const struct builder *builder, const yaml_event_t *event)
{
	return (struct place){
		.file = builder->document->name,
		.line = (unsigned int)event->start_mark.line + 1,
		.column = (unsigned int)event->start_mark.column + 1,
	};
}

static unsigned int width_between(struct place place, struct position end)
{
	bool one_line = end.line == place.line && end.column > place.column;

	return one_line ? end.column - place.column : 1;
}

static void node_end_at(struct node *node, const yaml_event_t *event)
{
	node->end = (struct position){
		.line = (unsigned int)event->end_mark.line + 1,
		.column = (unsigned int)event->end_mark.column + 1,
	};
}

/* Counts nodes, those behind an alias all at once. */
static int count_nodes(struct builder *builder, struct place place, unsigned int weight)
{
	if (weight <= DOCUMENT_MAX_NODES - builder->set->n_nodes) {
		builder->set->n_nodes += weight;
		return 0;
	}
	report_error(builder->report, place, 1,
		"more than %d nodes in all files, those behind an alias counted each "
		"time",
		DOCUMENT_MAX_NODES);
	return -EINVAL;
}

static int wait_in_stack(struct builder *builder, const struct node *node)
{
	const struct node **waiting = builder->waiting;

	if (!waiting || builder->n_waiting == builder->capacity) {
		size_t capacity = builder->capacity ? 2 * builder->capacity
						    : WAITING_FIRST_CAPACITY;

		waiting = reallocarray(waiting, capacity, sizeof(*waiting));
		if (!waiting)
			return -ENOMEM;
		builder->waiting = waiting;
		builder->capacity = capacity;
	}
	waiting[builder->n_waiting++] = node;
	return 0;
}

static struct node *node_create(
	struct builder *builder, enum node_kind kind, const yaml_event_t *event)
{
	struct node *node = arena_take(&builder->set->arena, sizeof(*node));

	if (!node)
		return NULL;
	node->kind = kind;
	node->place = place_of(builder, event);
	node_end_at(node, event);
	node->width = width_between(node->place, node->end);
	node->weight = 1;
	return node;
}

static int node_anchor(
	struct builder *builder, const struct node *node, const yaml_char_t *anchor)
{
	const char *name;

	if (!anchor)
		return 0;
	name = arena_copy_text(
		&builder->set->arena, (const char *)anchor, strlen((const char *)anchor));
	return name ? anchors_set(&builder->anchors, name, node) : -ENOMEM;
}

/* Somebody who writes `!include` or `!!int` expects something to happen. */
static void report_tag(
	struct builder *builder, const struct node *node, const yaml_char_t *tag)
{
	static const char core[] = "tag:yaml.org,2002:";
	const char *name = (const char *)tag;
	bool is_core;

	if (!tag)
		return;
	is_core = strncmp(name, core, strlen(core)) == 0;
	report_error(builder->report, node->place, 1,
		"the tag '%s%s' means nothing here; quote a text that begins with '!'",
		is_core ? "!!" : "", is_core ? name + strlen(core) : name);
}

static int on_scalar(struct builder *builder, const yaml_event_t *event)
{
	struct node *node = node_create(builder, NODE_SCALAR, event);
	int r;

	if (!node)
		return -ENOMEM;
	r = count_nodes(builder, node->place, 1);
	if (r < 0)
		return r;
	node->size = event->data.scalar.length;
	node->text = arena_copy_text(
		&builder->set->arena, (const char *)event->data.scalar.value, node->size);
	if (!node->text)
		return -ENOMEM;
	node->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	node->height = 1;
	report_tag(builder, node, event->data.scalar.tag);
	r = node_anchor(builder, node, event->data.scalar.anchor);
	return r < 0 ? r : wait_in_stack(builder, node);
}

static int report_depth(struct builder *builder, struct place place)
{
	report_error(builder->report, place, 1,
		"more than %d mappings and lists in each other", DOCUMENT_MAX_DEPTH);
	return -EINVAL;
}

static int open_collection(struct builder *builder, enum node_kind kind,
	const yaml_event_t *event, const yaml_char_t *anchor, const yaml_char_t *tag)
{
	struct node *node;
	int r;

	if (builder->depth == DOCUMENT_MAX_DEPTH)
		return report_depth(builder, place_of(builder, event));
	node = node_create(builder, kind, event);
	if (!node)
		return -ENOMEM;
	r = count_nodes(builder, node->place, 1);
	if (r < 0)
		return r;
	report_tag(builder, node, tag);
	builder->frames[builder->depth++] = (struct frame){ node, builder->n_waiting };
	return node_anchor(builder, node, anchor);
}

static int on_sequence(struct builder *builder, const yaml_event_t *event)
{
	return open_collection(builder, NODE_SEQUENCE, event,
		event->data.sequence_start.anchor, event->data.sequence_start.tag);
}

static int on_mapping(struct builder *builder, const yaml_event_t *event)
{
	return open_collection(builder, NODE_MAPPING, event,
		event->data.mapping_start.anchor, event->data.mapping_start.tag);
}

static int fill_sequence(
	struct builder *builder, struct node *node, const struct node **below, size_t n)
{
	const struct node **items = arena_take(&builder->set->arena, n * sizeof(*items));

	if (!items)
		return -ENOMEM;
	if (n > 0)
		memcpy(items, below, n * sizeof(*items));
	node->items = items;
	node->n_items = n;
	return 0;
}

static int on_end(struct builder *builder, const yaml_event_t *event)
{
	struct frame *frame = &builder->frames[--builder->depth];
	struct node *node = frame->node;
	const struct node **below =
		builder->waiting ? builder->waiting + frame->first : NULL;
	size_t n = below ? builder->n_waiting - frame->first : 0;
	const struct mapping_parts parts = { builder->set, builder->report, below, n };
	int r;

	node_end_at(node, event);
	node->width = width_between(node->place, node->end);
	/* An empty collection is as high as one of scalars. */
	node->height = 1;
	for (size_t i = 0; i < n; i++) {
		node->weight += below[i]->weight;
		node->height = MAX(node->height, below[i]->height);
	}
	r = node->kind == NODE_MAPPING ? mapping_fill(node, &parts)
				       : fill_sequence(builder, node, below, n);
	node->height++;
	builder->n_waiting = frame->first;
	return r < 0 ? r : wait_in_stack(builder, node);
}

static int wait_broken(struct builder *builder, const yaml_event_t *event)
{
	struct node *node = node_create(builder, NODE_BROKEN, event);

	if (!node)
		return -ENOMEM;
	node->height = 1;
	return wait_in_stack(builder, node);
}

static int on_unknown_alias(
	struct builder *builder, const yaml_event_t *event, const char *name)
{
	const char *nearest = anchors_nearest(&builder->anchors, name);
	unsigned int width =
		(unsigned int)(event->end_mark.index - event->start_mark.index);

	if (nearest)
		report_error(builder->report, place_of(builder, event), width,
			"there is no anchor '&%s' before; did you mean '*%s'?", name,
			nearest);
	else
		report_error(builder->report, place_of(builder, event), width,
			"there is no anchor '&%s' before; quote a text that begins with "
			"'*'",
			name);
	return wait_broken(builder, event);
}

static int on_alias(struct builder *builder, const yaml_event_t *event)
{
	const char *name = (const char *)event->data.alias.anchor;
	const struct node *node = anchors_find(&builder->anchors, name);
	struct place place = place_of(builder, event);
	int r;

	if (!node)
		return on_unknown_alias(builder, event, name);
	if (node->height == 0) {
		report_error(builder->report, place, 1,
			"'*%s' stands inside of what it stands for", name);
		return wait_broken(builder, event);
	}
	/* The lowest nodes of it are scalars, which open nothing. */
	if (builder->depth + node->height > DOCUMENT_MAX_DEPTH + 1)
		return report_depth(builder, place);
	r = count_nodes(builder, place, node->weight);
	return r < 0 ? r : wait_in_stack(builder, node);
}

static int on_document(struct builder *builder, const yaml_event_t *event)
{
	if (builder->n_waiting == 0)
		return 0;
	report_error(builder->report, place_of(builder, event), 3,
		"a second document; a configuration file holds one");
	return -EINVAL;
}

static int (*const handlers[])(struct builder *builder, const yaml_event_t *event) = {
	[YAML_DOCUMENT_START_EVENT] = on_document,
	[YAML_ALIAS_EVENT] = on_alias,
	[YAML_SCALAR_EVENT] = on_scalar,
	[YAML_SEQUENCE_START_EVENT] = on_sequence,
	[YAML_SEQUENCE_END_EVENT] = on_end,
	[YAML_MAPPING_START_EVENT] = on_mapping,
	[YAML_MAPPING_END_EVENT] = on_end,
};

int builder_take(struct builder *builder, const yaml_event_t *event)
{
	bool known = (size_t)event->type < LENGTH(handlers) && handlers[event->type];

	return known ? handlers[event->type](builder, event) : 0;
}
