/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A collector in the agent: the state machine with a plugin's instance on one side
 * and the journal on the other.
 */
#ifndef COLLECT_INTAKE_H
#define COLLECT_INTAKE_H

#include "collector.h"
#include "config/config.h"
#include "host/object.h"

struct intake;
struct host_shared;
struct journal;

struct intake_options {
	const struct collector_settings *settings; /* outlives the intake */
	const char *host;                          /* agent.host; outlives it too */
	const struct object *object;               /* likewise */
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

/* "<host>/<collector id>", or what configuration says; owned by the caller, NULL
 * where memory ran out. */
char *intake_identity(const struct collector_settings *settings, const char *host);

/* The source's definition of a collector: borrowed from what is given. */
struct source_view intake_source(const struct collector_settings *settings,
	const char *host, const char *identity);

#endif
