/* SPDX-License-Identifier: Apache-2.0 */
#include "document.h"

#include "parse.h"
#include "report.h"
#include "scan.h"
#include "wipe.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/macros.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SET_FIRST_CAPACITY = 16 };

struct document_set *document_set_create(void)
{
	return calloc(1, sizeof(struct document_set));
}

void document_set_destroy(struct document_set *set)
{
	if (!set)
		return;
	arena_wipe(&set->arena);
	arena_finish(&set->arena);
	free(set->documents);
	free(set);
}

static int set_grow(struct document_set *set)
{
	size_t capacity = set->capacity ? 2 * set->capacity : SET_FIRST_CAPACITY;
	struct document **documents;

	documents = reallocarray(set->documents, capacity, sizeof(struct document *));
	if (!documents)
		return -ENOMEM;
	set->documents = documents;
	set->capacity = capacity;
	return 0;
}

struct document *document_add(struct document_set *set, const char *name)
{
	struct document *document = arena_take(&set->arena, sizeof(*document));

	if (!document || (set->n == set->capacity && set_grow(set) < 0))
		return NULL;
	document->name = arena_copy_text(&set->arena, name, strlen(name));
	if (!document->name)
		return NULL;
	set->documents[set->n++] = document;
	return document;
}

/* A byte order mark is not content (Unicode 23.8). */
static size_t mark_size(const char *text, size_t size)
{
	return size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

const struct document *document_parse(struct document_set *set, const char *name,
	const char *text, size_t size, struct report *report)
{
	struct document *document = document_add(set, name);
	size_t skipped = mark_size(text, size);
	int r;

	if (!document)
		return NULL;
	document->text = arena_copy_text(&set->arena, text + skipped, size - skipped);
	if (!document->text)
		return NULL;
	document->size = size - skipped;
	r = scan_text(document, report);
	if (r == 0)
		r = parse_text(set, document, report);
	if (r == -ENOMEM)
		return NULL;
	document->is_parsed = r == 0;
	return document;
}

static const char *read_failure(int error)
{
	switch (error) {
	case -EISDIR:
		return "it is a folder, not a file";
	case -EFBIG:
		return "it is larger than 1 MiB";
	default:
		return strerror(-error);
	}
}

const struct document *document_read(
	struct document_set *set, const char *path, struct report *report)
{
	CLEANUP(buffer_wipe) struct buffer content = { 0 };
	struct document *document;
	int r;

	/* All at once, since a buffer that moves leaves its content behind. */
	if (!buffer_reserve(&content, WIPE_READ_SIZE(DOCUMENT_MAX_SIZE)))
		return NULL;
	r = file_read(path, DOCUMENT_MAX_SIZE, &content);
	if (r == -ENOMEM)
		return NULL;
	if (r == 0)
		return document_parse(
			set, path, (const char *)content.data, content.size, report);
	document = document_add(set, path);
	if (document)
		report_error(report, ((struct place){ document->name, 1, 1 }), 1,
			"cannot be read: %s", read_failure(r));
	return document;
}

const struct document *document_find(const struct document_set *set, const char *name)
{
	for (size_t i = 0; i < set->n; i++) {
		if (text_equal(set->documents[i]->name, name))
			return set->documents[i];
	}
	return NULL;
}

int document_mask(struct document_set *set, const struct node *node)
{
	struct mask *mask;

	for (size_t i = 0; i < set->n; i++) {
		struct document *document = set->documents[i];

		if (!node->place.file || !text_equal(document->name, node->place.file))
			continue;
		mask = arena_take(&set->arena, sizeof(*mask));
		if (!mask)
			return -ENOMEM;
		mask->from = (struct position){ node->place.line, node->place.column };
		mask->to = node->end;
		mask->next = document->masks;
		document->masks = mask;
		document->n_masks++;
		break;
	}
	return 0;
}

bool document_line(const struct document *document, unsigned int line,
	const char **ret_text, size_t *ret_size)
{
	const char *at = document->text;
	const char *end = at ? at + document->size : NULL;
	const char *stop;

	while (at && --line > 0) {
		at = memchr(at, '\n', (size_t)(end - at));
		if (at)
			at++;
	}
	if (!at)
		return false;
	stop = memchr(at, '\n', (size_t)(end - at));
	if (!stop)
		stop = end;
	if (stop > at && stop[-1] == '\r')
		stop--;
	*ret_text = at;
	*ret_size = (size_t)(stop - at);
	return true;
}

const struct node *node_find(const struct node *mapping, const char *key)
{
	if (!mapping || mapping->kind != NODE_MAPPING)
		return NULL;
	for (size_t i = 0; i < mapping->n_entries; i++) {
		const struct node *known = mapping->entries[i].key;

		if (known->size == strlen(key) && text_equal(known->text, key))
			return mapping->entries[i].value;
	}
	return NULL;
}

bool node_is_null(const struct node *node)
{
	static const char *const words[] = { "", "~", "null", "Null", "NULL" };

	if (node->kind != NODE_SCALAR || !node->is_plain)
		return false;
	for (size_t i = 0; i < LENGTH(words); i++) {
		if (text_equal(node->text, words[i]))
			return true;
	}
	return false;
}

const char *node_kind_name(const struct node *node)
{
	static const char *const names[] = {
		[NODE_SCALAR] = "a text",
		[NODE_SEQUENCE] = "a list",
		[NODE_MAPPING] = "a mapping",
		[NODE_BROKEN] = "something broken",
	};

	return node_is_null(node) ? "nothing" : names[node->kind];
}
