/* SPDX-License-Identifier: Apache-2.0 */
#include "metric_table.h"

#include "base/checksum.h"
#include "base/text.h"
#include "model/series.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void metric_table_init(struct metric_table *table, const struct description *description)
{
	*table = (struct metric_table){
		.declared = description->metrics,
		.n_declared = description->n_metrics,
	};
}

void metric_table_finish(struct metric_table *table)
{
	free(table->defined);
	arena_finish(&table->arena);
	index_finish(&table->by_name);
}

struct search {
	const struct metric_table *table;
	const char *name;
};

static bool name_is_equal(const void *context, uint32_t i)
{
	const struct search *search = context;

	return text_equal(metric_table_at(search->table, i)->name, search->name);
}

static int index_declared(struct metric_table *table)
{
	int r = 0;

	if (table->by_name.n > 0)
		return 0;
	for (size_t i = 0; r == 0 && i < table->n_declared; i++) {
		const char *name = table->declared[i].name;

		r = index_add(
			&table->by_name, hash_bytes(name, strlen(name)), (uint32_t)i);
	}
	if (r < 0)
		index_finish(&table->by_name); /* all of them or none */
	return r;
}

/* ---- a metric that is there --------------------------------------------- */

static size_t count_new_labels(const struct metric *metric, const struct rk_metric *again)
{
	size_t n = 0;

	for (size_t i = 0; again->labels && again->labels[i]; i++)
		n += !metric_has_label(metric, again->labels[i]);
	return n;
}

/* A copy with all labels takes the metric's place: whoever looks at it meanwhile does
 * so under the instance's lock. */
static int add_labels(struct metric_table *table, uint32_t i,
	const struct rk_metric *again, size_t n_new)
{
	const struct metric *old = metric_table_at(table, i);
	struct metric *metric = arena_take(&table->arena, sizeof(*metric));
	const char **labels =
		arena_take(&table->arena, (old->n_labels + n_new + 1) * sizeof(*labels));

	if (!metric || !labels)
		return -ENOMEM;
	*metric = *old;
	metric->labels = labels;
	memcpy(labels, old->labels, old->n_labels * sizeof(*labels));
	for (size_t k = 0; again->labels[k]; k++) {
		if (metric_has_label(metric, again->labels[k]))
			continue;
		labels[metric->n_labels] = arena_copy_text(
			&table->arena, again->labels[k], strlen(again->labels[k]));
		if (!labels[metric->n_labels])
			return -ENOMEM;
		metric->n_labels++;
	}
	table->defined[i - table->n_declared] = metric;
	return 0;
}

static int define_again(
	struct metric_table *table, uint32_t i, const struct rk_metric *again)
{
	const struct metric *metric = metric_table_at(table, i);
	size_t n_new = count_new_labels(metric, again);

	if (metric->kind != again->kind || metric->confidence != again->confidence ||
		!text_equal(metric->unit, again->unit))
		return -EEXIST;
	if (n_new == 0)
		return 0;
	if (i < table->n_declared)
		return -EEXIST;
	if (metric->n_labels + n_new > SERIES_MAX_LABELS)
		return -EINVAL;
	return add_labels(table, i, again, n_new);
}

/* ---- a new one ------------------------------------------------------------ */

static int make_room(struct metric_table *table)
{
	size_t capacity = table->capacity ? 2 * table->capacity : 16;
	const struct metric **defined;

	if (table->n_defined < table->capacity)
		return 0;
	defined = reallocarray(table->defined, capacity, sizeof(*defined));
	if (!defined)
		return -ENOMEM;
	table->defined = defined;
	table->capacity = capacity;
	return 0;
}

static int define_new(
	struct metric_table *table, uint64_t hash, const struct rk_metric *from)
{
	uint32_t i = (uint32_t)(table->n_declared + table->n_defined);
	struct metric *metric;
	int r;

	if (i >= MAX_METRICS)
		return -ENOSPC;
	metric = arena_take(&table->arena, sizeof(*metric));
	if (!metric || make_room(table) < 0)
		return -ENOMEM;
	r = metric_copy(&table->arena, from, metric);
	if (r == 0)
		r = index_add(&table->by_name, hash, i);
	if (r < 0)
		return r;
	table->defined[table->n_defined++] = metric;
	return (int)i;
}

int metric_table_define(struct metric_table *table, const struct rk_metric *metric)
{
	struct search search = { table, metric->name };
	uint64_t hash = hash_bytes(metric->name, strlen(metric->name));
	uint32_t i;
	int r = index_declared(table);

	if (r < 0)
		return r;
	i = index_find(&table->by_name, hash, name_is_equal, &search);
	if (i == INDEX_NONE)
		return define_new(table, hash, metric);
	r = define_again(table, i, metric);
	return r < 0 ? r : (int)i;
}
