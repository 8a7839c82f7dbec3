/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Emits as many samples as it is told, of a number of series with four labels each,
 * whose values count up: what benchmarks and the tests of crashes collect. Or events
 * of 2 KiB, which are as large in the journal as they are in a file.
 */
#include <rookery/plugin.h>

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { EMIT_AT_ONCE = 1000 };

struct generator {
	const struct rk_host *host;
	int64_t n_series, n_samples, n_events, part_size, first, apart_ms, at_the_end;
	bool reals, of_agent;
	uint32_t *series;
	int64_t count, events, time_ns;
};

/* clang-format off */
static const struct rk_option options[] = {
	{ .name = "series", RK_FIELD(struct generator, n_series), .preset = "1000",
		.range = "1..100000", .help = "How many series there are." },
	{ .name = "samples", RK_FIELD(struct generator, n_samples), .preset = "1000",
		.help = "How many samples a run emits." },
	{ .name = "events", RK_FIELD(struct generator, n_events), .preset = "0",
		.range = "0..1000", .help = "How many events a run emits behind them." },
	{ .name = "part", RK_FIELD(struct generator, part_size), .preset = "20000",
		.range = "1..65536", .help = "How many samples go into one part." },
	{ .name = "at_the_end", RK_FIELD(struct generator, at_the_end), .preset = "-1",
		.help = "Which sample has the last time that there is." },
	{ .name = "reals", RK_FIELD(struct generator, reals), .preset = "false",
		.help = "Emits doubles with many digits instead of whole numbers." },
	{ .name = "first", RK_FIELD(struct generator, first), .preset = "0",
		.help = "The number of the first sample." },
	{ .name = "apart", RK_FIELD(struct generator, apart_ms), .preset = "0",
		.help = "At least so many milliseconds lie between the times of two "
			"runs, for stores that know no finer time; 0: any." },
	{ .name = "of_agent", RK_FIELD(struct generator, of_agent), .preset = "false",
		.help = "A life is the agent's and not the process's, whose child it is." },
};

static const char *const labels[] = { "esp.vendor", "esp.domain", "life", "number", NULL };

static const struct rk_metric metrics[] = {
	{ .name = "test.count", .kind = RK_GAUGE, .confidence = RK_EXACT, .unit = "{event}",
		.labels = labels, .help = "The number of the sample." },
};
/* clang-format on */

static int generator_start(void *self, const struct rk_host *host)
{
	struct generator *generator = self;
	static atomic_uint n_starts;
	char number[24], life[24];
	int pid = generator->of_agent ? getppid() : getpid();

	generator->host = host;
	generator->count = generator->first;
	generator->series =
		calloc((size_t)generator->n_series, sizeof(*generator->series));
	if (!generator->series)
		return -ENOMEM;
	/* Tells the samples of one start from those of the next, which counts anew. */
	snprintf(life, sizeof(life), "%d", pid);
	if (atomic_fetch_add(&n_starts, 1) > 0)
		snprintf(life, sizeof(life), "%d.%u", pid, atomic_load(&n_starts));
	for (int64_t i = 0; i < generator->n_series; i++) {
		struct rk_label own[] = { { "esp.vendor", "sendgrid" },
			{ "esp.domain", "mail.example.com" }, { "life", life },
			{ "number", number } };

		snprintf(number, sizeof(number), "%lld", (long long)i);
		generator->series[i] = host->series(host, 0, own, RK_LEN(own));
	}
	return 0;
}

static void make_samples(struct generator *generator, struct rk_sample *samples, size_t n)
{
	for (size_t i = 0; i < n; i++, generator->count++) {
		samples[i] = (struct rk_sample){
			.series =
				generator->series[generator->count % generator->n_series],
			.time_ns = generator->time_ns,
			.value = { .digits = generator->count, .form = RK_DECIMAL },
		};
		if (generator->count == generator->at_the_end)
			samples[i].time_ns = INT64_MAX;
		if (generator->reals)
			samples[i].value =
				(struct rk_number){ .real = (double)generator->count / 7,
					.form = RK_REAL };
	}
}

/* Commits; where the journal takes nothing now, waits a little. */
static int commit(struct generator *generator, struct rk_run *run)
{
	static const struct timespec pause = { .tv_nsec = 1000000 };
	int r;

	while ((r = generator->host->commit(run)) == -EAGAIN)
		nanosleep(&pause, NULL);
	return r;
}

static int emit_events(struct generator *generator, struct rk_run *run)
{
	char insight[2048], key[24];
	int r = 0;

	memset(insight, 'x', sizeof(insight) - 1);
	insight[sizeof(insight) - 1] = '\0';
	for (int64_t i = 0; r == 0 && i < generator->n_events; i++) {
		struct rk_event event = {
			.size = sizeof(event),
			.type = "test.event",
			.key = key,
			.insight = insight,
		};

		snprintf(key, sizeof(key), "%lld", (long long)generator->events++);
		r = generator->host->event(run, &event);
	}
	return r;
}

/* The time of a run's samples; 0: the host's. */
static int64_t time_of_run(const struct generator *generator)
{
	struct timespec now;
	int64_t now_ns, next_ns = generator->time_ns + generator->apart_ms * 1000000;

	if (generator->apart_ms == 0)
		return 0;
	clock_gettime(CLOCK_REALTIME, &now);
	now_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
	return now_ns > next_ns ? now_ns : next_ns;
}

static void generator_collect(void *self, struct rk_run *run)
{
	static _Thread_local struct rk_sample samples[EMIT_AT_ONCE];
	struct generator *generator = self;
	int64_t left = generator->n_samples, in_part = 0;
	int r = 0;

	generator->time_ns = time_of_run(generator);
	while (r == 0 && left > 0) {
		int64_t room = generator->part_size - in_part;
		int64_t n = left < EMIT_AT_ONCE ? left : EMIT_AT_ONCE;

		n = n < room ? n : room;
		make_samples(generator, samples, (size_t)n);
		r = generator->host->emit(run, samples, (size_t)n);
		left -= n;
		in_part += n;
		if (r == 0 && in_part == generator->part_size && left > 0) {
			r = commit(generator, run);
			in_part = 0;
		}
	}
	if (r == 0)
		r = emit_events(generator, run);
	generator->host->done(run, r, NULL);
}

static void generator_stop(void *self)
{
	free(((struct generator *)self)->series);
}

const struct rk_plugin rk_plugin_entry = {
	RK_PLUGIN_ABI,
	.name = "generator",
	.summary = "Counts up.",
	.version = "1",
	.flags = RK_BLOCKING,
	.interval = "10ms",
	.timeout = "5m",
	.options = options,
	.n_options = RK_LEN(options),
	.metrics = metrics,
	.n_metrics = RK_LEN(metrics),
	.state_size = sizeof(struct generator),
	.start = generator_start,
	.collect = generator_collect,
	.stop = generator_stop,
};
