/* SPDX-License-Identifier: Apache-2.0 */
/* A stream: one run without end, whose samples come from a thread of the plugin's own
 * and are committed one by one. It names no interval and no timeout. */
#include <rookery/plugin.h>

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

struct stream {
	const struct rk_host *host;
	bool ends; /* after ten samples */
	uint32_t series;
	int64_t count;
	struct rk_run *run;
	pthread_t thread;
	bool has_thread;
};

/* clang-format off */
static const struct rk_option options[] = {
	{ .name = "ends", RK_FIELD(struct stream, ends), .preset = "false",
		.help = "Ends each run after ten samples." },
};

static const struct rk_metric metrics[] = {
	{ .name = "stream.count", .kind = RK_GAUGE, .confidence = RK_EXACT, .unit = "1",
		.help = "Counts up." },
};
/* clang-format on */

static void pause_shortly(void)
{
	static const struct timespec pause = { .tv_nsec = 1000000 };

	nanosleep(&pause, NULL);
}

/* Emits one sample and commits it. 0 or a negative errno. */
static int tell_next(struct stream *stream)
{
	struct rk_sample sample = {
		.series = stream->series,
		.value = { .digits = stream->count++, .form = RK_DECIMAL },
	};
	int r = stream->host->emit(stream->run, &sample, 1);

	while (r == 0 && (r = stream->host->commit(stream->run)) == -EAGAIN) {
		pause_shortly();
		r = stream->host->cancelled(stream->run) ? -ECANCELED : 0;
	}
	return r;
}

static void *stream_run(void *context)
{
	struct stream *stream = context;
	int r = 0;

	for (int i = 0; r == 0 && (!stream->ends || i < 10); i++) {
		pause_shortly();
		r = tell_next(stream);
	}
	stream->host->done(stream->run, r, NULL);
	return NULL;
}

static int stream_start(void *self, const struct rk_host *host)
{
	struct stream *stream = self;

	stream->host = host;
	stream->series = host->series(host, 0, NULL, 0);
	return 0;
}

static void stream_join(struct stream *stream)
{
	if (stream->has_thread)
		pthread_join(stream->thread, NULL);
	stream->has_thread = false;
}

static void stream_collect(void *self, struct rk_run *run)
{
	struct stream *stream = self;
	int r;

	stream_join(stream); /* of the run before: it has ended */
	stream->run = run;
	r = pthread_create(&stream->thread, NULL, stream_run, stream);
	stream->has_thread = r == 0;
	if (r != 0)
		stream->host->done(run, -r, NULL);
}

static void stream_stop(void *self)
{
	stream_join(self);
}

const struct rk_plugin rk_plugin_entry = {
	RK_PLUGIN_ABI,
	.name = "stream",
	.summary = "Reports without end.",
	.version = "1",
	.flags = RK_STREAM,
	.options = options,
	.n_options = RK_LEN(options),
	.metrics = metrics,
	.n_metrics = RK_LEN(metrics),
	.state_size = sizeof(struct stream),
	.start = stream_start,
	.collect = stream_collect,
	.stop = stream_stop,
};
