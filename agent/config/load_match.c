/* SPDX-License-Identifier: Apache-2.0 */
/* Alternatives of globs: `match` of a sink, `drop` and `keep` of a collector. */
#include "load.h"

#include "report.h"
#include "rules.h"

#include "base/macros.h"
#include "base/text.h"
#include "model/glob.h"
#include "model/match.h"

/* An alternative, and where it is written. */
struct row {
	struct report *report;
	const struct node *node;
	const struct match *match;
};

static void check_globs(const struct row *row)
{
	const struct match *match = row->match;
	const struct {
		const char *key, *glob;
	} globs[] = {
		{ "metric", match->metric },
		{ "event", match->event },
		{ "collector", match->collector },
		{ "plugin", match->plugin },
		{ "tenant", match->tenant },
	};

	for (size_t i = 0; i < LENGTH(globs); i++) {
		struct spot spot = spot_of(row->node, globs[i].key);

		if (globs[i].glob)
			report_rule(row->report, &spot, globs[i].glob,
				glob_fault(globs[i].glob));
	}
}

static const char *label_fault(const char *name)
{
	if (text_equal(name, "tenant"))
		return "is no label; sinks match it by 'tenant'";
	return rule_label_name(name);
}

static void check_labels(const struct row *row)
{
	const struct node *labels = node_find(row->node, "labels");
	const struct rk_map *globs = &row->match->labels;

	if (globs->n > RULE_MAX_LABELS)
		report_error(row->report, labels->place, labels->width,
			"%zu labels; a series has at most %d", globs->n, RULE_MAX_LABELS);
	for (size_t i = 0; i < globs->n; i++) {
		const struct rk_label *glob = &globs->items[i];
		struct spot spot = spot_of(labels, glob->name);

		report_rule(row->report, &spot, glob->name, label_fault(glob->name));
		report_rule(row->report, &spot, glob->value, glob_fault(glob->value));
	}
}

static bool is_empty(const struct match *match)
{
	return !match->metric && !match->event && !match->collector && !match->plugin &&
	       !match->tenant && match->labels.n == 0;
}

static void check_row(const struct row *row)
{
	struct spot event = spot_of(row->node, "event");

	if (is_empty(row->match))
		report_error(row->report, row->node->place, row->node->width,
			"the alternative names nothing, and so takes all");
	if (row->match->metric && row->match->event)
		report_error(row->report, event.place, event.width,
			"a record is a sample with a 'metric' or an 'event': name them "
			"in two alternatives");
	check_globs(row);
	check_labels(row);
}

/* What is no mapping was told of, and is no row. */
void check_match(struct loader *loader, const struct node *entry, const char *key,
	const struct rk_table *match)
{
	const struct node *list = node_find(entry, key);
	const struct match *rows = match->rows;
	size_t n = 0;

	if (match->n > MATCH_MAX_ALTERNATIVES)
		report_error(loader->report, list->place, list->width,
			"%zu alternatives; there are at most %d", match->n,
			MATCH_MAX_ALTERNATIVES);
	for (size_t i = 0; n < match->n && i < list->n_items; i++) {
		struct row row = { loader->report, list->items[i], &rows[n] };

		if (row.node->kind != NODE_MAPPING)
			continue;
		check_row(&row);
		n++;
	}
}
