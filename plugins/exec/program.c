/* SPDX-License-Identifier: Apache-2.0 */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_MS INT64_C(1000000)

int program_init(struct program *program, size_t max_line)
{
	int r = lines_init(&program->out, max_line);

	program->in = program->failure = -1;
	return r < 0 ? r : lines_init(&program->err, MESSAGE_SIZE);
}

void program_finish(struct program *program)
{
	program_close(program);
	lines_finish(&program->out);
	lines_finish(&program->err);
}

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void program_close(struct program *program)
{
	/* Before it was initialised they are 0, which is somebody else's. */
	if (!program->out.buffer)
		return;
	close_end(&program->in);
	close_end(&program->failure);
	lines_close(&program->out);
	lines_close(&program->err);
}

/* ---- starting ---------------------------------------------------------------- */

/* The pipes, [0] to read from: input, output, error, and the reason of a failure. */
enum { PIPE_IN, PIPE_OUT, PIPE_ERR, PIPE_FAILURE, PIPES };

static int open_pipes(int fds[PIPES][2], bool has_input)
{
	for (int i = 0; i < PIPES; i++)
		fds[i][0] = fds[i][1] = -1;
	for (int i = has_input ? PIPE_IN : PIPE_OUT; i < PIPES; i++) {
		if (pipe2(fds[i], O_CLOEXEC) < 0)
			return -errno;
	}
	return 0;
}

static void close_pipes(int fds[PIPES][2])
{
	for (int i = 0; i < PIPES; i++) {
		close_end(&fds[i][0]);
		close_end(&fds[i][1]);
	}
}

/* Our end alone: the program need not know of it. */
static int take_end(int *fd)
{
	int taken = *fd;

	*fd = -1;
	if (taken >= 0)
		(void)fcntl(taken, F_SETFL, O_NONBLOCK);
	return taken;
}

int program_start(struct program *program, const struct launch *launch, bool has_input)
{
	int fds[PIPES][2];
	pid_t pid = open_pipes(fds, has_input);

	if (pid == 0) {
		const struct launch_ends ends = { fds[PIPE_IN][0], fds[PIPE_OUT][1],
			fds[PIPE_ERR][1], fds[PIPE_FAILURE][1] };

		pid = launch_start(launch, &ends);
	}
	if (pid > 0) {
		program_close(program);
		program->pid = pid;
		program->in = take_end(&fds[PIPE_IN][1]);
		program->failure = take_end(&fds[PIPE_FAILURE][0]);
		lines_open(&program->out, take_end(&fds[PIPE_OUT][0]));
		lines_open(&program->err, take_end(&fds[PIPE_ERR][0]));
	}
	close_pipes(fds);
	return pid < 0 ? pid : 0;
}

/* ---- its end ------------------------------------------------------------------ */

static void describe_end(struct program *program, const struct launch *launch,
	const siginfo_t *info, char why[PROGRAM_WHY_SIZE])
{
	struct launch_failure failure;

	why[0] = '\0';
	if (info->si_code != CLD_EXITED)
		snprintf(why, PROGRAM_WHY_SIZE, "it was ended by signal %d (%s)",
			info->si_status, sigdescr_np(info->si_status));
	else if (read(program->failure, &failure, sizeof(failure)) == sizeof(failure))
		snprintf(why, PROGRAM_WHY_SIZE, "%s '%.150s': %s",
			launch_step(failure.step), launch->path,
			strerrordesc_np(failure.error));
	else if (info->si_status != 0)
		snprintf(why, PROGRAM_WHY_SIZE, "it exited with status %d",
			info->si_status);
}

bool program_look(
	struct program *program, const struct launch *launch, char why[PROGRAM_WHY_SIZE])
{
	siginfo_t info = { 0 };

	if (waitid(P_PID, (id_t)program->pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
		info.si_pid == 0)
		return false;
	/* While it is not waited for, its number is nobody else's. */
	program_signal(program, SIGKILL);
	(void)waitid(P_PID, (id_t)program->pid, &info, WEXITED | WNOHANG);
	program->pid = 0;
	describe_end(program, launch, &info, why);
	return true;
}

void program_signal(const struct program *program, int signal)
{
	if (program->pid > 0)
		(void)kill(-program->pid, signal);
}

/* ---- its input ------------------------------------------------------------------ */

/* Where nobody reads, SIGPIPE must not end the process that hosts us. */
int program_write(const struct program *program, const char *text, size_t n)
{
	static const struct timespec no_time;
	sigset_t pipe_signal, before, pending;
	bool was_pending;
	ssize_t written;
	int r;

	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	sigpending(&pending);
	was_pending = sigismember(&pending, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
	written = write(program->in, text, n);
	r = written < 0 ? -errno : 0;
	if (r == -EPIPE && !was_pending)
		(void)sigtimedwait(&pipe_signal, NULL, &no_time);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return r;
}

/* ---- leaving one behind ----------------------------------------------------------- */

struct farewell {
	pid_t pid;
	int64_t grace_ns;
};

static bool has_ended(pid_t pid)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
	       info.si_pid != 0;
}

/* Until it has ended, but for no longer than its grace. */
static void wait_for_end(const struct farewell *farewell)
{
	static const struct timespec step = { .tv_nsec = NS_PER_MS };

	for (int64_t ns = 0; ns < farewell->grace_ns; ns += NS_PER_MS) {
		if (has_ended(farewell->pid))
			return;
		nanosleep(&step, NULL);
	}
}

static void *say_farewell(void *context)
{
	struct farewell *farewell = context;

	wait_for_end(farewell);
	(void)kill(-farewell->pid, SIGKILL);
	(void)waitpid(farewell->pid, NULL, 0);
	free(farewell);
	return NULL;
}

static int begin_farewell(struct farewell *farewell)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int r;

	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	r = pthread_create(&thread, &attributes, say_farewell, farewell);
	pthread_attr_destroy(&attributes);
	return r;
}

void program_leave(struct program *program, int64_t grace_ns)
{
	struct farewell *farewell;
	sigset_t all, before;

	if (program->pid <= 0)
		return;
	program_signal(program, SIGTERM);
	farewell = malloc(sizeof(*farewell));
	if (farewell)
		*farewell = (struct farewell){ program->pid, grace_ns };
	sigfillset(&all); /* the thread takes none */
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (!farewell || begin_farewell(farewell) != 0) {
		/* Without a thread it gets no grace; who is killed is gone soon. */
		program_signal(program, SIGKILL);
		(void)waitpid(program->pid, NULL, 0);
		free(farewell);
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	program->pid = 0;
}
