/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts, and keeps in its state up to where: each run goes on from there, emits a few
 * numbers in a few parts, and an event begins with the first. What tests of the state
 * collect: the numbers that arrive have no gap and none is there twice.
 */
#include <rookery/ext/state.h>
#include <rookery/plugin.h>

#include <errno.h>
#include <time.h>

struct bookmark {
	const struct rk_host *host;
	const struct rk_state *state;
	int64_t n_samples, n_parts, fail_every;
	uint32_t series;
	int64_t n_runs;
};

/* clang-format off */
static const struct rk_option options[] = {
	{ .name = "samples", RK_FIELD(struct bookmark, n_samples), .preset = "3",
		.range = "1..1000", .help = "How many samples a part has." },
	{ .name = "parts", RK_FIELD(struct bookmark, n_parts), .preset = "2",
		.range = "1..1000", .help = "How many parts a run has." },
	{ .name = "fail_every", RK_FIELD(struct bookmark, fail_every), .preset = "0",
		.help = "Which runs fail in their last part; 0: none." },
};

static const struct rk_metric metrics[] = {
	{ .name = "test.number", .kind = RK_GAUGE, .confidence = RK_EXACT, .unit = "1",
		.help = "The numbers, one after the other." },
};
/* clang-format on */

static int bookmark_start(void *self, const struct rk_host *host)
{
	struct bookmark *bookmark = self;

	bookmark->host = host;
	bookmark->state = host->extension(host, RK_STATE);
	bookmark->series = host->series(host, 0, NULL, 0);
	return bookmark->state ? 0 : -ENOTSUP;
}

static int begin_event(struct bookmark *bookmark, struct rk_run *run)
{
	const struct rk_event event = {
		.size = sizeof(event),
		.phase = RK_BEGIN,
		.type = "test.counting",
		.key = "numbers",
		.insight = "It counts.",
	};

	return bookmark->host->event(run, &event);
}

/* Emits numbers from the bookmark on, and moves it. */
static int make_part(struct bookmark *bookmark, struct rk_run *run)
{
	int64_t next = 0;
	int r = bookmark->state->get(bookmark->host, "next", &next, sizeof(next));

	if (r == -ENOENT)
		r = 0;
	for (int64_t i = 0; r >= 0 && i < bookmark->n_samples; i++) {
		struct rk_sample sample = {
			.series = bookmark->series,
			.value = { .digits = next++, .form = RK_DECIMAL },
		};

		r = bookmark->host->emit(run, &sample, 1);
	}
	return r < 0 ? r : bookmark->state->set(run, "next", &next, sizeof(next));
}

/* Commits; where the journal takes nothing now, waits a little. */
static int commit(struct bookmark *bookmark, struct rk_run *run)
{
	static const struct timespec pause = { .tv_nsec = 1000000 };
	int r;

	while ((r = bookmark->host->commit(run)) == -EAGAIN)
		nanosleep(&pause, NULL);
	return r;
}

static void bookmark_collect(void *self, struct rk_run *run)
{
	struct bookmark *bookmark = self;
	int r = begin_event(bookmark, run);

	for (int64_t i = 0; r == 0 && i < bookmark->n_parts; i++) {
		r = make_part(bookmark, run);
		if (r == 0 && i + 1 < bookmark->n_parts)
			r = commit(bookmark, run);
	}
	bookmark->n_runs++;
	if (r == 0 && bookmark->fail_every > 0 &&
		bookmark->n_runs % bookmark->fail_every == 0)
		r = -EIO;
	bookmark->host->done(run, r, r == -EIO ? "it was told to fail" : NULL);
}

const struct rk_plugin rk_plugin_entry = {
	RK_PLUGIN_ABI,
	.name = "bookmark",
	.summary = "Counts, and remembers up to where.",
	.version = "1",
	.flags = RK_BLOCKING,
	.interval = "1s",
	.options = options,
	.n_options = RK_LEN(options),
	.metrics = metrics,
	.n_metrics = RK_LEN(metrics),
	.state_size = sizeof(struct bookmark),
	.start = bookmark_start,
	.collect = bookmark_collect,
};
