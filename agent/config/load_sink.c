/* SPDX-License-Identifier: Apache-2.0 */
/* One entry of `sinks`. */
#include "load.h"

#include "report.h"
#include "rules.h"

#include "base/text.h"
#include "base/units.h"

#include <errno.h>

static int check_id(
	struct loader *loader, const struct node *node, const struct sink_settings *sink)
{
	struct spot spot = spot_of(node, "id");
	const struct id id = { sink->id, spot.place };
	struct place first;
	int r;

	if (!sink->id)
		return 0;
	report_rule(loader->report, &spot, sink->id, rule_id(sink->id));
	r = ids_add(&loader->sink_ids, id, &first);
	if (r > 0)
		report_error(loader->report, spot.place, spot.width,
			"id '%s' is already used at %s:%u:%u", sink->id, first.file,
			first.line, first.column);
	return r < 0 ? r : 0;
}

static const struct sink_type *find_type(
	const struct catalogue *catalogue, const char *name)
{
	for (size_t i = 0; name && i < catalogue->n_sink_types; i++) {
		if (text_equal(catalogue->sink_types[i].name, name))
			return &catalogue->sink_types[i];
	}
	return NULL;
}

static int report_type(struct loader *loader, const struct node *node, const char *name)
{
	const struct catalogue *catalogue = loader->catalogue;
	size_t n = catalogue->n_sink_types;
	const char **names = arena_take(&loader->config->arena, (n + 1) * sizeof(*names));
	struct spot spot = spot_of(node, "type");

	if (!names)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		names[i] = catalogue->sink_types[i].name;
	if (name)
		report_no_such(loader->report, &spot, "sink type", name, names);
	return 0;
}

/* The options of the type that the entry names in plain words, so that one of them
 * that stands beside `options` can be told from an unknown key. */
static const struct option_set *peek_options(
	const struct loader *loader, const struct node *node)
{
	const struct node *name = node_find(node, "type");
	const struct sink_type *type = NULL;

	if (name && name->kind == NODE_SCALAR)
		type = find_type(loader->catalogue, name->text);
	return type ? &type->options : NULL;
}

static int bind_options(struct loader *loader, const struct node *node,
	struct sink_settings *sink, size_t n_errors_before)
{
	struct bound_item *bound = &loader->bound->sinks[sink - loader->config->sinks];
	const struct sink_type *type = find_type(loader->catalogue, sink->type);
	int r;

	if (!type) {
		r = report_type(loader, node, sink->type);
		return r < 0 ? r : hide_below(loader, node, "options");
	}
	sink->common = &bound->common;
	sink->options = &bound->options;
	bound->has_options = true;
	r = load_below(loader, node,
		&(struct below){ "options", &type->options, sink->enabled },
		&bound->options);
	/* A transport is shown nothing that its table would not let through. */
	if (r == 0 && type->check && sink->enabled &&
		loader->report->n_errors == n_errors_before)
		type->check(&bound->options, loader->report);
	return r;
}

static void check_retry(
	struct loader *loader, const struct node *node, const struct sink_retry *retry)
{
	const struct node *group = node_find(node, "retry");
	char text[UNIT_TEXT_SIZE];
	struct spot spot;

	if (!group || retry->most.ns == 0 || retry->first.ns <= retry->most.ns)
		return;
	spot = spot_of(group, node_find(group, "first") ? "first" : "most");
	report_error(loader->report, spot.place, spot.width,
		"'first' must be at most 'most', which is %s",
		duration_to_text(text, retry->most.ns));
}

/* What waits is given up in whole segments while the newest grows. */
static void check_size(
	struct loader *loader, const struct node *node, const struct sink_settings *sink)
{
	uint64_t segment = loader->config->journal.segment_size.bytes;
	char text[UNIT_TEXT_SIZE];
	struct spot spot;

	if (sink->max_size.bytes == 0 || segment == 0 ||
		sink->max_size.bytes / 2 >= segment)
		return;
	spot = spot_of(node, "max_size");
	report_error(loader->report, spot.place, spot.width,
		"'max_size' must hold two segments of 'journal.segment_size', which is "
		"%s",
		size_to_text(text, segment));
}

int load_sink(struct loader *loader, const struct node *node)
{
	struct config *config = loader->config;
	struct sink_settings *sink = &config->sinks[config->n_sinks];
	struct bound_item *bound = &loader->bound->sinks[config->n_sinks];
	const struct section section = {
		.set = &loader->bound->settings.sets[SETTINGS_SINK],
		.node = node,
		.beside = { { "options", peek_options(loader, node) },
			{ "format_options", peek_format_options(loader, node) } },
	};
	size_t n_errors = loader->report->n_errors;
	int r = bind_section(&loader->binder, &section, &bound->common);

	if (r == 0)
		r = settings_fill(&config->arena, SETTINGS_SINK, &bound->common, sink);
	if (r == 0)
		r = check_id(loader, node, sink);
	if (r < 0)
		return r;
	check_retry(loader, node, &sink->retry);
	check_size(loader, node, sink);
	check_shaping(loader, node, sink);
	check_match(loader, node, "match", &sink->match);
	sink->place = node->place;
	config->n_sinks++;
	r = load_format(
		loader, node, find_type(loader->catalogue, sink->type), sink, bound);
	return r < 0 ? r : bind_options(loader, node, sink, n_errors);
}
