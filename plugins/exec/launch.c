/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fork and exec. Between the two only what signal-safety(7) allows is called, since
 * other threads of this process may have held any lock.
 */
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

enum { STEP_START, STEP_FOLDER, STEP_PREPARE };

const char *launch_step(int step)
{
	static const char *const steps[] = {
		[STEP_START] = "cannot start",
		[STEP_FOLDER] = "cannot enter the folder of",
		[STEP_PREPARE] = "cannot prepare",
	};

	return steps[step >= 0 && step <= STEP_PREPARE ? step : STEP_START];
}

/* ---- the environment ------------------------------------------------------- */

static bool is_named(const struct settings *settings, const char *name)
{
	const struct secret_row *secrets = settings->secrets.rows;

	for (size_t i = 0; i < settings->environment.n; i++) {
		if (strcmp(settings->environment.items[i].name, name) == 0)
			return true;
	}
	for (size_t i = 0; i < settings->secrets.n; i++) {
		if (strcmp(secrets[i].name, name) == 0)
			return true;
	}
	return false;
}

static int add_variable(
	struct launch *launch, size_t *n, const char *name, const char *value)
{
	if (asprintf(&launch->environment[*n], "%s=%s", name, value) < 0) {
		launch->environment[*n] = NULL;
		return -ENOMEM;
	}
	(*n)++;
	return 0;
}

/* PATH and LANG, unless they are configured, and what is configured. */
static int make_environment(struct launch *launch, const struct settings *settings)
{
	const struct rk_label *variables = settings->environment.items;
	const struct secret_row *secrets = settings->secrets.rows;
	const char *path = getenv("PATH"), *lang = getenv("LANG");
	size_t n = 0;
	int r = 0;

	launch->environment = calloc(settings->environment.n + settings->secrets.n + 3,
		sizeof(*launch->environment));
	if (!launch->environment)
		return -ENOMEM;
	if (!is_named(settings, "PATH"))
		r = add_variable(launch, &n, "PATH", path ? path : DEFAULT_PATH);
	if (r == 0 && lang && !is_named(settings, "LANG"))
		r = add_variable(launch, &n, "LANG", lang);
	for (size_t i = 0; r == 0 && i < settings->environment.n; i++)
		r = add_variable(launch, &n, variables[i].name, variables[i].value);
	for (size_t i = 0; r == 0 && i < settings->secrets.n; i++)
		r = add_variable(launch, &n, secrets[i].name, secrets[i].value.text);
	return r;
}

/* ---- the program's file ----------------------------------------------------- */

static const char *path_of(const struct launch *launch)
{
	for (size_t i = 0; launch->environment[i]; i++) {
		if (strncmp(launch->environment[i], "PATH=", 5) == 0)
			return launch->environment[i] + 5;
	}
	return DEFAULT_PATH;
}

static int find_program(struct launch *launch, const char *name)
{
	const char *folder = path_of(launch);

	if (strchr(name, '/')) {
		launch->path = strdup(name);
		return launch->path ? 0 : -ENOMEM;
	}
	for (;;) {
		size_t n = strcspn(folder, ":");

		if (asprintf(&launch->path, "%.*s/%s", (int)n, folder, name) < 0) {
			launch->path = NULL;
			return -ENOMEM;
		}
		if (n > 0 && access(launch->path, X_OK) == 0)
			return 0;
		free(launch->path);
		launch->path = NULL;
		if (!folder[n])
			return -ENOENT;
		folder += n + 1;
	}
}

int launch_init(struct launch *launch, const struct settings *settings)
{
	size_t n = settings->command.n;
	int r;

	if (n == 0)
		return -EINVAL;
	launch->folder = settings->folder;
	launch->arguments = calloc(n + 1, sizeof(*launch->arguments));
	if (!launch->arguments)
		return -ENOMEM;
	/* execve takes them as they are and changes none. */
	memcpy(launch->arguments, settings->command.items,
		n * sizeof(*launch->arguments));
	r = make_environment(launch, settings);
	return r < 0 ? r : find_program(launch, launch->arguments[0]);
}

void launch_finish(struct launch *launch)
{
	for (size_t i = 0; launch->environment && launch->environment[i]; i++) {
		explicit_bzero(launch->environment[i], strlen(launch->environment[i]));
		free(launch->environment[i]);
	}
	free(launch->environment);
	free(launch->arguments);
	free(launch->path);
	*launch = (struct launch){ 0 };
}

/* ---- the child --------------------------------------------------------------- */

__attribute__((noreturn)) static void give_up(const struct launch_ends *ends, int step)
{
	const struct launch_failure failure = { step, errno };
	ssize_t n = write(ends->failure, &failure, sizeof(failure));

	(void)n; /* then the exit status alone tells of it */
	_exit(127);
}

/* What this process ignores or blocks, the program need not know of. */
static void reset_signals(void)
{
	struct sigaction standard = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		(void)sigaction(i, &standard, NULL);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Out of the way of the first three, which a process that hosts us may have closed. */
static int move_up(int fd)
{
	return fd <= STDERR_FILENO ? fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1) : fd;
}

__attribute__((noreturn)) static void become(
	const struct launch *launch, const struct launch_ends *given, pid_t parent)
{
	const struct launch_ends moved = {
		move_up(given->in >= 0 ? given->in
				       : open("/dev/null", O_RDONLY | O_CLOEXEC)),
		move_up(given->out),
		move_up(given->err),
		move_up(given->failure),
	};
	const struct launch_ends *ends = &moved;

	if (setpgid(0, 0) < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		give_up(ends, STEP_PREPARE);
	if (getppid() != parent) /* it died before that could tell */
		_exit(127);
	if (dup2(ends->in, STDIN_FILENO) < 0 || dup2(ends->out, STDOUT_FILENO) < 0 ||
		dup2(ends->err, STDERR_FILENO) < 0)
		give_up(ends, STEP_PREPARE);
	/* Ours are closed on exec; this is for those of others in this process. */
	(void)close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
	if (chdir(launch->folder) < 0)
		give_up(ends, STEP_FOLDER);
	reset_signals();
	execve(launch->path, launch->arguments, launch->environment);
	give_up(ends, STEP_START);
}

pid_t launch_start(const struct launch *launch, const struct launch_ends *ends)
{
	pid_t parent = getpid(), pid;
	sigset_t all, before;

	/* No handler of this process may run in the child. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (pid == 0)
		become(launch, ends, parent);
	if (pid < 0)
		pid = -errno;
	else
		(void)setpgid(pid, pid); /* whoever of the two comes first */
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return pid;
}
