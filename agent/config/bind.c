/* SPDX-License-Identifier: Apache-2.0 */
#include "bind.h"

#include "bind_value.h"
#include "report.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "base/text.h"

#include <errno.h>

/* Larger sets are not listed where a key is unknown. */
enum { LISTED_MAX_COUNT = 16 };

static const char *nearest_name(
	const struct binder *binder, const struct section *section, const char *typed)
{
	const struct option_set *set = section->set;
	const char **names = arena_take(
		binder->arena, (set->n + LENGTH(section->beside)) * sizeof(*names));
	size_t n = 0;

	/* Nobody reads that many; and each costs a comparison with all names. */
	if (!names || binder->report->n_errors >= REPORT_MAX_PROBLEMS)
		return NULL;
	for (; n < set->n; n++)
		names[n] = set->items[n].name;
	for (size_t i = 0; i < LENGTH(section->beside) && section->beside[i].key; i++)
		names[n++] = section->beside[i].key;
	return text_nearest(typed, names, n);
}

static void append_known(const struct section *section, struct buffer *to)
{
	const struct option_set *set = section->set;

	if (set->n == 0)
		buffer_append_text(to, "; there are no options here");
	if (set->n == 0 || set->n > LISTED_MAX_COUNT)
		return;
	for (size_t i = 0; i < set->n; i++)
		buffer_append_format(
			to, "%s %s", i == 0 ? "; known are" : ",", set->items[i].name);
	for (size_t i = 0; i < LENGTH(section->beside) && section->beside[i].key; i++)
		buffer_append_format(to, ", %s", section->beside[i].key);
}

static bool is_beside(const struct section *section, const char *key)
{
	bool found = false;

	for (size_t i = 0; i < LENGTH(section->beside) && section->beside[i].key; i++)
		found |= text_equal(key, section->beside[i].key);
	return found;
}

/* The key below which one of this name belongs; NULL: none. */
static const char *belongs_below(const struct section *section, const char *name)
{
	for (size_t i = 0; i < LENGTH(section->beside); i++) {
		const struct beside *beside = &section->beside[i];

		if (beside->set && option_set_find(beside->set, name))
			return beside->key;
	}
	return NULL;
}

static void report_unknown(const struct binder *binder, const struct section *section,
	const struct node *key)
{
	CLEANUP(buffer_finish) struct buffer hint = { 0 };
	const char *nearest = nearest_name(binder, section, key->text);
	const char *below = belongs_below(section, key->text);

	if (below)
		buffer_append_format(&hint, "; it belongs below '%s'", below);
	else if (nearest)
		buffer_append_format(&hint, "; did you mean '%s'?", nearest);
	else
		append_known(section, &hint);
	report_error(binder->report, key->place, key->width, "unknown key '%s'%s",
		key->text, buffer_text(&hint) ? buffer_text(&hint) : "");
}

/* Finds the node of each option, in the order of the set. */
static int match_keys(const struct binder *binder, const struct section *section,
	const struct node *mapping, const struct node **nodes)
{
	const struct option_set *set = section->set;
	int r = 0;

	for (size_t i = 0; i < mapping->n_entries && r == 0; i++) {
		const struct node *key = mapping->entries[i].key;
		const struct node *value = mapping->entries[i].value;
		bool is_text = strlen(key->text) == key->size;
		const struct option *option =
			is_text ? option_set_find(set, key->text) : NULL;

		if (option) {
			nodes[option - set->items] = value;
			continue;
		}
		if (is_text && is_beside(section, key->text))
			continue;
		report_unknown(binder, section, key);
		/* It may be a secret whose name is misspelt. */
		r = document_mask(binder->documents, value);
	}
	return r;
}

/* The node where it is a mapping that can be bound; else NULL, reported. */
static const struct node *usable_mapping(
	const struct binder *binder, const struct node *node)
{
	bool is_key;

	if (!node || node->kind == NODE_MAPPING)
		return node;
	if (node->kind == NODE_BROKEN || node_is_null(node))
		return NULL;
	is_key = node->kind == NODE_SCALAR && strchr(node->text, ':');
	report_error(binder->report, node->place, node->width,
		"expected a mapping, found %s%s", node_kind_name(node),
		is_key ? "; a space belongs after the ':' of a key" : "");
	return NULL;
}

/* Groups and tables nest no deeper than OPTION_MAX_DEPTH. */
static bool has_secrets(const struct option_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		if (set->items[i].type == RK_TYPE_SECRET ||
			has_secrets(&set->items[i].columns))
			return true;
	}
	return false;
}

int bind_section(const struct binder *binder, const struct section *section,
	struct values *ret_values)
{
	const struct option_set *set = section->set;
	const struct node *mapping = usable_mapping(binder, section->node);
	struct place place = section->node ? section->node->place : section->place;
	struct binder inner = *binder;
	const struct node **nodes = arena_take(binder->arena, set->n * sizeof(*nodes));
	struct value *items = arena_take(binder->arena, set->n * sizeof(*items));
	int r = 0;

	if (!nodes || !items)
		return -ENOMEM;
	if (mapping) {
		r = match_keys(binder, section, mapping, nodes);
	} else if (section->node && !node_is_null(section->node)) {
		/* That it is no mapping is told; what it lacks follows from that. */
		inner.allows_missing = true;
		if (has_secrets(set))
			r = document_mask(binder->documents, section->node);
	}
	for (size_t i = 0; i < set->n && r == 0; i++)
		r = bind_option(&inner, &set->items[i], nodes[i], place, &items[i]);
	if (r == 0)
		*ret_values = (struct values){ set, items, place };
	return r;
}

static int bind_missing(const struct binder *binder, const struct option *option,
	struct place place, struct value *ret_value)
{
	const bool is_required = option->flags & RK_REQUIRED;

	if (is_required && !binder->allows_missing)
		report_error(binder->report, place, 1, "missing required option '%s'",
			option->name);
	if (option->type == RK_TYPE_GROUP)
		return bind_absent_group(binder, option, place, ret_value);
	/* What must be configured has no preset that counts. */
	return is_required ? 0 : bind_preset(binder, option, place, ret_value);
}

int bind_option(const struct binder *binder, const struct option *option,
	const struct node *node, struct place place, struct value *ret_value)
{
	struct binder inner = *binder;

	if (node && node->kind == NODE_BROKEN) {
		inner.allows_missing = true;
		return bind_missing(&inner, option, place, ret_value);
	}
	if (!node || node_is_null(node))
		return bind_missing(
			binder, option, node ? node->place : place, ret_value);
	if (option->flags & RK_DEPRECATED && !binder->is_preset)
		report_warning(binder->report, node->place, node->width,
			"option '%s' is deprecated%s%s", option->name,
			option->help ? ": " : "", option->help ? option->help : "");
	return bind_value(binder, option, node, ret_value);
}
