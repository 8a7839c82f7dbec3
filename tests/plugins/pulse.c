/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waits without blocking: each run counts beats of a timer, and each beat goes through
 * a pipe before it counts. What tests of rk.loop/1 host.
 */
#include <rookery/ext/loop.h>
#include <rookery/plugin.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

struct pulse {
	const struct rk_host *host;
	const struct rk_loop *loop;
	int64_t beats; /* a run */
	struct rk_duration every;
	struct rk_timer *timer;
	struct rk_watch *watch;
	struct rk_run *run; /* NULL: none is open */
	uint32_t series;
	int64_t n, count;
	int fds[2];
	bool has_pipe;
};

/* clang-format off */
static const struct rk_option options[] = {
	{ .name = "beats", RK_FIELD(struct pulse, beats), .preset = "3",
		.help = "How many beats a run has." },
	{ .name = "every", RK_FIELD(struct pulse, every), .preset = "1ms",
		.help = "How long there is between two." },
};

static const struct rk_metric metrics[] = {
	{ .name = "pulse.count", .kind = RK_GAUGE, .confidence = RK_EXACT, .unit = "1",
		.help = "Counts beats." },
};
/* clang-format on */

static void end_run(struct pulse *pulse, int result)
{
	struct rk_run *run = pulse->run;

	pulse->run = NULL;
	pulse->loop->timer_unset(pulse->timer);
	pulse->host->done(run, result, NULL);
}

static void on_beat(void *context)
{
	struct pulse *pulse = context;

	if (write(pulse->fds[1], "", 1) < 0)
		end_run(pulse, -errno);
}

static void on_heard(void *context, uint32_t events)
{
	struct pulse *pulse = context;
	struct rk_sample sample = {
		.series = pulse->series,
		.value = { .digits = pulse->count, .form = RK_DECIMAL },
	};
	char byte;
	int r;

	(void)events;
	if (read(pulse->fds[0], &byte, 1) != 1 || !pulse->run)
		return;
	pulse->count++;
	r = pulse->host->emit(pulse->run, &sample, 1);
	if (r < 0 || ++pulse->n == pulse->beats)
		end_run(pulse, r);
}

static int pulse_start(void *self, const struct rk_host *host)
{
	struct pulse *pulse = self;
	int r;

	pulse->host = host;
	pulse->loop = host->extension(host, RK_LOOP);
	if (!pulse->loop)
		return -ENOTSUP;
	if (pipe2(pulse->fds, O_CLOEXEC | O_NONBLOCK) < 0)
		return -errno;
	pulse->has_pipe = true;
	pulse->series = host->series(host, 0, NULL, 0);
	r = pulse->loop->timer_create(host, on_beat, pulse, &pulse->timer);
	if (r == 0)
		r = pulse->loop->watch_create(
			host, pulse->fds[0], on_heard, pulse, &pulse->watch);
	return r < 0 ? r : pulse->loop->watch_set(pulse->watch, RK_READABLE);
}

static void pulse_collect(void *self, struct rk_run *run)
{
	struct pulse *pulse = self;

	pulse->run = run;
	pulse->n = 0;
	pulse->loop->timer_set(pulse->timer, pulse->every.ns, pulse->every.ns);
}

static void pulse_cancel(void *self, struct rk_run *run)
{
	(void)run;
	end_run(self, -ECANCELED);
}

/* The host has removed the timer and the watch. */
static void pulse_stop(void *self)
{
	struct pulse *pulse = self;

	if (!pulse->has_pipe)
		return;
	close(pulse->fds[0]);
	close(pulse->fds[1]);
}

const struct rk_plugin rk_plugin_entry = {
	RK_PLUGIN_ABI,
	.name = "pulse",
	.summary = "Waits without blocking.",
	.version = "1",
	.interval = "10ms",
	.timeout = "10s",
	.options = options,
	.n_options = RK_LEN(options),
	.metrics = metrics,
	.n_metrics = RK_LEN(metrics),
	.state_size = sizeof(struct pulse),
	.start = pulse_start,
	.collect = pulse_collect,
	.cancel = pulse_cancel,
	.stop = pulse_stop,
};
