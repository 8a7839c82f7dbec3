/* SPDX-License-Identifier: Apache-2.0 */
#include "json.h"

#include "document.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/utf8.h"

void json_put(struct json *json, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) < 0)
		json->failed = true;
}

void json_add(struct json *json, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) < 0)
		json->failed = true;
}

json_t *json_from_text(const char *text, size_t size)
{
	CLEANUP(buffer_finish) struct buffer repaired = { 0 };

	utf8_append_repaired(&repaired, text, size);
	if (buffer_failed(&repaired))
		return NULL;
	return json_stringn(
		repaired.data ? (const char *)repaired.data : "", repaired.size);
}

json_t *json_from_number(const char *text, size_t size)
{
	int64_t integer;
	double real;

	if (integer_from_text(text, size, &integer) == 0)
		return json_integer(integer);
	if (real_from_text(text, size, &real) == 0)
		return json_real(real);
	return json_from_text(text, size);
}

static json_t *from_scalar(const struct node *node)
{
	if (node_is_null(node))
		return json_null();
	if (!node->is_plain)
		return json_stringn(node->text, node->size);
	if (text_equal(node->text, "true") || text_equal(node->text, "false"))
		return json_boolean(text_equal(node->text, "true"));
	return json_from_number(node->text, node->size);
}

/* Trees are as deep as a document, DOCUMENT_MAX_DEPTH. */
json_t *json_from_node(const struct node *node)
{
	struct json json = { 0 };
	json_t *tree;

	if (node->kind == NODE_SCALAR)
		return from_scalar(node);
	if (node->kind == NODE_BROKEN)
		return json_null();
	tree = node->kind == NODE_SEQUENCE ? json_array() : json_object();
	for (size_t i = 0; node->kind == NODE_SEQUENCE && i < node->n_items; i++)
		json_add(&json, tree, json_from_node(node->items[i]));
	for (size_t i = 0; node->kind == NODE_MAPPING && i < node->n_entries; i++)
		json_put(&json, tree, node->entries[i].key->text,
			json_from_node(node->entries[i].value));
	if (!json.failed)
		return tree;
	json_decref(tree);
	return NULL;
}
