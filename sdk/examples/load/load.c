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

/* clang-format off */
static const struct rk_option options[] = {
	{ .name = "path", RK_FIELD(struct load, path), .preset = "/proc/loadavg",
		.flags = RK_PATH_READ, .help = "The file that the kernel writes the load to." },
};

static const char *const labels[] = { "load.period", NULL };

static const struct rk_metric metrics[] = {
	{ .name = "example.load", .kind = RK_GAUGE, .confidence = RK_EXACT, .unit = "{thread}",
		.labels = labels, .help = "How many threads run or wait to run, on average." },
};
/* clang-format on */

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
	FILE *file = fopen(load->path, "re");
	int n = 0, whole, hundredths;

	while (file && n < 3 && fscanf(file, "%d.%2d", &whole, &hundredths) == 2) {
		samples[n].series = load->series[n];
		samples[n].value.form = RK_DECIMAL; /* as the kernel writes it: 0.42 */
		samples[n].value.digits = whole * 100 + hundredths;
		samples[n++].value.scale = 2;
	}
	if (file)
		fclose(file);
	load->host->emit(run, samples, (size_t)n);
	load->host->done(run, n == 3 ? 0 : -EIO, n == 3 ? NULL : "it holds no load");
}

const struct rk_plugin rk_plugin_entry = {
	RK_PLUGIN_ABI,
	.name = "load",
	.summary = "Reports the load of this machine.",
	.version = "1.0.0",
	.interval = "10s",
	.options = options,
	.n_options = RK_LEN(options),
	.metrics = metrics,
	.n_metrics = RK_LEN(metrics),
	.state_size = sizeof(struct load),
	.start = load_start,
	.collect = load_collect,
};
