/* SPDX-License-Identifier: Apache-2.0 */
/* What the files behind agent.h share. */
#ifndef AGENT_INTERNAL_H
#define AGENT_INTERNAL_H

#include "agent.h"
#include "base/random.h"
#include "collect/intake.h"
#include "collect/scheduler.h"
#include "deliver/delivery.h"
#include "loop/mailbox.h"
#include "loop/ticker.h"

#include <uv.h>

/* Those that stop the agent. */
#define AGENT_SIGNALS 2

/* agent_stop.c draws the way through them. */
enum agent_state {
	AGENT_RUNNING,
	AGENT_ENDING_COLLECTORS,
	AGENT_ENDING_SINKS,
	AGENT_CLOSING_SINKS,
	AGENT_CLOSING_JOURNAL,
};

struct agent {
	struct agent_options options;
	enum agent_state state;
	uv_loop_t loop;
	bool loop_is_open;
	struct ticker ticker;
	struct mailbox instances;
	uv_signal_t signals[AGENT_SIGNALS];
	struct random random;
	int lock;
	struct journal *journal;
	char *journal_folder, *cursor_folder; /* owned */
	struct delivery **deliveries;         /* owned: n */
	size_t n_deliveries, n_open_deliveries;
	struct intake **intakes; /* owned: n */
	size_t n_intakes, n_resting;
	struct scheduler scheduler;
	struct timer second, watchdog, deadline;
	int exit_status;
};

/* How many timers of its own the agent has. */
#define AGENT_TIMERS 3

static inline struct timers *agent_timers(struct agent *agent)
{
	return &agent->ticker.timers;
}

size_t agent_count_parked(const struct agent *agent);

/* Begins the stop; a second call changes nothing. */
void agent_stop(struct agent *agent);

/* Closes what was built so far of an agent that cannot run. */
void agent_take_down(struct agent *agent);

/* What happens on the way. */
int agent_watch_signals(struct agent *agent);
void agent_on_collector_rest(void *context, struct intake *intake);
void agent_on_delivery_idle(void *context, struct delivery *delivery);
void agent_on_deadline(struct timer *timer);

#endif
