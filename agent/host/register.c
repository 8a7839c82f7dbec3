/* SPDX-License-Identifier: Apache-2.0 */
/* rk_host.series: from a metric and labels to a number. */
#include "internal.h"

#include "base/log.h"
#include "base/text.h"
#include "base/utf8.h"
#include "model/match.h"

#include <errno.h>
#include <string.h>

static bool tenant_is_allowed(const struct instance *instance, const char *tenant)
{
	for (size_t i = 0; i < instance->n_tenants; i++) {
		if (text_equal(instance->tenants[i], "*") ||
			text_equal(instance->tenants[i], tenant))
			return true;
	}
	return false;
}

/* A value as the series keeps it: valid UTF-8, copied where it was not. */
static struct slice clean_value(struct buffer *scratch, const char *value)
{
	size_t n = strlen(value), before = scratch->size;

	if (utf8_valid_prefix(value, n) == n)
		return (struct slice){ value, n };
	utf8_append_repaired(scratch, value, n);
	return (struct slice){ (char *)scratch->data + before, scratch->size - before };
}

/* Adds one label to the view; false where it breaks a rule. */
static bool add_label(struct instance *instance, const struct metric *metric,
	const struct rk_label *label, struct series_view *view)
{
	struct slice value;

	if (!label->name || !label->value || !*label->value)
		return label->name != NULL;
	if (strlen(label->value) > SERIES_MAX_LABEL_VALUE) {
		instance_misused(instance, MISUSE_SERIES_RULES,
			"a value of label '%s' of metric '%s' has more than %d bytes: "
			"its series are left out",
			label->name, metric->name, SERIES_MAX_LABEL_VALUE);
		return false;
	}
	value = clean_value(&instance->scratch, label->value);
	if (text_equal(label->name, "tenant")) {
		if (!tenant_is_allowed(instance, label->value)) {
			instance_misused(instance, MISUSE_TENANT,
				"tenant '%s' is not among the collector's 'tenants': its "
				"series are left out",
				label->value);
			return false;
		}
		view->tenant = value;
		return true;
	}
	if (!metric_has_label(metric, label->name) ||
		view->n_labels == SERIES_MAX_LABELS) {
		instance_misused(instance, MISUSE_SERIES_RULES,
			"label '%s' is not declared by metric '%s': its series are left "
			"out",
			label->name, metric->name);
		return false;
	}
	view->labels[view->n_labels++] = (struct label){ slice_of(label->name), value };
	return true;
}

static bool make_view(struct instance *instance, const struct metric *metric,
	const struct rk_label *labels, size_t n_labels, struct series_view *view)
{
	size_t room = n_labels * (3 * (size_t)SERIES_MAX_LABEL_VALUE);

	*view = (struct series_view){
		.metric = slice_of(metric->name),
		.unit = slice_of(metric->unit),
		.kind = metric->kind,
		.confidence = metric->confidence,
	};
	/* Repaired values stay where they are while others are added. */
	if (n_labels > SERIES_MAX_LABELS + 1 ||
		(n_labels && !buffer_reserve(&instance->scratch, room)))
		return false;
	for (size_t i = 0; i < n_labels; i++) {
		if (!add_label(instance, metric, &labels[i], view))
			return false;
	}
	if (labels_sort(view->labels, view->n_labels))
		return true;
	instance_misused(instance, MISUSE_SERIES_RULES,
		"a label of metric '%s' is given twice: its series are left out",
		metric->name);
	return false;
}

/* Whether the samples of a series are left out, which is found once. */
static void judge_series(
	struct instance *instance, uint32_t number, const struct series_view *view)
{
	static const struct source_view nobodys;
	struct series_entry *entry = series_table_at(&instance->series, number);

	if (entry->is_judged)
		return;
	entry->is_judged = true;
	entry->is_dropped = !match_takes_series(&instance->keep, &nobodys, view) ||
			    (instance->drop.n > 0 &&
				    match_takes_series(&instance->drop, &nobodys, view));
}

static uint32_t register_series(struct instance *instance, uint32_t metric_index,
	const struct rk_label *labels, size_t n_labels)
{
	const struct metric *metric = instance_metric(instance, metric_index);
	struct series_view view;
	uint32_t number;
	int r;

	if (!metric) {
		instance_misused(instance, MISUSE_SERIES_RULES,
			"metric %u is not declared: its series are left out",
			metric_index);
		return RK_NO_SERIES;
	}
	if (!make_view(instance, metric, labels, n_labels, &view))
		return RK_NO_SERIES;
	buffer_clear(&instance->packed);
	series_pack(&instance->packed, &view);
	if (buffer_failed(&instance->packed))
		return RK_NO_SERIES;
	r = series_table_add(&instance->series, metric_index,
		(struct slice){ (char *)instance->packed.data, instance->packed.size },
		&number);
	if (r == -ENOSPC)
		instance_misused(instance, MISUSE_SERIES_LIMIT,
			"more than %zu series (max_series): new ones are left out",
			instance->series.limit);
	if (r < 0)
		return RK_NO_SERIES;
	judge_series(instance, number, &view);
	return number;
}

uint32_t instance_series(const struct rk_host *host, uint32_t metric,
	const struct rk_label *labels, size_t n_labels)
{
	struct instance *instance = host->impl;
	uint32_t number;

	pthread_mutex_lock(&instance->lock);
	buffer_clear(&instance->scratch);
	number = register_series(instance, metric, labels, n_labels);
	pthread_mutex_unlock(&instance->lock);
	return number;
}
