/* SPDX-License-Identifier: Apache-2.0 */
/* rk.metrics/1: metrics that the plugin learns of when it runs. What was defined is
 * the instance's and counts as if it had been declared. */
#include "extensions.h"
#include "internal.h"

#include "base/cleanup.h"

#include <rookery/ext/metrics.h>

#include <errno.h>
#include <string.h>

static void tell(struct instance *instance, const struct rk_metric *metric, int r)
{
	if (r == -EEXIST)
		instance_misused(instance, MISUSE_METRIC_TAKEN,
			"defines metric '%s', which is there with another kind, unit, "
			"confidence or labels: refused",
			metric->name);
	else if (r == -ENOSPC)
		instance_misused(instance, MISUSE_METRIC_LIMIT,
			"defines more than %d metrics, such as '%s': new ones are "
			"refused",
			MAX_METRICS, metric->name);
	else if (r == -EINVAL)
		instance_misused(instance, MISUSE_METRIC_RULES,
			"defines more than %d labels for metric '%s': refused",
			SERIES_MAX_LABELS, metric->name);
}

static int define_locked(struct instance *instance, const struct rk_metric *metric)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	int r = metric_check(metric, &why);

	if (r < 0) {
		instance_misused(instance, MISUSE_METRIC_RULES, "%s: refused",
			buffer_text(&why) ? buffer_text(&why) : "a metric is wrong");
		return r;
	}
	r = metric_table_define(&instance->metrics, metric);
	tell(instance, metric, r);
	return r;
}

static int ext_define(const struct rk_host *host, const struct rk_metric *given)
{
	struct instance *instance = host->impl;
	struct rk_metric metric = { 0 };
	int r;

	/* The plugin's header may be older or newer than ours. */
	memcpy(&metric, given, MIN(instance->object->plugin.metric_size, sizeof(metric)));
	pthread_mutex_lock(&instance->lock);
	r = define_locked(instance, &metric);
	pthread_mutex_unlock(&instance->lock);
	return r;
}

const struct rk_metrics ext_metrics = {
	.size = sizeof(struct rk_metrics),
	.define = ext_define,
};
