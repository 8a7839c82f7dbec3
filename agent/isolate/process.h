/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A child process, made from a program that was opened before and not from a path: an
 * upgrade that replaces the file does not reach an agent that runs.
 *
 * It has a process group of its own, no environment but what is given here, default
 * signals, and these descriptors alone: 0 nothing, 1 and 2 where its output goes, then
 * the given ones from 3 on.
 */
#ifndef ISOLATE_PROCESS_H
#define ISOLATE_PROCESS_H

#include <stddef.h>
#include <sys/types.h>

/* Descriptors of a child that hosts plugins, behind standard input and output. */
enum process_file {
	PROCESS_WIRE = 3,
	PROCESS_PAGE,
	PROCESS_PLUGIN,
	PROCESS_PROGRAM, /* closed by the program first of all */
	PROCESS_FILES,
};

struct process_options {
	int program;       /* opened for reading */
	const char *title; /* its argument, for people who look at processes */
	int output, wire, page, plugin;
};

struct process {
	pid_t pid;
	int pidfd; /* owned; readable once it has ended (pidfd_open(2)) */
};

/* All descriptors stay the caller's. 0 or a negative errno. Returns once the program has
 * begun, which takes as long as the kernel takes to map it. Any thread. */
int process_spawn(const struct process_options *options, struct process *ret_process);

/* Sends a signal to the process and its group. It has not been waited for. */
void process_signal(const struct process *process, int number);

/* What the process came to, as waitpid(2) has it; the process is gone then, and what is
 * left of its group is killed. -EAGAIN: it has not ended. */
int process_wait(const struct process *process, int *ret_status);

/* It was waited for. */
void process_finish(struct process *process);

/* Kills it and waits for it, which takes no longer than the kernel needs. */
void process_end(struct process *process);

#endif
