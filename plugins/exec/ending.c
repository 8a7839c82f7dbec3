/* SPDX-License-Identifier: Apache-2.0 */
#include "ending.h"
#include "exec.h"

#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>

#define NS_PER_MS       INT64_C(1000000)
#define FIRST_LOOK_NS   (1 * NS_PER_MS)
#define LONGEST_LOOK_NS (200 * NS_PER_MS)

/* ---- the end of the program ----------------------------------------------- */

void ending_look_now_and_then(struct exec *exec)
{
	exec->look_ns = LONGEST_LOOK_NS;
	exec->loop->timer_set(exec->look_timer, exec->look_ns, 0);
}

void ending_look_soon(struct exec *exec)
{
	exec->is_ending = true;
	exec->look_ns = FIRST_LOOK_NS;
	exec->loop->timer_set(exec->look_timer, 0, 0);
}

static void ask_to_end(struct exec *exec)
{
	if (exec->program.pid == 0 || exec->is_asked_to_end)
		return;
	exec->is_asked_to_end = true;
	program_signal(&exec->program, SIGTERM);
	exec->loop->timer_set(exec->grace_timer, exec->settings.grace.ns, 0);
	ending_look_soon(exec);
}

void ending_on_grace_over(void *context)
{
	struct exec *exec = context;

	if (!exec->is_asked_to_end) { /* it closed its output and stays */
		ask_to_end(exec);
		return;
	}
	exec->host->log(exec->host, RK_LOG_WARNING,
		"the program does not end by SIGTERM: it is killed");
	program_signal(&exec->program, SIGKILL);
	ending_look_soon(exec);
}

void ending_on_look(void *context)
{
	struct exec *exec = context;

	if (exec->program.pid > 0 &&
		!program_look(&exec->program, &exec->launch, exec->end)) {
		if (exec->run || exec->is_ending)
			exec->loop->timer_set(exec->look_timer, exec->look_ns, 0);
		if (exec->look_ns < LONGEST_LOOK_NS)
			exec->look_ns *= 2;
		return;
	}
	output_drain_messages(exec);
	ending_settle(exec);
}

/* Removes what belonged to a program that is gone. */
void ending_clear(struct exec *exec)
{
	exec->loop->watch_remove(exec->out_watch);
	exec->loop->watch_remove(exec->err_watch);
	exec->out_watch = exec->err_watch = NULL;
	exec->loop->timer_unset(exec->look_timer);
	exec->loop->timer_unset(exec->grace_timer);
	exec->is_asked_to_end = exec->is_ending = false;
	exec->end[0] = '\0';
	program_close(&exec->program);
}

/* ---- the end of a run -------------------------------------------------------- */

static void end_run(struct exec *exec, const char *end)
{
	int64_t n_more = (int64_t)exec->outcome.n_messages - exec->settings.max_messages;
	struct rk_run *run = exec->run;
	char why[OUTCOME_WHY_SIZE];
	int result = outcome_settle(&exec->outcome, end, why);

	if (n_more > 0)
		exec->host->log(exec->host, RK_LOG_WARNING,
			"the program said %lld more lines, which are left out "
			"(max_messages)",
			(long long)n_more);
	exec->run = NULL;
	exec->has_line = false;
	exec->loop->timer_unset(exec->retry_timer);
	exec->host->done(run, result, why[0] ? why : NULL);
}

/* Nothing more comes of a program that has ended once its pipe is empty, also where a
 * child that left its group keeps it open. */
static bool output_is_over(struct exec *exec)
{
	struct lines *out = &exec->program.out;
	int n_waiting = 0;

	if (!out->is_over && ioctl(out->fd, FIONREAD, &n_waiting) == 0 && n_waiting == 0)
		out->is_over = true;
	return out->is_over;
}

void ending_tell_early(struct exec *exec)
{
	exec->host->log(exec->host, RK_LOG_WARNING,
		"the program ended between two collections and is started again with the "
		"next%s%s",
		exec->end[0] ? ": " : "", exec->end);
}

static void end_run_with_program(struct exec *exec)
{
	bool is_early = is_kept(exec) && !exec->end[0];

	end_run(exec, is_early ? "it ended before it said {\"end\":...}" : exec->end);
}

/* Ends what is over: the run, and the program. */
void ending_settle(struct exec *exec)
{
	if (run_is_failing(exec))
		ask_to_end(exec);
	else if (exec->run && is_answered(exec)) {
		end_run(exec, "");
		/* Where it ends before it is asked again, that is to be seen. */
		if (exec->program.pid > 0)
			exec->loop->watch_set(exec->out_watch, RK_HANGUP);
	}
	if (exec->program.pid > 0)
		return;
	if (exec->run && !run_is_failing(exec)) {
		/* What it wrote last comes, or has to wait for the journal. */
		if (exec->has_line || !output_is_over(exec) || !output_take(exec))
			return;
	}
	if (exec->run)
		end_run_with_program(exec);
	else if (is_kept(exec))
		ending_tell_early(exec);
	ending_clear(exec);
}
