/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A collector in the agent: the state machine with a plugin's instance on one side
 * and the journal on the other.
 */
#ifndef COLLECT_INTAKE_H
#define COLLECT_INTAKE_H

#include "collector.h"
#include "config/config.h"
#include "isolate/plugin_file.h"

struct intake;
struct children;
struct host_shared;
struct journal;
struct object;

struct intake_options {
	const struct collector_settings *settings; /* outlives the intake */
	const char *host;                          /* agent.host; outlives it too */
	const struct plugin_file *plugin;          /* likewise */
	const struct object *object; /* likewise, where isolation is none; else NULL */
	struct children *children;
	struct journal *journal;
	const struct host_shared *shared; /* of instances */
	struct random *random;
	bool once;
	/* The collector has come to rest (collector.h). */
	void (*on_rest)(void *context, struct intake *intake);
	void *context;
};

struct intake {
	struct collector collector;
	struct collector_services services;
	struct intake_options options;
	char *identity; /* owned */
	struct journal_source *source;
};

/* 0 or -ENOMEM. */
int intake_create(const struct intake_options *options, struct intake **ret_intake);

/* After the journal is closed, or before anything was started. Accepts NULL. */
void intake_destroy(struct intake *intake);

/* Makes a runner where the settings want it. Of options, settings, plugin, object,
 * children and shared count. 0 or a negative errno, with a reason in collector->why. */
struct state;
int intake_open_runner(const struct intake_options *options, const struct state *state,
	struct collector *collector, struct runner **ret_runner);

/* "<host>/<collector id>", or what configuration says; owned by the caller, NULL
 * where memory ran out. */
char *intake_identity(const struct collector_settings *settings, const char *host);

/* The source's definition of a collector: borrowed from what is given. */
struct source_view intake_source(const struct collector_settings *settings,
	const char *host, const char *identity);

#endif
