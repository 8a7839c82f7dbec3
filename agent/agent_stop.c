/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way of a stop, which a signal or the end of --once begins:
 *
 *	RUNNING -> ENDING_COLLECTORS -> ENDING_SINKS -> CLOSING_SINKS -> CLOSING_JOURNAL
 *
 * Collectors end their runs, what they committed is synced, sinks get what is left,
 * and all of this together has agent.stop_timeout. When that is over, what hangs is
 * left behind: the journal keeps it for the next start. A second signal ends the
 * process at once, which loses no more than a crash does.
 */
#include "agent_internal.h"

#include "base/log.h"
#include "base/macros.h"
#include "journal/journal.h"
#include "journal/lock.h"
#include "net/curl_loop.h"
#include "notify.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What closing files and threads may take once nothing is waited for any more. */
#define CLOSE_TIMEOUT_NS (5 * NS_PER_SECOND)

static const int watched_signals[AGENT_SIGNALS] = { SIGTERM, SIGINT, SIGHUP };

/* ---- stopping ---------------------------------------------------------- */

static void agent_go_on(struct agent *agent);

static void agent_enter(struct agent *agent, enum agent_state state)
{
	agent->state = state;
	agent_go_on(agent);
}

size_t agent_count_parked(const struct agent *agent)
{
	size_t n = 0;

	list_each(link, &agent->collectors) n +=
		agent_collector_of(link)->intake->collector.state == COLLECTOR_PARKED;
	return n;
}

/* How many collectors have not come to rest. */
static size_t count_busy(const struct agent *agent)
{
	size_t n = 0;

	list_each(link, &agent->collectors) n += !agent_collector_of(link)->rests;
	return n;
}

/* Ends the process where threads are left that nobody can end. */
static void agent_leave(struct agent *agent)
{
	log_warning("agent", "stopped; left behind: %zu of %zu collectors",
		agent_count_parked(agent) + count_busy(agent),
		list_length(&agent->collectors));
	log_set_status(NULL);
	_exit(1);
}

static void close_loop(struct agent *agent)
{
	timers_unset(agent_timers(agent), &agent->second);
	timers_unset(agent_timers(agent), &agent->watchdog);
	timers_unset(agent_timers(agent), &agent->deadline);
	timers_unset(agent_timers(agent), &agent->tidy);
	scheduler_finish(&agent->scheduler);
	agent_reload_end(agent);
	admin_close(agent->control);
	agent->control = NULL;
	for (size_t i = 0; i < AGENT_SIGNALS; i++)
		uv_close((uv_handle_t *)&agent->signals[i], NULL);
	mailbox_close(&agent->instances, NULL);
	own_events_destroy(agent->events);
	agent->events = NULL;
	buckets_finish(&agent->buckets);
	curl_loop_destroy(agent->curl);
	agent->curl = NULL;
	timers_release(agent_timers(agent), AGENT_TIMERS);
	ticker_close(&agent->ticker);
}

void agent_on_children_closed(void *context)
{
	struct agent *agent = context;

	agent->children = NULL;
	close_loop(agent);
}

/* No runner is left in them. */
static void end_children(struct agent *agent)
{
	list_each(link, &agent->collectors)
		agent_collector_destroy(agent_collector_of(link));
	if (agent->children)
		children_close(agent->children);
	else
		close_loop(agent);
}

static void on_journal_closed(void *context)
{
	struct agent *agent = context;

	agent->journal = NULL;
	lock_release(agent->lock);
	agent->lock = -1;
	if (count_busy(agent) > 0 || agent_count_parked(agent) > 0)
		agent_leave(agent);
	end_children(agent);
}

void agent_on_sink_closed(void *context, struct delivery *delivery)
{
	struct agent_sink *entry = context;
	struct agent *agent = entry->agent;

	(void)delivery;
	list_remove(&entry->link);
	config_unref(entry->config);
	free(entry);
	if (agent->state == AGENT_RUNNING)
		timers_set_after(agent_timers(agent), &agent->tidy, 0);
	else if (agent->state == AGENT_CLOSING_SINKS && list_is_empty(&agent->sinks))
		agent_enter(agent, AGENT_CLOSING_JOURNAL);
}

static bool all_is_delivered(const struct agent *agent)
{
	list_each(link, &agent->sinks)
	{
		const struct agent_sink *entry = agent_sink_of(link);

		if (!entry->leaves && !delivery_is_done(entry->delivery))
			return false;
	}
	return true;
}

static void begin_ending_sinks(struct agent *agent)
{
	journal_sync(agent->journal);
	list_each(link, &agent->sinks)
	{
		if (!agent_sink_of(link)->leaves)
			delivery_flush(agent_sink_of(link)->delivery);
	}
	if (agent->state == AGENT_ENDING_SINKS && all_is_delivered(agent))
		agent_enter(agent, AGENT_CLOSING_SINKS);
}

static void begin_closing_sinks(struct agent *agent)
{
	timers_set_after(agent_timers(agent), &agent->deadline, CLOSE_TIMEOUT_NS);
	if (!all_is_delivered(agent))
		log_notice("agent",
			"not all is delivered: the journal keeps it for the next start");
	if (list_is_empty(&agent->sinks)) {
		agent_enter(agent, AGENT_CLOSING_JOURNAL);
		return;
	}
	list_each(link, &agent->sinks) agent_sink_close(agent_sink_of(link));
}

static void agent_go_on(struct agent *agent)
{
	switch (agent->state) {
	case AGENT_RUNNING:
		break;
	case AGENT_ENDING_COLLECTORS:
		journal_hurry(agent->journal);
		if (list_is_empty(&agent->collectors))
			agent_enter(agent, AGENT_ENDING_SINKS);
		else
			scheduler_stop(&agent->scheduler);
		break;
	case AGENT_ENDING_SINKS:
		begin_ending_sinks(agent);
		break;
	case AGENT_CLOSING_SINKS:
		begin_closing_sinks(agent);
		break;
	case AGENT_CLOSING_JOURNAL:
		own_events_close(agent->events);
		journal_close(agent->journal, on_journal_closed, agent);
		break;
	}
}

void agent_stop(struct agent *agent)
{
	if (agent->state != AGENT_RUNNING)
		return;
	notify_send("STOPPING=1");
	agent_changes_end(agent);
	timers_set_after(agent_timers(agent), &agent->deadline,
		agent->config->agent.stop_timeout.ns);
	list_each(link, &agent->collectors) agent_collector_of(link)->rests = false;
	agent_enter(agent, AGENT_ENDING_COLLECTORS);
}

/* Time is up: what is not done by now is left behind. */
void agent_on_deadline(struct timer *timer)
{
	struct agent *agent = container_of(timer, struct agent, deadline);

	agent->exit_status = 1;
	if (agent->state >= AGENT_CLOSING_SINKS)
		agent_leave(agent);
	log_warning("agent",
		"the stop takes longer than agent.stop_timeout: leaving the rest");
	agent_enter(agent, AGENT_CLOSING_SINKS);
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct agent *agent = handle->data;

	if (number == SIGHUP) {
		agent_reload(agent, NULL);
		return;
	}
	if (agent->state != AGENT_RUNNING) {
		log_warning("agent", "told to stop a second time (%s): ending at once",
			strsignal(number));
		log_set_status(NULL);
		_exit(1);
	}
	log_info("agent", "told to stop (%s)", strsignal(number));
	agent_stop(agent);
}

/* ---- what is heard from below ------------------------------------------ */

void agent_on_collector_rest(void *context, struct intake *intake)
{
	struct agent_collector *entry = context;
	struct agent *agent = entry->agent;
	int result = intake->collector.counts.last_result;

	entry->rests = true;
	if (agent->state == AGENT_RUNNING && entry->leaves) {
		timers_set_after(agent_timers(agent), &agent->tidy, 0);
		return;
	}
	if (agent->state == AGENT_RUNNING && result < 0 && result != -ENOTSUP)
		agent->exit_status = 1;
	if (count_busy(agent) > 0)
		return;
	if (agent->state == AGENT_RUNNING)
		agent_stop(agent); /* the end of --once */
	else if (agent->state == AGENT_ENDING_COLLECTORS)
		agent_enter(agent, AGENT_ENDING_SINKS);
}

void agent_on_delivery_idle(void *context, struct delivery *delivery)
{
	struct agent *agent = context;

	(void)delivery;
	if (agent->state == AGENT_ENDING_SINKS && all_is_delivered(agent))
		agent_enter(agent, AGENT_CLOSING_SINKS);
}

void agent_take_down(struct agent *agent)
{
	if (!agent->loop_is_open)
		return;
	/* No collector has run. */
	list_each(link, &agent->collectors) agent_collector_of(link)->rests = true;
	if (agent->journal)
		agent_enter(agent, AGENT_CLOSING_SINKS);
	else
		end_children(agent);
	uv_run(&agent->loop, UV_RUN_DEFAULT);
}

int agent_watch_signals(struct agent *agent)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < AGENT_SIGNALS; i++) {
		r = uv_signal_init(&agent->loop, &agent->signals[i]);
		agent->signals[i].data = agent;
		if (r == 0)
			r = uv_signal_start(
				&agent->signals[i], on_signal, watched_signals[i]);
	}
	return r;
}
