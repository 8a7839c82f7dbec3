/* SPDX-License-Identifier: Apache-2.0 */
/* Runs of programs under the real host: what only shows when the journal, the loop or
 * the host does something at a certain moment. */
#include "exec.h"

#include "model/part.h"

#include "cases.h"
#include "hosted.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What collectors are configured to, in place of the host. */
static struct settings settings;
static struct exec *exec; /* of the instance that runs */
static struct hosted *hosted;

static int start(void *self, const struct rk_host *host)
{
	exec = self;
	exec->settings = settings;
	return rk_plugin_entry.start(self, host);
}

static const char *command[] = { "/bin/sh", "-c", NULL };

/* script: borrowed until the end of the case. */
static void begin(const char *script, enum mode mode)
{
	struct rk_plugin plugin = rk_plugin_entry;

	command[2] = script;
	settings = (struct settings){
		.command = { command, 3 },
		.mode = { mode },
		.folder = "/",
		.grace = { 100000000 },
		.max_line = { 1024 },
		.max_output = { 1 << 30 },
		.max_lines = 1000000,
		.max_messages = 2,
	};
	plugin.options = NULL;
	plugin.n_options = 0;
	plugin.start = start;
	hosted = hosted_open(&plugin, NULL);
	assert_int_equal(hosted_start(hosted), 0);
}

static int teardown(void **state)
{
	(void)state;
	hosted_close(hosted);
	return 0;
}

static bool is_gone(pid_t pid)
{
	return kill(pid, 0) < 0 && errno == ESRCH;
}

/* A process that nobody waits for any more; the time-out of the case is the bound. */
static void wait_until_gone(pid_t pid)
{
	while (!is_gone(pid))
		usleep(1000);
}

#define LINE                                                                             \
	"{\\\"metric\\\":\\\"a.b\\\",\\\"value\\\":1,\\\"kind\\\":\\\"gauge\\\","        \
	"\\\"unit\\\":\\\"1\\\"}"

static size_t count_samples(void)
{
	size_t n = 0;

	for (size_t i = 0; i < hosted->n_parts; i++)
		n += hosted->parts[i]->n_samples;
	return n;
}

/* ---- the journal ----------------------------------------------------------- */

static void a_journal_that_takes_nothing_stops_the_reading_and_loses_nothing(void **state)
{
	(void)state;
	begin("yes \"" LINE "\" | head -n 400000", MODE_RUN);
	hosted->hold_parts = true; /* beyond four a commit gets -EAGAIN */
	hosted_begin(hosted);
	while (hosted->n_parts < 4)
		uv_run(&hosted->loop, UV_RUN_ONCE);
	while (!exec->has_line)
		uv_run(&hosted->loop, UV_RUN_ONCE);
	assert_false(hosted->done);
	hosted_release_parts(hosted);
	assert_int_equal(hosted_finish_run(hosted), 0);
	assert_int_equal(count_samples(), 400000);
}

static void a_cancel_while_the_journal_takes_nothing_ends_the_run(void **state)
{
	(void)state;
	begin("yes \"" LINE "\" | head -n 400000", MODE_RUN);
	hosted->hold_parts = true;
	hosted_begin(hosted);
	while (!exec->has_line)
		uv_run(&hosted->loop, UV_RUN_ONCE);
	hosted_cancel(hosted);
	assert_int_equal(hosted_finish_run(hosted), -ECANCELED);
	assert_int_equal(exec->program.pid, 0);
	hosted_release_parts(hosted);
}

/* ---- the program's end ------------------------------------------------------- */

static void one_whose_child_keeps_the_pipe_ends_all_the_same(void **state)
{
	(void)state;
	begin("setsid sleep 1000 & echo \"{\\\"metric\\\":\\\"a.pid\\\",\\\"value\\\":$!,"
	      "\\\"kind\\\":\\\"gauge\\\",\\\"unit\\\":\\\"1\\\"}\"",
		MODE_RUN);
	assert_int_equal(hosted_collect(hosted), 0);
	assert_int_equal(count_samples(), 1);
	kill((pid_t)exec->line.value.digits, SIGKILL);
}

static void no_descriptor_of_the_host_reaches_the_program(void **state)
{
	(void)state;
	begin("[ ! -e /proc/self/fd/100 ]", MODE_RUN);
	assert_int_equal(dup2(0, 100), 100); /* would stay open on exec */
	assert_int_equal(hosted_collect(hosted), 0);
	close(100);
}

static void a_cancelled_run_is_over_once_the_program_is_gone(void **state)
{
	pid_t pid;

	(void)state;
	begin("trap '' TERM; while :; do sleep 1; done", MODE_RUN);
	hosted_begin(hosted);
	pid = exec->program.pid;
	assert_true(pid > 0);
	hosted_cancel(hosted);
	assert_int_equal(hosted_finish_run(hosted), -ECANCELED);
	assert_true(is_gone(pid));
}

static void many_runs_leave_neither_descriptors_nor_processes(void **state)
{
	int before, after;

	(void)state;
	begin("echo \"" LINE "\"; echo oops >&2", MODE_RUN);
	assert_int_equal(hosted_collect(hosted), 0);
	before = dup(0);
	close(before);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(hosted_collect(hosted), 0);
		hosted_drop_parts(hosted);
	}
	after = dup(0);
	close(after);
	assert_int_equal(before, after);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

/* ---- one that is kept ----------------------------------------------------------- */

#define ANSWER "read -r question || exit; echo \"" LINE "\"; echo '{\"end\":\"ok\"}'; "

static void the_stop_leaves_no_program_behind(void **state)
{
	pid_t pid;

	(void)state;
	begin("while :; do " ANSWER "done", MODE_KEEP);
	assert_int_equal(hosted_collect(hosted), 0);
	pid = exec->program.pid;
	assert_int_equal(hosted_collect(hosted), 0);
	assert_int_equal(exec->program.pid, pid);
	hosted_stop(hosted);
	wait_until_gone(pid);
}

static void the_stop_kills_one_that_ignores_it_and_does_not_wait(void **state)
{
	pid_t pid;

	(void)state;
	begin("trap '' TERM; " ANSWER "while :; do sleep 1; done", MODE_KEEP);
	assert_int_equal(hosted_collect(hosted), 0);
	pid = exec->program.pid;
	hosted_stop(hosted);
	wait_until_gone(pid);
}

static void an_end_that_answers_another_question_does_not_count(void **state)
{
	(void)state;
	begin("read -r q; echo '{\"end\":\"ok\",\"collect\":1}'; echo \"" LINE "\"; "
	      "echo '{\"end\":\"ok\",\"collect\":1}'; "
	      "read -r q; echo '{\"end\":\"ok\",\"collect\":2}'; read -r q",
		MODE_KEEP);
	assert_int_equal(hosted_collect(hosted), 0);
	assert_int_equal(count_samples(), 0);
	assert_int_equal(hosted_collect(hosted), RK_PARTIAL);
	assert_int_equal(count_samples(), 1); /* written in between */
	assert_string_equal(
		hosted->why, "line 2 is left out: 'collect' is not that of the question");
}

static void one_that_closes_its_output_is_ended(void **state)
{
	(void)state;
	begin("read -r q; exec >&-; while :; do sleep 1; done", MODE_KEEP);
	assert_int_equal(hosted_collect(hosted), -EIO);
	assert_string_equal(hosted->why, "it was ended by signal 15 (Terminated)");
}

/* SIGPIPE would end this process. */
static void one_that_does_not_read_fails_its_run(void **state)
{
	(void)state;
	begin("read -r q; exec <&-; echo '{\"end\":\"ok\"}'; while :; do sleep 1; done",
		MODE_KEEP);
	assert_int_equal(hosted_collect(hosted), 0);
	assert_int_equal(hosted_collect(hosted), -EPIPE);
	assert_string_equal(
		hosted->why, "the program does not read its standard input: Broken pipe");
	assert_int_equal(exec->program.pid, 0);
}

#define CASE(name) cmocka_unit_test_teardown(name, teardown)

static const struct CMUnitTest cases[] = {
	CASE(a_journal_that_takes_nothing_stops_the_reading_and_loses_nothing),
	CASE(a_cancel_while_the_journal_takes_nothing_ends_the_run),
	CASE(one_whose_child_keeps_the_pipe_ends_all_the_same),
	CASE(no_descriptor_of_the_host_reaches_the_program),
	CASE(a_cancelled_run_is_over_once_the_program_is_gone),
	CASE(many_runs_leave_neither_descriptors_nor_processes),
	CASE(the_stop_leaves_no_program_behind),
	CASE(the_stop_kills_one_that_ignores_it_and_does_not_wait),
	CASE(an_end_that_answers_another_question_does_not_count),
	CASE(one_that_closes_its_output_is_ended),
	CASE(one_that_does_not_read_fails_its_run),
};

CASES_MAIN(cases)
