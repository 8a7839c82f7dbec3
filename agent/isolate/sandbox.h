/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sandbox of a process that hosts plugins: it grants what the plugin's `needs`
 * name, and nothing else (docs/ISOLATION.md, The sandbox). It is entered once, before
 * the plugin is loaded, and there is no way out.
 *
 * What is refused is told: as far as it can be seen, the instance that the thread is
 * calling gets a reason that names the missing need (host/call.h, call_refused). The C
 * library and the kernel are the only dependencies: a kernel that lacks a part of this
 * leaves the others.
 */
#ifndef ISOLATE_SANDBOX_H
#define ISOLATE_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;

/* What an option with RK_PATH_READ or RK_PATH_WRITE names. Rules are about what the path
 * leads to when the sandbox is entered: what is not there then is not granted, and a
 * file that is replaced later is another one, so folders are the better choice. */
struct sandbox_path {
	const char *path; /* absolute; a file or a folder with all that is below it */
	bool write;
};

/* 0: the defaults of docs/ISOLATION.md. */
struct sandbox_limits {
	uint64_t memory;      /* bytes of data: what malloc and stacks may take */
	uint64_t files;       /* descriptors; what is open already counts */
	uint64_t processes;   /* of the user in all, threads too; not for root */
	uint64_t file_size;   /* bytes of a file that it writes */
	uint64_t cpu_seconds; /* in all of its life; default: no limit */
};

/* Borrowed for the call. */
struct sandbox_options {
	uint32_t needs; /* RK_NEED_* */
	const struct sandbox_path *paths;
	size_t n_paths;
	/* What stays closed to RK_NEED_FILES: the agent's configuration, state and
	 * secrets. Absolute paths without symbolic links. */
	const char *const *hidden;
	size_t n_hidden;
	const char *state_folder; /* where RK_NEED_WRITE may write; NULL: nowhere */
	int plugin;               /* an open descriptor of the plugin's file; -1: none */
	struct sandbox_limits limits;
};

/* Enters the sandbox, for good. The process has one thread and is the child of the
 * agent. 0, or a negative errno with the reason appended to why, and then the process
 * is of no more use. What this kernel or machine lacks is appended to ret_missing, a
 * sentence a line, and is no error.
 *
 * Afterwards SIGSYS belongs to the sandbox (not with RK_NEED_EXEC): it cannot be
 * blocked, and another handler for it is refused with -EINVAL. */
int sandbox_enter(const struct sandbox_options *options, struct buffer *ret_missing,
	struct buffer *why);

/* What was refused to a thread that calls no instance, such as one that a plugin made,
 * since this was last asked; NULL: nothing. The text lives forever. Any thread. */
const char *sandbox_refused(void);

#endif
