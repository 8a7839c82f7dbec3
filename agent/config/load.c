/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of a configuration have in common while they are loaded. */
#include "load.h"

#include "report.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

struct spot spot_of(const struct node *mapping, const char *key)
{
	const struct node *node = node_find(mapping, key);

	return node ? (struct spot){ node->place, node->width }
		    : (struct spot){ mapping->place, 1 };
}

const struct value *value_of(const struct values *values, const char *name)
{
	const struct option *option = option_set_find(values->set, name);

	return &values->items[option - values->set->items];
}

int value_replace(struct arena *arena, struct values *values, const char *name,
	const struct value *value)
{
	const struct option_set *set = values->set;
	struct value *items = arena_take(arena, set->n * sizeof(*items));

	if (!items)
		return -ENOMEM;
	memcpy(items, values->items, set->n * sizeof(*items));
	items[option_set_find(set, name) - set->items] = *value;
	values->items = items;
	return 0;
}

/* No more of a name that is too long is repeated. */
enum { QUOTE_MAX_SIZE = 40 };

void report_rule(struct report *report, const struct spot *spot, const char *text,
	const char *wrong)
{
	if (wrong)
		report_error(report, spot->place, spot->width, "'%.*s%s' %s",
			QUOTE_MAX_SIZE, text, strlen(text) > QUOTE_MAX_SIZE ? "..." : "",
			wrong);
}

const char *nearest_of(const char *name, const char *const *known)
{
	size_t n = 0;

	while (known && known[n])
		n++;
	return text_nearest(name, known, n);
}

void report_no_such(struct report *report, const struct spot *spot, const char *what,
	const char *name, const char *const *known)
{
	CLEANUP(buffer_finish) struct buffer hint = { 0 };
	const char *nearest = nearest_of(name, known);

	if (nearest)
		buffer_append_format(&hint, "; did you mean '%s'?", nearest);
	for (size_t i = 0; !nearest && known && known[i]; i++)
		buffer_append_format(
			&hint, "%s %s", i == 0 ? "; known are" : ",", known[i]);
	report_error(report, spot->place, spot->width, "there is no %s '%s'%s", what,
		name, buffer_text(&hint) ? buffer_text(&hint) : "");
}

int load_below(struct loader *loader, const struct node *node, const struct below *below,
	struct values *ret_values)
{
	const struct section section = {
		.set = below->set,
		.node = node_find(node, below->key),
		.place = node->place,
	};
	struct binder binder = loader->binder;

	binder.allows_missing = !below->is_enabled;
	return bind_section(&binder, &section, ret_values);
}

int hide_below(struct loader *loader, const struct node *node, const char *key)
{
	const struct node *options = node_find(node, key);

	return options ? document_mask(loader->config->documents, options) : 0;
}
