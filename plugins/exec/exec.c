/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An external program as a collector. All is callbacks on the instance's loop:
 *
 *	collect -> start the program (or, kept, ask it by a line)
 *	        -> on_output: lines -> report -> host        as often as there are some
 *	        -> ending_settle: the program ended (run), or said that it is done (keep)
 *	        -> done
 *
 * A program that breaks a bound, or whose run is cancelled, is asked to end by SIGTERM
 * and killed after a grace; the run is over once it is gone, so that none is left.
 */
#include "exec.h"
#include "ending.h"
#include "number.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define NS_PER_MS INT64_C(1000000)
#define RETRY_NS  (20 * NS_PER_MS)

_Static_assert(offsetof(struct exec, settings) == 0, "options.c");

/* ---- what the program writes ---------------------------------------------------- */

static void listen(struct exec *exec)
{
	exec->loop->watch_set(exec->out_watch, RK_READABLE | RK_HANGUP);
}

/* The journal takes nothing now: neither do we. */
static void wait_for_journal(struct exec *exec)
{
	exec->loop->watch_set(exec->out_watch, 0);
	exec->loop->timer_set(exec->retry_timer, RETRY_NS, 0);
}

static void take_lines(struct exec *exec)
{
	if (!output_take(exec))
		wait_for_journal(exec);
	else
		ending_settle(exec);
}

/* One that is kept has nothing to say any more without its output. */
static void output_was_closed(struct exec *exec)
{
	exec->loop->watch_set(exec->out_watch, 0);
	if (is_kept(exec) && !exec->is_asked_to_end)
		exec->loop->timer_set(exec->grace_timer, exec->settings.grace.ns, 0);
	ending_look_soon(exec);
}

static void on_output(void *context, uint32_t events)
{
	struct exec *exec = context;
	uint64_t most = exec->settings.max_output.bytes;
	int r;

	(void)events;
	if (!exec->run || run_is_failing(exec)) {
		output_was_closed(exec);
		return;
	}
	r = lines_read(&exec->program.out);
	if (exec->program.out.n_bytes > most)
		outcome_fail(&exec->outcome, -EMSGSIZE,
			"it wrote more than %llu bytes (max_output)",
			(unsigned long long)most);
	if (r == 0)
		output_was_closed(exec);
	take_lines(exec);
}

static void on_retry(void *context)
{
	struct exec *exec = context;

	if (!output_retry(exec)) {
		wait_for_journal(exec);
		return;
	}
	listen(exec);
	take_lines(exec);
}

static void on_messages(void *context, uint32_t events)
{
	struct exec *exec = context;
	int r = lines_read(&exec->program.err);

	(void)events;
	output_take_messages(exec);
	if (r != 0)
		return;
	exec->loop->watch_set(exec->err_watch, 0);
	ending_look_soon(exec);
}

/* ---- a run ------------------------------------------------------------------------ */

static int watch(struct exec *exec, int fd, void (*on_ready)(void *, uint32_t),
	struct rk_watch **ret_watch)
{
	int r = exec->loop->watch_create(exec->host, fd, on_ready, exec, ret_watch);

	return r < 0 ? r : exec->loop->watch_set(*ret_watch, RK_READABLE | RK_HANGUP);
}

static int begin_program(struct exec *exec)
{
	int r = program_start(&exec->program, &exec->launch, is_kept(exec));

	if (r == 0)
		r = watch(exec, exec->program.out.fd, on_output, &exec->out_watch);
	if (r == 0)
		r = watch(exec, exec->program.err.fd, on_messages, &exec->err_watch);
	return r;
}

static int ask(struct exec *exec)
{
	const struct rk_request *request = exec->host->request(exec->run);
	char scheduled[TIME_TEXT_SIZE], from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE];
	char text[256];
	int n = snprintf(text, sizeof(text), "{\"collect\":%llu,\"scheduled\":\"%s\"",
		(unsigned long long)++exec->n_asked,
		time_to_text(scheduled, request->scheduled_ns));

	if (request->to_ns)
		n += snprintf(text + n, sizeof(text) - (size_t)n,
			",\"from\":\"%s\",\"to\":\"%s\"",
			time_to_text(from, request->from_ns),
			time_to_text(to, request->to_ns));
	n += snprintf(text + n, sizeof(text) - (size_t)n, "}\n");
	return program_write(&exec->program, text, (size_t)n);
}

static int begin_run(struct exec *exec)
{
	bool runs = exec->program.pid > 0;
	int r;

	/* One that ended since it was asked last. */
	if (runs && program_look(&exec->program, &exec->launch, exec->end)) {
		output_drain_messages(exec);
		ending_tell_early(exec);
		ending_clear(exec);
		runs = false;
	}
	if (!runs) {
		r = begin_program(exec);
		if (r < 0) {
			outcome_fail(&exec->outcome, r, "cannot start '%s': %s",
				exec->launch.path, strerror(-r));
			return r;
		}
	}
	r = is_kept(exec) ? ask(exec) : 0;
	if (r < 0)
		outcome_fail(&exec->outcome, r,
			"the program does not read its standard input: %s", strerror(-r));
	return r;
}

static void collect(void *self, struct rk_run *run)
{
	struct exec *exec = self;

	exec->run = run;
	exec->outcome = (struct outcome){ 0 };
	exec->program.out.n_bytes = 0;
	if (begin_run(exec) < 0) {
		ending_settle(exec);
		return;
	}
	listen(exec);
	/* Its pipes tell when it ended, but where a child of its own keeps them open. */
	ending_look_now_and_then(exec);
	take_lines(exec); /* what it wrote since it was asked last */
}

static void cancel(void *self, struct rk_run *run)
{
	struct exec *exec = self;

	(void)run;
	outcome_fail(&exec->outcome, -ECANCELED, "it was cancelled");
	exec->has_line = false;
	exec->loop->timer_unset(exec->retry_timer);
	ending_settle(exec);
}

/* ---- the instance ------------------------------------------------------------------ */

static int make_timers(struct exec *exec)
{
	const struct {
		void (*on_due)(void *context);
		struct rk_timer **timer;
	} timers[] = {
		{ ending_on_look, &exec->look_timer },
		{ ending_on_grace_over, &exec->grace_timer },
		{ on_retry, &exec->retry_timer },
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < RK_LEN(timers); i++)
		r = exec->loop->timer_create(
			exec->host, timers[i].on_due, exec, timers[i].timer);
	return r;
}

static int start(void *self, const struct rk_host *host)
{
	struct exec *exec = self;
	int r;

	exec->host = host;
	exec->loop = host->extension(host, RK_LOOP);
	if (!exec->loop)
		return -ENOTSUP;
	r = program_init(&exec->program, exec->settings.max_line.bytes);
	if (r == 0)
		r = launch_init(&exec->launch, &exec->settings);
	if (r == -ENOENT)
		host->log(host, RK_LOG_ERROR, "there is no program '%s' on its PATH",
			exec->settings.command.items[0]);
	if (r == 0)
		r = report_init(&exec->report, host, &exec->settings);
	return r < 0 ? r : make_timers(exec);
}

static void stop(void *self)
{
	struct exec *exec = self;

	program_leave(&exec->program, exec->settings.grace.ns);
	program_finish(&exec->program);
	launch_finish(&exec->launch);
	report_finish(&exec->report);
}

static void check(const void *self, const struct rk_host *host, struct rk_faults *faults)
{
	options_check(&((const struct exec *)self)->settings, host, faults);
}

const struct rk_plugin rk_plugin_entry = {
	RK_PLUGIN_ABI,
	.name = "exec",
	.summary = "Runs a program, and reports the samples and events that it writes as "
		   "lines of JSON.",
	.version = "1.0.0",
	.needs = RK_NEED_EXEC | RK_NEED_FILES | RK_NEED_NET | RK_NEED_UNIX,
	.interval = "1m",
	.timeout = "30s",
	.options = exec_options,
	.n_options = EXEC_OPTIONS,
	.state_size = sizeof(struct exec),
	.check = check,
	.start = start,
	.collect = collect,
	.cancel = cancel,
	.stop = stop,
};
