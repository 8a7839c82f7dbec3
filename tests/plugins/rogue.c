/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Does what harms whoever hosts it, one thing in each instance: the pack that shows that
 * the agent and all other collectors go on (tests/e2e/rogue.py).
 */
#include <rookery/plugin.h>

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LARGE (100u << 20)
#define MANY  100000

struct rogue {
	const struct rk_host *host;
	struct rk_run *run;
	struct rk_choice does, in;
	char why[120];
};

enum { IN_START, IN_COLLECT, IN_CANCEL, IN_STOP };

static const char *const calls[] = { "start", "collect", "cancel", "stop", NULL };

/* ---- what ends a process ------------------------------------------------ */

/* Not inlined, so that its name stands in the report. */
__attribute__((noinline)) __attribute__((no_sanitize("address")))
__attribute__((no_sanitize("undefined"))) static void
write_nowhere(void)
{
	volatile int *volatile nowhere = NULL;

	*nowhere = 1;
}

static int does_segfault(struct rogue *rogue)
{
	(void)rogue;
	write_nowhere();
	return 0;
}

static int does_abort(struct rogue *rogue)
{
	(void)rogue;
	abort();
}

static int does_exit(struct rogue *rogue)
{
	(void)rogue;
	exit(0); /* NOLINT(concurrency-mt-unsafe): that is the point */
}

/* ---- what hangs -------------------------------------------------------- */

static int does_loop(struct rogue *rogue)
{
	volatile uint64_t n = 0;

	while (rogue)
		n++;
	return 0;
}

static int does_loop_deaf(struct rogue *rogue)
{
	signal(SIGTERM, SIG_IGN);
	return does_loop(rogue);
}

/* Does not call done, not even when it is asked to. */
static int does_never_end(struct rogue *rogue)
{
	rogue->run = NULL;
	return 0;
}

/* ---- what takes too much ----------------------------------------------- */

static int does_take_memory(struct rogue *rogue)
{
	static const size_t chunk = 64u << 20;
	size_t n = 0;

	for (; n < (size_t)10 << 30; n += chunk) {
		char *memory = malloc(chunk);

		if (!memory)
			break;
		memset(memory, 1, chunk);
	}
	snprintf(rogue->why, sizeof(rogue->why), "got %s of 10 GiB",
		n < (size_t)10 << 30 ? "a part" : "all");
	return -ENOMEM;
}

static int does_take_descriptors(struct rogue *rogue)
{
	int n = 0;

	while (n < MANY && dup(1) >= 0)
		n++;
	snprintf(rogue->why, sizeof(rogue->why), "got %s of %d descriptors: %s",
		n < MANY ? "a part" : "all", MANY, strerror(errno));
	return -EMFILE;
}

static void *sleep_for_good(void *context)
{
	for (;;)
		pause();
	return context;
}

static int does_take_threads(struct rogue *rogue)
{
	int n = 0, r = 0;

	while (n < MANY && r == 0) {
		pthread_t thread;

		r = pthread_create(&thread, NULL, sleep_for_good, NULL);
		n += r == 0;
	}
	snprintf(rogue->why, sizeof(rogue->why), "got %s of %d threads: %s",
		n < MANY ? "a part" : "all", MANY, strerror(r));
	return -r;
}

static int does_fork(struct rogue *rogue)
{
	for (;;) {
		pid_t pid = fork();

		if (pid < 0)
			break;
	}
	snprintf(rogue->why, sizeof(rogue->why), "fork: %s", strerror(errno));
	return -errno;
}

/* ---- what disturbs ----------------------------------------------------- */

static int does_write(struct rogue *rogue)
{
	(void)rogue;
	printf("to standard output\n");
	fflush(stdout);
	fprintf(stderr, "to standard error\n");
	for (int i = 0; i < 10000; i++)
		fprintf(stderr, "line %d\n", i);
	return 0;
}

static int does_log(struct rogue *rogue)
{
	for (int i = 0; i < 10000; i++)
		rogue->host->log(rogue->host, RK_LOG_WARNING, "line %d", i);
	return 0;
}

static int does_close_all(struct rogue *rogue)
{
	(void)rogue;
	for (int fd = 0; fd < 256; fd++)
		close(fd);
	return 0;
}

static int does_change_all(struct rogue *rogue)
{
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	setlocale(LC_ALL, "C");
	clearenv();
	umask(0777);
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_IGN);
	if (chdir("/proc") < 0)
		rogue->host->log(rogue->host, RK_LOG_WARNING, "cannot change the folder");
	return 0;
}

/* ---- what breaks the contract ------------------------------------------ */

static int does_end_twice(struct rogue *rogue)
{
	rogue->host->done(rogue->run, 0, NULL);
	return 0;
}

static void *end_run(void *context)
{
	struct rogue *rogue = context;

	rogue->host->done(rogue->run, 0, NULL);
	return NULL;
}

/* It may, since done is [any]; the second one is the mistake. */
static int does_end_elsewhere(struct rogue *rogue)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, end_run, rogue) == 0)
		pthread_join(thread, NULL);
	return 0;
}

static struct rk_sample sample_of(const struct rogue *rogue, double value)
{
	return (struct rk_sample){
		.series = rogue->host->series(rogue->host, 0, NULL, 0),
		.value = { .real = value },
	};
}

static int does_emit_nan(struct rogue *rogue)
{
	struct rk_sample sample = sample_of(rogue, NAN);

	return rogue->host->emit(rogue->run, &sample, 1);
}

static int does_make_series(struct rogue *rogue)
{
	for (int i = 0; i < 1000000; i++) {
		char number[16];
		struct rk_label label = { "text", number };

		snprintf(number, sizeof(number), "%d", i);
		rogue->host->series(rogue->host, 1, &label, 1);
	}
	return 0;
}

static int does_say_much(struct rogue *rogue)
{
	char *text = malloc(LARGE + 1);
	struct rk_label label = { "text", text };
	const struct rk_event event = {
		.size = sizeof(event), .type = "much", .insight = text
	};

	if (!text)
		return -ENOMEM;
	memset(text, 'x', LARGE);
	text[LARGE] = '\0';
	rogue->host->series(rogue->host, 1, &label, 1);
	rogue->host->event(rogue->run, &event);
	rogue->host->log(rogue->host, RK_LOG_WARNING, "%s", text);
	free(text);
	return 0;
}

static int does_say_bytes(struct rogue *rogue)
{
	struct rk_label label = { "text", "a\xff\xc0\xaf" };
	struct rk_sample sample = { .value = { .real = 1 } };

	sample.series = rogue->host->series(rogue->host, 1, &label, 1);
	rogue->host->log(rogue->host, RK_LOG_WARNING, "bytes: a\xff\xc0\xaf");
	return rogue->host->emit(rogue->run, &sample, 1);
}

/* ---- the plugin -------------------------------------------------------- */

#define EACH(does)                                                                       \
	does(segfault) does(abort) does(exit) does(loop) does(loop_deaf) does(never_end) \
		does(take_memory) does(take_descriptors) does(take_threads) does(fork)   \
			does(write) does(log) does(close_all) does(change_all)           \
				does(end_twice) does(end_elsewhere) does(emit_nan)       \
					does(make_series) does(say_much) does(say_bytes)

#define NAME(name)   #name,
#define ACTION(name) does_##name,

static const char *const names[] = { EACH(NAME) NULL };
static int (*const actions[])(struct rogue *rogue) = { EACH(ACTION) };

/* clang-format off */
static const struct rk_option options[] = {
	{ .name = "does", RK_FIELD(struct rogue, does), .flags = RK_REQUIRED,
	  .choices = names, .help = "What it does." },
	{ .name = "in", RK_FIELD(struct rogue, in), .preset = "collect",
	  .choices = calls, .help = "In which call." },
};

static const char *const labels[] = { "text", NULL };

static const struct rk_metric metrics[] = {
	{ .name = "rogue.good", .kind = RK_GAUGE, .confidence = RK_EXACT, .unit = "1",
	  .help = "A number." },
	{ .name = "rogue.text", .kind = RK_GAUGE, .confidence = RK_EXACT, .unit = "1",
	  .labels = labels, .help = "A number with a text." },
};
/* clang-format on */

static int act(struct rogue *rogue, uint32_t call)
{
	return rogue->in.index == call ? actions[rogue->does.index](rogue) : 0;
}

static int rogue_start(void *self, const struct rk_host *host)
{
	struct rogue *rogue = self;

	rogue->host = host;
	return act(rogue, IN_START);
}

static void rogue_collect(void *self, struct rk_run *run)
{
	struct rogue *rogue = self;
	struct rk_sample sample = sample_of(rogue, 1);
	int r;

	rogue->run = run;
	rogue->host->emit(run, &sample, 1);
	if (rogue->in.index == IN_CANCEL)
		return;
	r = act(rogue, IN_COLLECT);
	if (rogue->run)
		rogue->host->done(run, r, *rogue->why ? rogue->why : NULL);
}

static void rogue_cancel(void *self, struct rk_run *run)
{
	struct rogue *rogue = self;

	(void)act(rogue, IN_CANCEL);
	if (rogue->run)
		rogue->host->done(run, -ECANCELED, NULL);
}

static void rogue_stop(void *self)
{
	(void)act(self, IN_STOP);
}

const struct rk_plugin rk_plugin_entry = {
	RK_PLUGIN_ABI,
	.name = "rogue",
	.summary = "Harms whoever hosts it.",
	.version = "1",
	.interval = "200ms",
	.timeout = "1s",
	.options = options,
	.n_options = RK_LEN(options),
	.metrics = metrics,
	.n_metrics = RK_LEN(metrics),
	.state_size = sizeof(struct rogue),
	.start = rogue_start,
	.collect = rogue_collect,
	.cancel = rogue_cancel,
	.stop = rogue_stop,
};
