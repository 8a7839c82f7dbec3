/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The children that host plugins: one for each plugin in use, and one for each collector
 * that asks for its own or whose calls have ended a shared one twice. They are made when
 * they are needed, and end when nobody needs them.
 *
 * One that dies is made anew with the next run that is due, at once after the first
 * time; after more, not before a growing delay is over, and when it has died too often
 * in a while it is left alone for long (children_open). All functions are the loop's.
 */
#ifndef ISOLATE_CHILDREN_H
#define ISOLATE_CHILDREN_H

#include "guest.h"
#include "host/runner.h"

struct buffer;
struct children;
struct host_shared;
struct plugin_file;
struct random;

struct children_options {
	const struct host_shared *shared; /* outlives the children */
	struct random *random;            /* likewise */
	int program;                      /* plugin-host, open; stays the caller's */
	/* Where plugins may write, each in a folder of its own; NULL: nowhere. Copied. */
	const char *state_folder;
	struct rk_list
		hidden; /* closed to all plugins: sandbox.h; outlives the children */
	/* All children are gone, and so is the struct. */
	void (*on_closed)(void *context);
	void *context;
};

/* What one runner needs. Borrowed until children_open returns, but for plugin, and the
 * values and tenants in open, which outlive the runner. */
struct lodging {
	const struct plugin_file *plugin;
	struct wire_open open;
	bool alone; /* in a child of its own */
};

/* NULL: memory ran out. */
struct children *children_create(const struct children_options *options);

/* What the configuration gives one collector of a plugin: children that are made from
 * now on are given it from their beginning, so that all collectors can share one. 0 or
 * -ENOMEM. */
int children_expect(
	struct children *children, const char *plugin, const struct values *values);

/* Nothing is expected any more: the configuration is another one. */
void children_forget_expected(struct children *children);

/* The configuration was loaded anew: children that died too often are tried again, and
 * all log as much as the agent does now. */
void children_reloaded(struct children *children);

/* A runner in a child. 0; -EAGAIN: not now, since children of this kind died too often;
 * or another negative errno. A reason is appended to why. */
int children_open(struct children *children, const struct lodging *lodging,
	struct runner_listener *listener, struct runner **ret_runner, struct buffer *why);

/* Ends all children; no runner is left but such that hang. on_closed comes on a later
 * turn of the loop, at the latest after a bound. Accepts NULL. */
void children_close(struct children *children);

#endif
