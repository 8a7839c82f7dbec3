/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The metrics of one instance: those that its plugin declares, which stand in the
 * description, and behind them those that it defines when it runs.
 */
#ifndef HOST_METRIC_TABLE_H
#define HOST_METRIC_TABLE_H

#include "base/arena.h"
#include "base/index.h"
#include "metric.h"

#include <stddef.h>
#include <stdint.h>

struct metric_table {
	const struct metric *declared; /* borrowed: n_declared */
	size_t n_declared;
	const struct metric **defined; /* owned array of n_defined in the arena */
	size_t n_defined, capacity;
	struct arena arena;
	struct index by_name; /* of all; empty until the first is defined */
};

void metric_table_init(struct metric_table *table, const struct description *description);
void metric_table_finish(struct metric_table *table);

/* NULL where there is none of this index. Valid until finish. */
static inline const struct metric *metric_table_at(
	const struct metric_table *table, uint32_t i)
{
	if (i < table->n_declared)
		return &table->declared[i];
	i -= (uint32_t)table->n_declared;
	return i < table->n_defined ? table->defined[i] : NULL;
}

/* The index of a metric that was checked, a new one where its name is not there yet;
 * labels that a defined one lacks are added to it. -EEXIST: the name is there with
 * another kind, unit or confidence, or is declared without one of the labels; -EINVAL:
 * more labels than may be; -ENOSPC: MAX_METRICS; -ENOMEM. */
int metric_table_define(struct metric_table *table, const struct rk_metric *metric);

#endif
