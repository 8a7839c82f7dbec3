/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One child that hosts a plugin, as the agent sees it: its process, its connection, what
 * it writes to its output, and the runners that live in it.
 *
 *	STARTING -> READY -> ENDING -> TERMINATED -> KILLED -> gone
 *
 * It is given what its runners need from the first moment on; it reads that when it is
 * ready. ENDING: nobody needs it, and its connection is closed. TERMINATED, KILLED: it
 * was sent SIGTERM, and SIGKILL where that did not help.
 */
#ifndef ISOLATE_CHILD_H
#define ISOLATE_CHILD_H

#include "base/list.h"
#include "base/timers.h"
#include "channel.h"
#include "child_output.h"
#include "grants.h"
#include "page.h"
#include "process.h"

struct child;
struct host_shared;
struct plugin_file;
struct remote;

enum child_state {
	CHILD_STARTING,
	CHILD_READY,
	CHILD_ENDING,
	CHILD_TERMINATED,
	CHILD_KILLED,
};

/* How a child ended, for whoever keeps count. */
struct child_end {
	bool wanted;        /* it was asked to */
	const char *why;    /* a line */
	const char *blamed; /* the collector in whose call it ended; NULL: nobody knows */
};

struct child_options {
	const struct host_shared *shared;
	const struct plugin_file *plugin;
	int program;
	const char *only;             /* the one collector that it is for; NULL: shared */
	struct grants *grants;        /* taken over */
	const char *state_folder;     /* with those of all plugins; NULL: none */
	const struct rk_list *hidden; /* sandbox.h */
	/* What the machine lacks for the sandbox, a sentence a line. */
	void (*on_missing)(void *context, struct slice sentences);
	/* It has died, its runners have not heard of it yet. */
	void (*on_died)(void *context, struct child *child, const struct child_end *end);
	/* Its last runner has left. */
	void (*on_empty)(void *context, struct child *child);
	/* It is freed when this returns. */
	void (*on_gone)(void *context, struct child *child);
	void *context;
};

struct child {
	struct list link; /* the owner's */
	struct child_options options;
	char *only;         /* owned */
	char *state_folder; /* owned; the plugin's own */
	struct grants grants;
	enum child_state state;
	struct process process;
	bool exited;
	int status; /* as waitpid(2) has it, once it exited */
	uv_poll_t exit_poll;
	struct child_output output;
	struct channel channel;
	bool channel_ended;
	struct page *page;                           /* owned */
	struct remote *remotes[CHILD_MAX_INSTANCES]; /* borrowed, by number */
	size_t n_remotes;
	struct timer deadline;
	char why[512];     /* why it was ended by the agent; empty: it was not */
	char offender[80]; /* the collector that made that necessary; empty: nobody */
	unsigned int n_closing;
};

/* Starts a process. 0 or a negative errno. */
int child_create(const struct child_options *options, struct child **ret_child);

/* A number for one more runner; negative: there is none free. */
int child_add(struct child *child, struct remote *remote);

/* The runner is not in it any more. */
void child_remove(struct child *child, const struct remote *remote);

static inline bool child_takes_more(const struct child *child)
{
	return child->state <= CHILD_READY && child->n_remotes < CHILD_MAX_INSTANCES;
}

/* Ends it in order: nobody is in it. */
void child_end(struct child *child);

/* SIGTERM now, SIGKILL soon. offender: the collector's id; NULL: it is nobody's fault. */
void child_terminate(struct child *child, const char *offender, const char *why);

/* SIGKILL now. */
void child_kill(struct child *child, const char *offender, const char *why);

#endif
