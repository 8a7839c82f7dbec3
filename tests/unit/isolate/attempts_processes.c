/* SPDX-License-Identifier: Apache-2.0 */
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static int wait_for(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child)
		return -errno;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -ECHILD;
}

int fork_child(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	return child < 0 ? -errno : wait_for(child);
}

int vfork_child(void)
{
	pid_t child = vfork(); /* NOLINT */

	if (child == 0)
		_exit(0);
	return child < 0 ? -errno : wait_for(child);
}

int spawn_program(void)
{
	char *arguments[] = { (char *)(uintptr_t) "true", NULL };
	char *environment[] = { NULL };
	pid_t child;
	int r = posix_spawn(&child, "/bin/true", NULL, NULL, arguments, environment);

	return r != 0 ? -r : wait_for(child);
}

/* Its flags are in memory, where no filter looks. */
int clone_child_by_memory(void)
{
	uint64_t arguments[8] = { [4] = SIGCHLD }; /* struct clone_args */
	long child = syscall(SYS_clone3, arguments, sizeof(arguments));

	if (child == 0)
		_exit(0);
	return child < 0 ? -errno : wait_for((pid_t)child);
}

/* Without the sandbox the program is not there. */
int execute(void)
{
	char *arguments[] = { (char *)(uintptr_t) "none", NULL };
	char *environment[] = { NULL };

	execve("/nonexistent", arguments, environment);
	return errno == ENOENT ? 0 : -errno;
}

static int in_thread(void *(*run)(void *))
{
	pthread_t thread;
	void *result = NULL;
	int r = pthread_create(&thread, NULL, run, NULL);

	if (r != 0)
		return -r;
	pthread_join(thread, &result);
	return (int)(intptr_t)result;
}

static void *add_numbers(void *argument)
{
	return argument;
}

int start_thread(void)
{
	return in_thread(add_numbers);
}

static void *read_there(void *argument)
{
	(void)argument;
	return (void *)(intptr_t)read_outside(); /* NOLINT */
}

int refuse_in_thread(void)
{
	return in_thread(read_there);
}

static void *fork_there(void *argument)
{
	sigset_t all;

	(void)argument;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, NULL);
	return (void *)(intptr_t)fork_child(); /* NOLINT */
}

int fork_in_thread_without_signals(void)
{
	return in_thread(fork_there);
}

int trace_parent(void)
{
	/* Ends with this process, and stops nobody. */
	return ptrace(PTRACE_SEIZE, getppid(), NULL, NULL) < 0 ? -errno : 0;
}

static int open_of_parent(const char *name)
{
	char path[64];
	char byte;
	int fd, r;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)getppid(), name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* Memory begins with nothing: -EIO is an answer. */
	r = read(fd, &byte, 1) < 0 && errno != EIO ? -errno : 0;
	close(fd);
	return r;
}

int read_parent_memory(void)
{
	return open_of_parent("mem");
}

int read_parent_environment(void)
{
	return open_of_parent("environ");
}

int copy_parent_memory(void)
{
	static char here[16], there[16];
	struct iovec to = { here, sizeof(here) };
	/* The parent has the same program at the same place. */
	struct iovec from = { there, sizeof(there) };

	return process_vm_readv(getppid(), &to, 1, &from, 1, 0) < 0 ? -errno : 0;
}

int take_parent_descriptor(void)
{
	long process = syscall(SYS_pidfd_open, getppid(), 0);

	if (process < 0)
		return -errno;
	return syscall(SYS_pidfd_getfd, process, 0, 0) < 0 ? -errno : 0;
}

int signal_parent(void)
{
	return kill(getppid(), SIGCONT) < 0 ? -errno : 0;
}

int signal_parent_by_descriptor(void)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	return fcntl(ends[0], F_SETOWN, getppid()) < 0 ? -errno : 0;
}

int signal_group(void)
{
	return kill(0, SIGCONT) < 0 ? -errno : 0;
}

int signal_itself(void)
{
	signal(SIGUSR1, SIG_IGN);
	if (kill(getpid(), SIGUSR1) < 0)
		return -errno;
	return raise(SIGUSR1) == 0 ? 0 : -errno;
}

int signal_child(void)
{
	pid_t child = fork();
	int status;

	if (child < 0)
		return -errno;
	if (child == 0) {
		for (;;)
			pause();
	}
	if (kill(child, SIGKILL) < 0)
		return -errno;
	return waitpid(child, &status, 0) == child && WIFSIGNALED(status) ? 0 : -ECHILD;
}
