/* SPDX-License-Identifier: Apache-2.0 */
/* `format` of a sink, and `format_options`, which are the format's own. */
#include "load.h"

#include "report.h"

#include "base/text.h"

static bool is_one_of(const char *const *names, const char *name)
{
	for (size_t i = 0; names && names[i]; i++) {
		if (text_equal(names[i], name))
			return true;
	}
	return false;
}

/* A type that does not carry the preset goes with the first format that it does. */
static int choose_format(struct loader *loader, const struct sink_type *type,
	struct sink_settings *sink, struct bound_item *bound)
{
	struct value format = *value_of(&bound->common, "format");

	if (format.origin != ORIGIN_PRESET || !type || !type->formats ||
		!type->formats[0] || is_one_of(type->formats, sink->format))
		return 0;
	format.text = sink->format = type->formats[0];
	return value_replace(&loader->config->arena, &bound->common, "format", &format);
}

/* Whether it is a format at all. */
static bool check_format(struct loader *loader, const struct node *node,
	const struct sink_type *type, const struct sink_settings *sink)
{
	const char *const *known = loader->catalogue->formats;
	struct spot spot = spot_of(node, "format");

	if (!is_one_of(known, sink->format)) {
		if (sink->format)
			report_no_such(
				loader->report, &spot, "format", sink->format, known);
		return false;
	}
	if (type && type->formats && !is_one_of(type->formats, sink->format))
		report_error(loader->report, spot.place, spot.width,
			"a sink of type '%s' cannot carry the format '%s'", sink->type,
			sink->format);
	return true;
}

/* The options of a format; an empty set where it has none. */
static const struct option_set *options_of(
	const struct catalogue *catalogue, const char *name)
{
	static const struct option_set none = { 0 };

	for (size_t i = 0; i < catalogue->n_format_types; i++) {
		if (text_equal(catalogue->format_types[i].name, name))
			return &catalogue->format_types[i].options;
	}
	return &none;
}

const struct option_set *peek_format_options(
	const struct loader *loader, const struct node *node)
{
	const struct node *name = node_find(node, "format");

	return name && name->kind == NODE_SCALAR
		       ? options_of(loader->catalogue, name->text)
		       : NULL;
}

int load_format(struct loader *loader, const struct node *node,
	const struct sink_type *type, struct sink_settings *sink,
	struct bound_item *bound)
{
	struct below below = { .key = "format_options", .is_enabled = sink->enabled };
	int r = choose_format(loader, type, sink, bound);

	if (r < 0)
		return r;
	if (!check_format(loader, node, type, sink))
		return hide_below(loader, node, below.key);
	below.set = options_of(loader->catalogue, sink->format);
	sink->format_options = &bound->format_options;
	return load_below(loader, node, &below, &bound->format_options);
}
