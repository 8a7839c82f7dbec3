/* SPDX-License-Identifier: Apache-2.0 */
#include "format_options.h"

#include "base/buffer.h"
#include "model/description.h"

#include <errno.h>
#include <rookery/plugin.h>
#include <string.h>

static int set(struct arena *arena, const struct option_set *set, struct value *items,
	const char *const *pair)
{
	struct buffer why = { 0 };
	const struct option *option = option_set_find(set, pair[0]);
	struct value *value;
	int r;

	if (!option)
		return -ENOENT;
	value = &items[option - set->items];
	r = value_from_text(arena, option, pair[1], strlen(pair[1]), value, &why);
	buffer_finish(&why);
	value->origin = ORIGIN_FILE;
	return r;
}

int format_options_set(
	struct encoder *encoder, struct arena *arena, const char *const *pairs)
{
	const struct encoder_type *type = encoder->type;
	struct option_set *options = arena_take(arena, sizeof(*options));
	struct value *items = arena_take(arena, (type->n_options + 1) * sizeof(*items));
	struct values values = { .set = options, .items = items };
	int r;

	if (!options || !items)
		return -ENOMEM;
	r = option_set_copy(
		arena, type->options, sizeof(*type->options), type->n_options, options);
	for (size_t i = 0; r == 0 && i < options->n; i++) {
		const char *preset[] = { options->items[i].name,
			options->items[i].preset };

		if (preset[1])
			r = set(arena, options, items, preset);
		if (r == 0 && preset[1])
			items[i].origin = ORIGIN_PRESET;
	}
	for (; r == 0 && pairs && *pairs; pairs += 2)
		r = set(arena, options, items, pairs);
	return r < 0 ? r : encoder_configure(encoder, arena, &values);
}
