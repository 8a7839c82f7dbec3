/* SPDX-License-Identifier: Apache-2.0 */
/* Learns of its metrics when it runs: a new one with each run, and one that is against
 * the rules. What tests of rk.metrics/1 host. */
#include <rookery/ext/metrics.h>
#include <rookery/plugin.h>

#include <errno.h>
#include <stdio.h>

struct finder {
	const struct rk_host *host;
	const struct rk_metrics *metrics;
	int64_t n_runs;
};

static int finder_start(void *self, const struct rk_host *host)
{
	struct finder *finder = self;

	finder->host = host;
	finder->metrics = host->extension(host, RK_METRICS);
	return finder->metrics ? 0 : -ENOTSUP;
}

static void emit(struct finder *finder, struct rk_run *run,
	const struct rk_metric *metric, int64_t value)
{
	struct rk_label label = { "found.by", "finder" };
	int index = finder->metrics->define(finder->host, metric);
	struct rk_sample sample = { .value = { .digits = value, .form = RK_DECIMAL } };

	if (index < 0)
		return;
	sample.series = finder->host->series(finder->host, (uint32_t)index, &label, 1);
	finder->host->emit(run, &sample, 1);
}

static void finder_collect(void *self, struct rk_run *run)
{
	static const char *const labels[] = { "found.by", NULL };
	struct finder *finder = self;
	char name[32], help[32];
	struct rk_metric metric = {
		.name = name,
		.kind = RK_GAUGE,
		.confidence = RK_APPROXIMATE,
		.unit = "{run}",
		.labels = labels,
		.help = help,
	};

	snprintf(name, sizeof(name), "found.in_run_%d", (int)finder->n_runs);
	snprintf(help, sizeof(help), "Found in run %d.", (int)finder->n_runs);
	emit(finder, run, &metric, finder->n_runs);
	snprintf(name, sizeof(name), "found.in_run_0");
	metric.unit = "1"; /* not that of the first run */
	emit(finder, run, &metric, 4711);
	finder->n_runs++;
	finder->host->done(run, 0, NULL);
}

const struct rk_plugin rk_plugin_entry = {
	RK_PLUGIN_ABI,
	.name = "finder",
	.summary = "Finds its metrics.",
	.version = "1",
	.flags = RK_BLOCKING,
	.interval = "10ms",
	.state_size = sizeof(struct finder),
	.start = finder_start,
	.collect = finder_collect,
};
