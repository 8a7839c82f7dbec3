/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping.h"

#include "document.h"
#include "report.h"

#include "base/checksum.h"
#include "base/cleanup.h"
#include "base/index.h"

#include <errno.h>
#include <string.h>

/* A mapping while it grows. */
struct filling {
	const struct mapping_parts *parts;
	struct node_entry *entries;
	size_t n;
	struct index index; /* of the entries by key */
};

static void filling_finish(struct filling *filling)
{
	index_finish(&filling->index);
}

struct lookup {
	const struct node_entry *entries;
	const struct node *key;
};

static bool is_key(const void *context, uint32_t value)
{
	const struct lookup *lookup = context;
	const struct node *known = lookup->entries[value].key;

	return known->size == lookup->key->size &&
	       memcmp(known->text, lookup->key->text, known->size) == 0;
}

static const struct node_entry *filling_find(
	const struct filling *filling, const struct node *key)
{
	const struct lookup lookup = { filling->entries, key };
	uint32_t number = index_find(
		&filling->index, hash_bytes(key->text, key->size), is_key, &lookup);

	return number == INDEX_NONE ? NULL : &filling->entries[number];
}

static int filling_add(
	struct filling *filling, const struct node *key, const struct node *value)
{
	int r = index_add(
		&filling->index, hash_bytes(key->text, key->size), (uint32_t)filling->n);

	if (r == 0)
		filling->entries[filling->n++] = (struct node_entry){ key, value };
	return r;
}

/* https://yaml.org/type/merge.html */
static bool is_merge(const struct node *key)
{
	return key->kind == NODE_SCALAR && key->is_plain && key->size == 2 &&
	       memcmp(key->text, "<<", 2) == 0;
}

static int add_explicit(
	struct filling *filling, const struct node *key, const struct node *value)
{
	const struct mapping_parts *parts = filling->parts;
	const struct node_entry *known;

	if (key->kind == NODE_BROKEN)
		return 0;
	if (key->kind != NODE_SCALAR) {
		report_error(parts->report, key->place, key->width,
			"a key is a text, not %s", node_kind_name(key));
		if (document_mask(parts->set, key) < 0)
			return -ENOMEM;
		return document_mask(parts->set, value);
	}
	known = filling_find(filling, key);
	if (!known)
		return filling_add(filling, key, value);
	report_error(parts->report, key->place, key->width,
		"key '%s' stands twice, first on line %u", key->text,
		known->key->place.line);
	/* Nobody learns whether this value is a secret. */
	return document_mask(parts->set, value);
}

static int merge_mapping(struct filling *filling, const struct node *from)
{
	int r = 0;

	for (size_t i = 0; i < from->n_entries && r == 0; i++) {
		const struct node_entry *entry = &from->entries[i];

		if (!filling_find(filling, entry->key))
			r = filling_add(filling, entry->key, entry->value);
	}
	return r;
}

static int merge_one(struct filling *filling, const struct node *from)
{
	if (from->kind == NODE_MAPPING)
		return merge_mapping(filling, from);
	if (from->kind != NODE_BROKEN)
		report_error(filling->parts->report, from->place, from->width,
			"'<<' merges a mapping or a list of mappings, not %s",
			node_kind_name(from));
	return 0;
}

static int merge(struct filling *filling, const struct node *from)
{
	int r = 0;

	if (from->kind != NODE_SEQUENCE)
		return merge_one(filling, from);
	for (size_t i = 0; i < from->n_items && r == 0; i++)
		r = merge_one(filling, from->items[i]);
	return r;
}

/* How many entries a merge adds at most. */
static size_t merge_size(const struct node *from)
{
	size_t n = 0;

	if (from->kind == NODE_MAPPING)
		return from->n_entries;
	for (size_t i = 0; from->kind == NODE_SEQUENCE && i < from->n_items; i++)
		n += from->items[i]->kind == NODE_MAPPING ? from->items[i]->n_entries : 0;
	return n;
}

static const struct node *find_merge(const struct mapping_parts *parts)
{
	const struct node *found = NULL;

	for (size_t i = 0; i < parts->n; i += 2) {
		if (!is_merge(parts->nodes[i]))
			continue;
		if (!found)
			found = parts->nodes[i + 1];
		else
			report_error(parts->report, parts->nodes[i]->place, 2,
				"a second '<<'; merge a list of mappings instead");
	}
	return found;
}

int mapping_fill(struct node *mapping, const struct mapping_parts *parts)
{
	CLEANUP(filling_finish) struct filling filling = { .parts = parts };
	const struct node *from = find_merge(parts);
	size_t room = parts->n / 2 + (from ? merge_size(from) : 0);
	int r = 0;

	filling.entries = arena_take(&parts->set->arena, room * sizeof(*filling.entries));
	if (!filling.entries)
		return -ENOMEM;
	for (size_t i = 0; i < parts->n && r == 0; i += 2) {
		if (!is_merge(parts->nodes[i]))
			r = add_explicit(&filling, parts->nodes[i], parts->nodes[i + 1]);
	}
	/* What is written here counts before what is merged. */
	if (r == 0 && from)
		r = merge(&filling, from);
	mapping->entries = filling.entries;
	mapping->n_entries = filling.n;
	return r;
}
