/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program while it runs: a process that leads a group of its own, and its pipes.
 *
 * When it ended is found by looking (waitpid) and not by SIGCHLD, which belongs to the
 * process that hosts the plugin; its pipes tell when to look.
 */
#ifndef EXEC_PROGRAM_H
#define EXEC_PROGRAM_H

#include "launch.h"
#include "lines.h"

struct program {
	pid_t pid; /* 0: it does not run */
	int in;    /* its standard input; -1: it has none */
	int failure;
	struct lines out, err;
};

enum { PROGRAM_WHY_SIZE = 256, MESSAGE_SIZE = 500 };

/* 0 or -ENOMEM. */
int program_init(struct program *program, size_t max_line);
void program_finish(struct program *program);

/* has_input: whether it gets a pipe as standard input. 0 or a negative errno. */
int program_start(struct program *program, const struct launch *launch, bool has_input);

/* Whether it has ended; its group is killed then, nothing of it is left, and why says
 * how it ended, such as "it was ended by signal 11 (Segmentation fault)". Empty: with
 * status 0. What it wrote can still be read. */
bool program_look(
	struct program *program, const struct launch *launch, char why[PROGRAM_WHY_SIZE]);

/* To its group. */
void program_signal(const struct program *program, int signal);

/* 0; -EPIPE: nobody reads; -EAGAIN: it does not read. */
int program_write(const struct program *program, const char *text, size_t n);

/* Closes the pipes of one that ended. */
void program_close(struct program *program);

/* Ends one that runs, without waiting for it: asks it with SIGTERM, and a thread of its
 * own sees to it, with SIGKILL after grace_ns. */
void program_leave(struct program *program, int64_t grace_ns);

#endif
