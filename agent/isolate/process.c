/* SPDX-License-Identifier: Apache-2.0 */
#include "process.h"

#include "base/cleanup.h"
#include "base/macros.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Above all that a child has: no copy lands on another one before it is copied. */
#define FIRST_COPY (PROCESS_FILES + 10)

/* The symbols of a plugin are bound when it is loaded, since libltdl binds lazily. */
static char *const environment[] = {
	(char[]){ "LD_BIND_NOW=1" },
	(char[]){ "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
	(char[]){ "LANG=C.UTF-8" },
	NULL,
};

struct copies {
	int items[PROCESS_FILES];
};

static void copies_finish(struct copies *copies)
{
	for (size_t i = 0; i < LENGTH(copies->items); i++) {
		if (copies->items[i] >= 0)
			close(copies->items[i]);
	}
}

/* Copies of all descriptors, by the number that the child has them under. */
static int copies_make(const struct process_options *options, struct copies *copies)
{
	const int from[PROCESS_FILES] = {
		[0] = -1,
		[1] = options->output,
		[2] = options->output,
		[PROCESS_WIRE] = options->wire,
		[PROCESS_PAGE] = options->page,
		[PROCESS_PLUGIN] = options->plugin,
		[PROCESS_PROGRAM] = options->program,
	};
	CLEANUP_CLOSE int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

	for (size_t i = 0; i < PROCESS_FILES; i++) {
		copies->items[i] =
			fcntl(i == 0 ? nothing : from[i], F_DUPFD_CLOEXEC, FIRST_COPY);
		if (copies->items[i] < 0)
			return -errno;
	}
	return 0;
}

static int fill_actions(posix_spawn_file_actions_t *actions, const struct copies *copies)
{
	int r = 0;

	for (int i = 0; r == 0 && i < PROCESS_FILES; i++)
		r = posix_spawn_file_actions_adddup2(actions, copies->items[i], i);
	if (r == 0)
		r = posix_spawn_file_actions_addclosefrom_np(actions, PROCESS_FILES);
	return -r;
}

static int fill_attributes(posix_spawnattr_t *attributes)
{
	sigset_t all, none;
	int r;

	sigfillset(&all);
	sigemptyset(&none);
	r = posix_spawnattr_setflags(attributes,
		POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	if (r == 0)
		r = posix_spawnattr_setpgroup(attributes, 0);
	if (r == 0)
		r = posix_spawnattr_setsigdefault(attributes, &all);
	if (r == 0)
		r = posix_spawnattr_setsigmask(attributes, &none);
	return -r;
}

/* The program is found by its descriptor, as fexecve(3) does. */
static int spawn(const struct process_options *options, const struct copies *copies,
	pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	char name[] = "plugin-host", title[80], path[32];
	char *const arguments[] = { name, title, NULL };
	int r;

	snprintf(title, sizeof(title), "%s", options->title);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", PROCESS_PROGRAM);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	r = fill_actions(&actions, copies);
	if (r == 0)
		r = fill_attributes(&attributes);
	if (r == 0)
		r = -posix_spawn(
			ret_pid, path, &actions, &attributes, arguments, environment);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return r;
}

int process_spawn(const struct process_options *options, struct process *ret_process)
{
	struct copies copies = { { -1, -1, -1, -1, -1, -1, -1 } };
	struct process process = { 0 };
	int r = copies_make(options, &copies);

	if (r == 0)
		r = spawn(options, &copies, &process.pid);
	copies_finish(&copies);
	if (r < 0)
		return r;
	process.pidfd = (int)syscall(SYS_pidfd_open, process.pid, 0);
	if (process.pidfd < 0) {
		r = -errno;
		process_signal(&process, SIGKILL);
		waitpid(process.pid, NULL, 0);
		return r;
	}
	fcntl(process.pidfd, F_SETFD, FD_CLOEXEC);
	*ret_process = process;
	return 0;
}

void process_signal(const struct process *process, int number)
{
	kill(process->pid, number);
	kill(-process->pid, number);
}

int process_wait(const struct process *process, int *ret_status)
{
	pid_t pid;

	do
		pid = waitpid(process->pid, ret_status, WNOHANG);
	while (pid < 0 && errno == EINTR);
	if (pid == 0)
		return -EAGAIN;
	/* Whatever it has started is in its group, whose number is not given out again
	 * while it has members. */
	kill(-process->pid, SIGKILL);
	return pid < 0 ? -errno : 0;
}

void process_finish(struct process *process)
{
	close(process->pidfd);
	process->pidfd = -1;
}

void process_end(struct process *process)
{
	process_signal(process, SIGKILL);
	while (waitpid(process->pid, NULL, 0) < 0 && errno == EINTR)
		;
	process_finish(process);
}
