/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rookery/ext/metrics.h - metrics that are known only at run time, such as those of a
 * scraped page or of a program that the user names.
 *
 *	const struct rk_metrics *metrics = host->extension(host, RK_METRICS);
 *	int metric = metrics->define(host, &(struct rk_metric){ ... });
 *
 *	if (metric >= 0)
 *		series = host->series(host, (uint32_t)metric, labels, n_labels);
 *
 * What is known when the plugin is built belongs into rk_plugin.metrics, where people
 * can read it before anything runs. A definition lasts until stop; there is no way to
 * take one back, so names must not be made from what has no end, such as addresses:
 * that is what labels are for.
 */
#ifndef RK_EXT_METRICS_H
#define RK_EXT_METRICS_H

#include <rookery/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RK_METRICS "rk.metrics/1"

/* Grows at its end: a member that came later is there where size says so. */
struct rk_metrics {
	uint32_t size; /* of this struct, as the host has it */

	/* Defines a metric by the rules for declared ones (rookery/plugin.h): name,
	 * unit and help must be there, confidence must be one of RK_EXACT,
	 * RK_APPROXIMATE and RK_DIRECTIONAL; up to 32 labels and 1,024 bytes of help. All
	 * of it is copied. The struct has the size that rk_plugin.metric_size states.
	 * From start until stop returns, in a run and outside of one.
	 *
	 * Returns the metric's index: n_metrics and on, in the order of their
	 * definitions. The same name again with the same kind, unit and confidence
	 * gives the same index, that of a declared metric too; labels that were not
	 * named before come to those that were, but for a declared metric, which has
	 * those that it declares. Another help changes nothing.
	 *
	 * -EINVAL: it breaks a rule; -EEXIST: the name is taken, with another kind,
	 * unit or confidence (or, declared, without that label); -ENOSPC: there are
	 * 4,096 metrics, declared and defined; -ENOMEM. The first of each is logged
	 * with the name. [any] */
	int (*define)(const struct rk_host *host, const struct rk_metric *metric);
};

#ifdef __cplusplus
}
#endif
#endif
