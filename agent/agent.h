/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The agent: builds everything from a configuration, runs it on one loop, and stops
 * it in order: collectors, then what is left for the sinks, then the journal.
 */
#ifndef AGENT_H
#define AGENT_H

#include "catalogue.h"
#include "config/config.h"

#include <stdbool.h>
#include <stdint.h>

struct agent;
struct delivery_status;

struct agent_options {
	struct config *config;             /* the agent takes a reference */
	const char *config_path;           /* for reloads; outlives the agent */
	struct agent_catalogue *catalogue; /* likewise */
	bool once; /* run every collector once, deliver all, stop */
	/* Called every second while it runs, for a status line; may be NULL. */
	void (*on_second)(void *context, const struct agent *agent);
	void *context;
};

/* Opens the state folder, the journal and the sinks and builds the collectors.
 * Problems are logged. NULL: the agent cannot run. Blocks on files. */
struct agent *agent_create(const struct agent_options *options);

/* Runs until it is told to stop, or with once until all is done. Returns the exit
 * status of the process: 0, or 1 where a run failed (once) or something had to be
 * left behind at the stop. Does not return where a plugin hangs: the process ends. */
int agent_run(struct agent *agent);

/* Only after agent_run. Accepts NULL. */
void agent_destroy(struct agent *agent);

struct agent_status {
	uint64_t runs, failed_runs, samples, events;
	size_t n_collectors, n_failing, n_parked, n_sinks;
};

void agent_status(const struct agent *agent, struct agent_status *ret_status);

/* The i-th sink's status. */
void agent_sink_status(
	const struct agent *agent, size_t i, struct delivery_status *ret_status);

#endif
