/* SPDX-License-Identifier: Apache-2.0 */
/* One entry of `collectors`. */
#include "load.h"

#include "report.h"
#include "rules.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

#define STREAM_INTERVAL "10s"
#define MAX_TIMEOUT_NS  (86400 * NS_PER_SECOND) /* as settings.c has it */

/* An entry on its way. */
struct entry {
	struct loader *loader;
	const struct node *node;
	struct collector_settings *settings;
	struct bound_item *bound;
	const struct description *plugin; /* NULL: not known, or refused */
};

static void report_name(
	const struct entry *entry, const char *key, const char *text, const char *wrong)
{
	struct spot spot = spot_of(entry->node, key);

	report_rule(entry->loader->report, &spot, text, wrong);
}

static int check_id(const struct entry *entry)
{
	const char *text = entry->settings->id;
	struct spot spot = spot_of(entry->node, "id");
	const struct id id = { text, spot.place };
	struct place first;
	int r;

	if (!text)
		return 0;
	report_name(entry, "id", text, rule_id(text));
	if (text_equal(text, "rookery"))
		report_error(entry->loader->report, spot.place, spot.width,
			"id 'rookery' is the agent's own, under which it tells of "
			"itself");
	r = ids_add(&entry->loader->collector_ids, id, &first);
	if (r > 0)
		report_error(entry->loader->report, spot.place, spot.width,
			"id '%s' is already used at %s:%u:%u", text, first.file,
			first.line, first.column);
	return r < 0 ? r : 0;
}

static bool is_metric_label(const struct description *plugin, const char *name)
{
	for (size_t i = 0; plugin && i < plugin->n_metrics; i++) {
		const struct metric *metric = &plugin->metrics[i];

		for (size_t k = 0; k < metric->n_labels; k++) {
			if (text_equal(metric->labels[k], name))
				return true;
		}
	}
	return false;
}

static const char *label_fault(const struct entry *entry, const char *name)
{
	if (text_equal(name, "tenant"))
		return "is set by the option 'tenant', not as a label";
	if (is_metric_label(entry->plugin, name))
		return "is a label that the plugin sets itself";
	return rule_label_name(name);
}

static const struct node *key_of(const struct node *mapping, const char *name)
{
	for (size_t i = 0; i < mapping->n_entries; i++) {
		if (text_equal(mapping->entries[i].key->text, name))
			return mapping->entries[i].key;
	}
	return mapping;
}

static void check_labels(const struct entry *entry)
{
	const struct rk_map *labels = &entry->settings->labels;
	const struct node *node = node_find(entry->node, "labels");
	struct report *report = entry->loader->report;

	if (labels->n > RULE_MAX_LABELS)
		report_error(report, node->place, node->width,
			"%zu labels; a series has at most %d", labels->n,
			RULE_MAX_LABELS);
	for (size_t i = 0; i < labels->n; i++) {
		const struct node *key = key_of(node, labels->items[i].name);
		const struct spot spot = { key->place, key->width };
		const char *wrong = label_fault(entry, labels->items[i].name);

		report_rule(report, &spot, labels->items[i].name, wrong);
		wrong = rule_label_value(labels->items[i].value);
		if (wrong)
			report_error(report, key->place, key->width,
				"the value of '%s' %s", labels->items[i].name, wrong);
	}
}

static int check_names(const struct entry *entry)
{
	const struct collector_settings *settings = entry->settings;
	const struct rk_list *tenants = &settings->tenants;
	int r = check_id(entry);

	if (settings->identity)
		report_name(entry, "identity", settings->identity,
			rule_name(settings->identity));
	if (settings->tenant)
		report_name(
			entry, "tenant", settings->tenant, rule_name(settings->tenant));
	for (size_t i = 0; i < tenants->n; i++)
		report_name(entry, "tenants", tenants->items[i],
			rule_name(tenants->items[i]));
	check_labels(entry);
	check_match(entry->loader, entry->node, "drop", &settings->drop);
	check_match(entry->loader, entry->node, "keep", &settings->keep);
	return r;
}

/* The catalogue knows why a plugin cannot be used; not whether another was meant. */
static void report_plugin(const struct entry *entry, const char *name, const char *why)
{
	const char *const *known = entry->loader->catalogue->plugins;
	struct report *report = entry->loader->report;
	struct spot spot = spot_of(entry->node, "plugin");
	const char *nearest = nearest_of(name, known);

	if (*why == '\0')
		report_no_such(report, &spot, "plugin", name, known);
	else if (nearest && !text_equal(nearest, name))
		report_error(report, spot.place, spot.width,
			"plugin '%s' cannot be used: %s; did you mean '%s'?", name, why,
			nearest);
	else
		report_error(report, spot.place, spot.width,
			"plugin '%s' cannot be used: %s", name, why);
}

/* Sets entry->plugin, or says why there is none. */
static void find_plugin(struct entry *entry)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	const struct catalogue *catalogue = entry->loader->catalogue;
	const char *name = value_of(&entry->bound->common, "plugin")->text;

	entry->plugin = name ? catalogue->plugin(catalogue, name, &why) : NULL;
	if (name && !entry->plugin)
		report_plugin(entry, name, buffer_text(&why) ? buffer_text(&why) : "");
}

/* The options of the plugin that the entry names in plain words, so that one of
 * them that stands beside `options` can be told from an unknown key. */
static const struct option_set *peek_options(
	const struct loader *loader, const struct node *node)
{
	CLEANUP(buffer_finish) struct buffer unused = { 0 };
	const struct node *name = node_find(node, "plugin");
	const struct description *plugin = NULL;

	if (name && name->kind == NODE_SCALAR)
		plugin =
			loader->catalogue->plugin(loader->catalogue, name->text, &unused);
	return plugin ? &plugin->options : NULL;
}

static int bind_common(struct entry *entry)
{
	struct loader *loader = entry->loader;
	const struct section section = {
		.set = &loader->bound->settings.sets[SETTINGS_COLLECTOR],
		.node = entry->node,
		.beside = { { "options", peek_options(loader, entry->node) } },
	};

	return bind_section(&loader->binder, &section, &entry->bound->common);
}

/* The plugin's own interval or timeout, where none is configured. */
static int set_default(struct entry *entry, const char *name, const char *text)
{
	struct loader *loader = entry->loader;
	struct arena *arena = &loader->config->arena;
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	struct values *common = &entry->bound->common;
	const struct option *option = option_set_find(common->set, name);
	struct value value = { .origin = ORIGIN_PRESET };
	struct spot spot = spot_of(entry->node, "plugin");
	int r;

	if (!text || value_of(common, name)->origin != ORIGIN_NONE)
		return 0;
	r = value_from_text(arena, option, text, strlen(text), &value, &why);
	if (r == -EINVAL && buffer_text(&why)) {
		report_error(loader->report, spot.place, spot.width,
			"the plugin's own %s is wrong: %s", name, buffer_text(&why));
		return 0;
	}
	return r < 0 ? r : value_replace(arena, common, name, &value);
}

/* A run whose timeout nobody names must end before the next one is due. */
static int set_timeout(struct entry *entry)
{
	struct values *common = &entry->bound->common;
	struct value value = { .origin = ORIGIN_PRESET };

	if (value_of(common, "timeout")->origin != ORIGIN_NONE)
		return 0;
	value.ns = MIN(value_of(common, "interval")->ns, MAX_TIMEOUT_NS);
	return value_replace(&entry->loader->config->arena, common, "timeout", &value);
}

static int set_defaults(struct entry *entry)
{
	const struct description *plugin = entry->plugin;
	struct spot spot = spot_of(entry->node, "plugin");
	const char *interval;
	int r;

	if (!plugin)
		return 0;
	interval = plugin->interval;
	if (!interval && (plugin->flags & RK_STREAM))
		interval = STREAM_INTERVAL;
	r = set_default(entry, "interval", interval);
	if (r == 0)
		r = set_default(entry, "timeout", plugin->timeout);
	if (r == 0 && value_of(&entry->bound->common, "interval")->origin != ORIGIN_NONE)
		return set_timeout(entry);
	if (r == 0 && !interval && !node_find(entry->node, "interval"))
		report_error(entry->loader->report, spot.place, spot.width,
			"plugin '%s' has no interval of its own; set 'interval'",
			plugin->name);
	return r;
}

/* Binds the plugin's options and asks the plugin for its opinion of them. */
static int bind_options(struct entry *entry, size_t n_errors_before)
{
	struct loader *loader = entry->loader;
	const struct catalogue *catalogue = loader->catalogue;
	int r;

	if (!entry->plugin)
		return hide_below(loader, entry->node, "options");
	entry->bound->has_options = true;
	r = load_below(loader, entry->node,
		&(struct below){
			"options", &entry->plugin->options, entry->settings->enabled },
		&entry->bound->options);
	entry->settings->common = &entry->bound->common;
	entry->settings->options = &entry->bound->options;
	/* A plugin is shown nothing that its table would not let through. */
	if (r == 0 && catalogue->check && entry->settings->enabled &&
		loader->report->n_errors == n_errors_before)
		catalogue->check(catalogue, entry->plugin->name, &entry->bound->options,
			loader->report);
	return r;
}

int load_collector(struct loader *loader, const struct node *node)
{
	struct config *config = loader->config;
	struct entry entry = {
		.loader = loader,
		.node = node,
		.settings = &config->collectors[config->n_collectors],
		.bound = &loader->bound->collectors[config->n_collectors],
	};
	size_t n_errors = loader->report->n_errors;
	int r = bind_common(&entry);

	if (r < 0)
		return r;
	find_plugin(&entry);
	r = set_defaults(&entry);
	if (r == 0)
		r = settings_fill(&config->arena, SETTINGS_COLLECTOR,
			&entry.bound->common, entry.settings);
	if (r == 0)
		r = check_names(&entry);
	if (r == 0)
		r = bind_options(&entry, n_errors);
	entry.settings->place = node->place;
	config->n_collectors++;
	return r;
}
