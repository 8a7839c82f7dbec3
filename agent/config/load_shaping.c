/* SPDX-License-Identifier: Apache-2.0 */
/* `labels` and `prefix` of a sink. */
#include "load.h"

#include "report.h"
#include "rules.h"

#include "base/text.h"

static const char *label_fault(const char *name)
{
	if (text_equal(name, "tenant"))
		return "is no label that can be set: a tenant is the collector's";
	return rule_label_name(name);
}

static void check_label(
	struct loader *loader, const struct node *labels, const struct rk_label *label)
{
	struct spot spot = spot_of(labels, label->name);
	const char *wrong = rule_name(label->value);

	report_rule(loader->report, &spot, label->name, label_fault(label->name));
	if (wrong)
		report_error(loader->report, spot.place, spot.width,
			"the value of '%s' %s", label->name, wrong);
}

static bool has_label(const struct rk_map *labels, const char *name)
{
	for (size_t i = 0; i < labels->n; i++) {
		if (text_equal(labels->items[i].name, name))
			return true;
	}
	return false;
}

/* What both add must fit where each of them may add so many. */
static void check_room(struct loader *loader, const struct node *labels,
	const struct rk_map *own, const struct collector_settings *collector)
{
	size_t n = own->n;

	for (size_t i = 0; i < collector->labels.n; i++)
		n += !has_label(own, collector->labels.items[i].name);
	if (n > RULE_MAX_LABELS)
		report_error(loader->report, labels->place, labels->width,
			"%zu labels together with those of collector '%s'; at most %d "
			"can be added to a record",
			n, collector->id ? collector->id : "", RULE_MAX_LABELS);
}

void check_shaping(
	struct loader *loader, const struct node *entry, const struct sink_settings *sink)
{
	const struct config *config = loader->config;
	const struct node *labels = node_find(entry, "labels");
	struct spot prefix = spot_of(entry, "prefix");

	if (sink->prefix)
		report_rule(
			loader->report, &prefix, sink->prefix, rule_prefix(sink->prefix));
	if (sink->labels.n == 0)
		return;
	for (size_t i = 0; i < sink->labels.n; i++)
		check_label(loader, labels, &sink->labels.items[i]);
	if (sink->labels.n > RULE_MAX_LABELS)
		report_error(loader->report, labels->place, labels->width,
			"%zu labels; a series has at most %d", sink->labels.n,
			RULE_MAX_LABELS);
	for (size_t i = 0; i < config->n_collectors; i++)
		check_room(loader, labels, &sink->labels, &config->collectors[i]);
}
