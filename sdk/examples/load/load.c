/* SPDX-License-Identifier: Apache-2.0 */
/* Reports the load of this machine: the smallest plugin that is of use.
 * docs/PLUGIN-AUTHORS.md walks through it. */
#include <rookery/plugin.h>

#include <errno.h>
#include <stdio.h>

struct load {
	const char *path; /* the option below writes it before start */
	const struct rk_host *host;
	uint32_t series[3];
};

static const struct rk_option options[] = {
	{ .name = "path",
		RK_FIELD(struct load, path),
		.preset = "/proc/loadavg",
		.flags = RK_PATH_READ,
		.help = "The file that the kernel writes the load to." },
};

static const char *const labels[] = { "load.period", NULL };

static const struct rk_metric metrics[] = {
	{ .name = "example.load",
		.kind = RK_GAUGE,
		.confidence = RK_EXACT,
		.unit = "{thread}",
		.labels = labels,
		.help = "How many threads run or wait to run, on average." },
};

static int load_start(void *self, const struct rk_host *host)
{
	static const char *const periods[] = { "1m", "5m", "15m" };
	struct load *load = self;

	load->host = host;
	for (size_t i = 0; i < RK_LEN(periods); i++) {
		struct rk_label label = { "load.period", periods[i] };

		load->series[i] = host->series(host, 0, &label, 1);
	}
	return 0;
}

static void load_collect(void *self, struct rk_run *run)
{
	struct load *load = self;
	struct rk_sample samples[3] = { 0 };
	long whole[3], hundredths[3];
	FILE *file = fopen(load->path, "re");
	int n = file ? fscanf(file, "%ld.%2ld %ld.%2ld %ld.%2ld", &whole[0],
			       &hundredths[0], &whole[1], &hundredths[1], &whole[2],
			       &hundredths[2])
		     : 0;

	if (file)
		fclose(file);
	if (n != 6) {
		load->host->done(
			run, -EIO, "the file is missing or not what it should be");
		return;
	}
	for (size_t i = 0; i < RK_LEN(samples); i++) {
		samples[i].series = load->series[i];
		samples[i].value.form = RK_DECIMAL; /* as the kernel writes it: 0.42 */
		samples[i].value.digits = whole[i] * 100 + hundredths[i];
		samples[i].value.scale = 2;
	}
	load->host->emit(run, samples, RK_LEN(samples));
	load->host->done(run, 0, NULL);
}

const struct rk_plugin rk_plugin_entry = {
	RK_PLUGIN_ABI,
	.name = "load",
	.summary = "Reports the load of this machine.",
	.version = "1.0.0",
	.interval = "10s",
	.timeout = "1s",
	.options = options,
	.n_options = RK_LEN(options),
	.metrics = metrics,
	.n_metrics = RK_LEN(metrics),
	.state_size = sizeof(struct load),
	.start = load_start,
	.collect = load_collect,
};
