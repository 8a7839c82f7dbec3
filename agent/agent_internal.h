/* SPDX-License-Identifier: Apache-2.0 */
/* What the files behind agent.h share. */
#ifndef AGENT_INTERNAL_H
#define AGENT_INTERNAL_H

#include "admin/socket.h"
#include "agent.h"
#include "base/random.h"
#include "collect/intake.h"
#include "collect/own_events.h"
#include "collect/scheduler.h"
#include "deliver/delivery.h"
#include "host/buckets.h"
#include "host/secret_files.h"
#include "host/shared.h"
#include "isolate/children.h"
#include "loop/mailbox.h"
#include "loop/ticker.h"
#include "net/http_network.h"

#include <uv.h>

/* Those that stop the agent, and that which asks for a reload. */
#define AGENT_SIGNALS 3

/* Paths that are closed to plugins, at most. */
#define AGENT_HIDDEN 4

/* agent_stop.c draws the way through them. */
enum agent_state {
	AGENT_RUNNING,
	AGENT_ENDING_COLLECTORS,
	AGENT_ENDING_SINKS,
	AGENT_CLOSING_SINKS,
	AGENT_CLOSING_JOURNAL,
};

/* A collector that runs, and the configuration that it was made from. */
struct agent_collector {
	struct list link;
	struct agent *agent;
	struct intake *intake;
	const struct plugin_file *plugin;
	struct config *config; /* a reference, for the settings */
	const struct collector_settings *settings;
	bool leaves; /* was asked to stop, since the configuration changed */
	bool rests;  /* has stopped, or had its only run */
};

/* Likewise a sink. */
struct agent_sink {
	struct list link;
	struct agent *agent;
	struct delivery *delivery;
	struct config *config;
	const struct sink_settings *settings;
	bool leaves;
};

/* A reload on its way: agent_reload.c. */
struct agent_reload {
	uv_work_t work;
	bool loading; /* the job has what follows up to the next comment */
	struct config *config;
	struct buffer text; /* what is wrong with it */
	size_t n_errors;
	bool again;              /* asked for once more meanwhile */
	bool applying;           /* something that changed has not stopped yet */
	struct admin_call *call; /* who waits for it; NULL: nobody */
	struct buffer summary;
};

struct agent {
	struct agent_options options;
	enum agent_state state;
	bool is_started; /* the schedule stands */
	uv_loop_t loop;
	bool loop_is_open;
	struct ticker ticker;
	struct mailbox instances;
	struct host_shared shared;
	struct children *children;        /* owned */
	char *hidden_paths[AGENT_HIDDEN]; /* owned; what plugins may not read */
	struct rk_list hidden;            /* ... as children are told */
	struct http_network network;      /* for plugins that speak HTTP */
	struct buckets buckets;
	struct secret_files secrets;
	uv_signal_t signals[AGENT_SIGNALS];
	struct random random;
	int lock;
	struct journal *journal;
	struct own_events *events; /* owned */
	/* Owned. */
	char *journal_folder, *cursor_folder, *dead_letter_folder, *plugin_folder,
		*secret_folder;
	struct curl_loop *curl; /* owned; for sinks and plugins that speak HTTP */
	/* What counts for collectors and sinks; of what counts from the start on alone
	 * there is options.config. A reference. */
	struct config *config;
	struct list collectors, sinks; /* of struct agent_collector, agent_sink */
	struct list changes;           /* of struct agent_change: agent_change.c */
	struct scheduler scheduler;
	struct admin_socket *control; /* NULL: there is none */
	struct agent_reload reload;
	size_t n_purges; /* of dead letters, on their way: agent_letters.c */
	struct timer second, watchdog, deadline, tidy;
	int exit_status;
};

/* How many timers of its own the agent has. */
#define AGENT_TIMERS 4

static inline struct timers *agent_timers(struct agent *agent)
{
	return &agent->ticker.timers;
}

static inline struct agent_collector *agent_collector_of(struct list *link)
{
	return container_of(link, struct agent_collector, link);
}

static inline struct agent_sink *agent_sink_of(struct list *link)
{
	return container_of(link, struct agent_sink, link);
}

/* ---- agent_reconcile.c ------------------------------------------------- */

/* Brings collectors and sinks in line with agent->config: ends those that changed or
 * are gone and makes those that are not there; the others are not touched. The first
 * error of making one; the others are made all the same. */
int agent_reconcile(struct agent *agent);

/* Whether a collector with this id is there still. */
bool agent_has_collector(const struct agent *agent, const char *id);

/* Asks one to come to rest; it is made anew then, where it is configured. */
void agent_end_collector(struct agent *agent, const char *id);

/* How many collectors and sinks were asked to go and have not gone. */
size_t agent_count_leaving(const struct agent *agent);

/* Frees what has stopped and goes on: agent->tidy. */
void agent_on_tidy(struct timer *timer);

void agent_collector_destroy(struct agent_collector *entry);
void agent_sink_close(struct agent_sink *entry);

/* ---- agent_reload.c ---------------------------------------------------- */

/* Loads the configuration again and applies it. call: who is told of it; NULL:
 * nobody. */
void agent_reload(struct agent *agent, struct admin_call *call);

/* Something has left. */
void agent_reload_go_on(struct agent *agent);

/* The agent ends: whoever waits is told. */
void agent_reload_end(struct agent *agent);

/* ---- agent_health.c ---------------------------------------------------- */

void agent_on_journal_health(void *context, int result);
void agent_on_delivery_losing(void *context, struct delivery *delivery, bool losing);

/* ---- agent_change.c ---------------------------------------------------- */

/* Changes what a collector remembers and answers the call when that is committed. */
void agent_change_state(struct agent *agent, struct admin_call *call, json_t *request);

/* Whether a change waits for the collector with this id to be gone, or is on its way. */
bool agent_is_changing(const struct agent *agent, const char *collector);

/* Makes the changes whose collector has come to rest; at the end, gives up those that
 * have not begun. */
void agent_changes_go_on(struct agent *agent);
void agent_changes_end(struct agent *agent);

/* ---- agent_letters.c --------------------------------------------------- */

/* Replays or purges dead letters and answers the call when that has ended. */
void agent_handle_letters(struct agent *agent, struct admin_call *call, json_t *request);

/* ---- agent_control.c --------------------------------------------------- */

/* Listens on the control socket; where that does not work the agent runs without. */
void agent_open_control(struct agent *agent);

/* ---- agent_stop.c ------------------------------------------------------ */

size_t agent_count_parked(const struct agent *agent);

/* Begins the stop; a second call changes nothing. */
void agent_stop(struct agent *agent);

/* Closes what was built so far of an agent that cannot run. */
void agent_take_down(struct agent *agent);

/* What happens on the way. */
int agent_watch_signals(struct agent *agent);
void agent_on_collector_rest(void *context, struct intake *intake);
void agent_on_sink_closed(void *context, struct delivery *delivery);
void agent_on_delivery_idle(void *context, struct delivery *delivery);
void agent_on_deadline(struct timer *timer);
void agent_on_children_closed(void *context);

#endif
