/* SPDX-License-Identifier: Apache-2.0 */
#include "agent_state.h"

#include "base/hex.h"
#include "base/utf8.h"

#include <string.h>

/* What a terminal takes as it is. */
static bool is_text(struct slice value)
{
	if (utf8_valid_prefix(value.at, value.n) < value.n)
		return false;
	for (size_t i = 0; i < value.n; i++) {
		unsigned char byte = (unsigned char)value.at[i];

		if ((byte < ' ' && byte != '\n' && byte != '\t') || byte == 0x7f)
			return false;
	}
	return true;
}

json_t *hex_to_json(struct slice value)
{
	struct buffer text = { 0 };
	json_t *json = NULL;

	hex_append(&text, value.at, value.n);
	if (!buffer_failed(&text))
		json = json_stringn(text.data ? (char *)text.data : "", text.size);
	buffer_finish(&text);
	return json;
}

static json_t *entry_to_json(
	const struct kept_state *collector, const struct state_entry *entry)
{
	struct slice value = { entry->key + entry->key_size, entry->value_size };
	json_t *object = json_object();
	bool text = is_text(value);

	if (json_object_set_new(object, "collector", json_string(collector->id)) < 0 ||
		json_object_set_new(
			object, "key", json_stringn(entry->key, entry->key_size)) < 0 ||
		json_object_set_new(object, "size", json_integer((json_int_t)value.n)) <
			0 ||
		json_object_set_new(object, text ? "value" : "hex",
			text ? json_stringn(value.at, value.n) : hex_to_json(value)) <
			0) {
		json_decref(object);
		return NULL;
	}
	return object;
}

static bool is_wanted(const struct state_query *query, const struct state_entry *entry)
{
	if (entry->key[0] == '!' && !query->all)
		return false;
	if (query->key)
		return slice_equal(slice_of(query->key),
			(struct slice){ entry->key, entry->key_size });
	return true;
}

static int add_collector(json_t *array, const struct kept_state *collector,
	const struct state_query *query)
{
	for (size_t i = 0; i < collector->state.n; i++) {
		const struct state_entry *entry = &collector->state.entries[i];

		if (!is_wanted(query, entry))
			continue;
		if (json_array_append_new(array, entry_to_json(collector, entry)) < 0)
			return -1;
	}
	return 0;
}

json_t *states_to_json(const struct states *states, const struct state_query *query)
{
	json_t *array = json_array();
	int r = array ? 0 : -1;

	for (size_t i = 0; r == 0 && i < states->n; i++) {
		if (!query->collector ||
			strcmp(states->all[i]->id, query->collector) == 0)
			r = add_collector(array, states->all[i], query);
	}
	if (r < 0) {
		json_decref(array);
		return NULL;
	}
	return array;
}
