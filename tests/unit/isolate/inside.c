/* SPDX-License-Identifier: Apache-2.0 */
#include "inside.h"

#include "base/buffer.h"
#include "base/file.h"
#include "host/call.h"
#include "host/internal.h"

#include "cases.h"

#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void become(uid_t user)
{
	if (user != 0 &&
		(setgroups(0, NULL) < 0 || setgid((gid_t)user) < 0 || setuid(user) < 0)) {
		perror("inside: cannot become another user");
		_exit(2);
	}
}

static void enter(const struct sandbox_options *options)
{
	struct buffer missing = { 0 }, why = { 0 };

	if (sandbox_enter(options, &missing, &why) < 0) {
		fprintf(stderr, "inside: %s\n", buffer_text(&why));
		_exit(2);
	}
	buffer_finish(&missing);
	buffer_finish(&why);
}

static void copy(char *to, size_t size, const char *text)
{
	if (text)
		snprintf(to, size, "%s", text);
}

static void run(const struct sandbox_options *options, int (*attempt)(void), int report)
{
	static struct instance instance;
	static struct outcome outcome;

	if (options)
		enter(options);
	instance.place = &instance.own_place;
	call_begin(&instance, CALL_COLLECT);
	outcome.result = attempt();
	call_end(&instance);
	copy(outcome.reason, sizeof(outcome.reason), atomic_load(&instance.refused));
	copy(outcome.elsewhere, sizeof(outcome.elsewhere), sandbox_refused());
	if (file_write(report, &outcome, sizeof(outcome)) < 0)
		_exit(3);
	_exit(0);
}

/* The one who is looked at and signalled: a parent of the same user, as the agent is. */
static void run_as(const struct sandbox_options *options, int (*attempt)(void),
	uid_t user, int report)
{
	struct outcome outcome = { 0 };
	int status;
	pid_t child;

	become(user);
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	child = fork();
	if (child == 0)
		run(options, attempt, report);
	if (waitpid(child, &status, 0) != child)
		_exit(4);
	if (!WIFSIGNALED(status))
		_exit(WEXITSTATUS(status));
	outcome.result = INSIDE_KILLED - WTERMSIG(status);
	_exit(file_write(report, &outcome, sizeof(outcome)) < 0 ? 3 : 0);
}

struct outcome inside(
	const struct sandbox_options *options, int (*attempt)(void), uid_t user)
{
	struct outcome outcome = { 0 };
	int ends[2], status;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(ends[0]);
		run_as(options, attempt, user, ends[1]);
	}
	close(ends[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		fail_msg("the process ended with %x", status);
	assert_int_equal(read(ends[0], &outcome, sizeof(outcome)), sizeof(outcome));
	close(ends[0]);
	return outcome;
}
