/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An instance of a plugin in this process: its struct with the options filled in,
 * the services that it gets, and its life from start to stop. It is a runner
 * (host/runner.h).
 *
 * The plugin's functions are called on the loop's thread or, with RK_BLOCKING, on
 * a thread of the instance's own.
 */
#ifndef HOST_INSTANCE_H
#define HOST_INSTANCE_H

#include "host/object.h"
#include "host/runner.h"
#include "model/value.h"

struct call_place;
struct host_shared;
struct state;

struct instance_options {
	const char *id;              /* the collector's, for the log; copied */
	const struct object *object; /* outlives the instance */
	const struct values *values; /* of its options; borrowed until create returns */
	const struct state *state;   /* the collector's, committed; copied */
	size_t max_series;
	/* Which tenants a series may name: "*" any, none: none at all. Borrowed until
	 * create returns. */
	struct rk_list tenants;
	/* Which series are left out, and which alone are not: tables of struct match
	 * (model/match.h), of metrics and labels. Likewise. */
	struct rk_table drop, keep;
	/* Whether its requests may go to private and other special addresses. */
	bool allows_special;
	const struct host_shared *shared; /* outlives the instance */
	/* Where to note what it is called with; outlives it. NULL: nobody looks. */
	struct call_place *place;
};

/* 0, -ENOMEM. Destroyed through its ops. */
int instance_create(const struct instance_options *options,
	struct runner_listener *listener, struct runner **ret_runner);

/* Fills in the options of a plugin and has its check look at them. on_fault is told
 * of each fault. 0 or -ENOMEM. */
int instance_check(const struct object *object, const struct values *values,
	void (*on_fault)(void *context, const char *path, const char *text),
	void *context);

#endif
