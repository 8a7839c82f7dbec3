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
#include "agent.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/random.h"
#include "collect/intake.h"
#include "collect/scheduler.h"
#include "deliver/delivery.h"
#include "journal/journal.h"
#include "journal/lock.h"
#include "loop/mailbox.h"
#include "loop/ticker.h"
#include "notify.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TIMERS_EACH 3
/* What closing files and threads may take once nothing is waited for any more. */
#define CLOSE_TIMEOUT_NS (5 * NS_PER_SECOND)

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
	struct ticker ticker;
	struct mailbox instances;
	uv_signal_t signals[2];
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

static const int stop_signals[] = { SIGTERM, SIGINT };

static struct timers *agent_timers(struct agent *agent)
{
	return &agent->ticker.timers;
}

/* ---- stopping ---------------------------------------------------------- */

static void agent_go_on(struct agent *agent);

static void agent_enter(struct agent *agent, enum agent_state state)
{
	agent->state = state;
	agent_go_on(agent);
}

static size_t count_parked(const struct agent *agent)
{
	size_t n = 0;

	for (size_t i = 0; i < agent->n_intakes; i++)
		n += agent->intakes[i]->collector.state == COLLECTOR_PARKED;
	return n;
}

/* Ends the process where threads are left that nobody can end. */
static void agent_leave(struct agent *agent)
{
	log_warning("agent", "stopped; left behind: %zu of %zu collectors",
		count_parked(agent) + agent->n_intakes - agent->n_resting,
		agent->n_intakes);
	log_set_status(NULL);
	_exit(1);
}

static void close_loop(struct agent *agent)
{
	timers_unset(agent_timers(agent), &agent->second);
	timers_unset(agent_timers(agent), &agent->watchdog);
	timers_unset(agent_timers(agent), &agent->deadline);
	scheduler_finish(&agent->scheduler);
	for (size_t i = 0; i < agent->n_intakes; i++)
		intake_destroy(agent->intakes[i]);
	agent->n_intakes = 0;
	for (size_t i = 0; i < LENGTH(stop_signals); i++)
		uv_close((uv_handle_t *)&agent->signals[i], NULL);
	mailbox_close(&agent->instances, NULL);
	timers_release(agent_timers(agent), TIMERS_EACH);
	ticker_close(&agent->ticker);
}

static void on_journal_closed(void *context)
{
	struct agent *agent = context;

	agent->journal = NULL;
	lock_release(agent->lock);
	agent->lock = -1;
	if (agent->n_resting < agent->n_intakes || count_parked(agent) > 0)
		agent_leave(agent);
	close_loop(agent);
}

static void on_delivery_closed(void *context, struct delivery *delivery)
{
	struct agent *agent = context;

	(void)delivery;
	if (--agent->n_open_deliveries == 0)
		agent_enter(agent, AGENT_CLOSING_JOURNAL);
}

static bool all_is_delivered(const struct agent *agent)
{
	for (size_t i = 0; i < agent->n_deliveries; i++) {
		if (!delivery_is_done(agent->deliveries[i]))
			return false;
	}
	return true;
}

static void begin_ending_sinks(struct agent *agent)
{
	journal_sync(agent->journal);
	for (size_t i = 0; i < agent->n_deliveries; i++)
		delivery_flush(agent->deliveries[i]);
	if (agent->state == AGENT_ENDING_SINKS && all_is_delivered(agent))
		agent_enter(agent, AGENT_CLOSING_SINKS);
}

static void begin_closing_sinks(struct agent *agent)
{
	timers_set_after(agent_timers(agent), &agent->deadline, CLOSE_TIMEOUT_NS);
	if (!all_is_delivered(agent))
		log_notice("agent",
			"not all is delivered: the journal keeps it for the next start");
	agent->n_open_deliveries = agent->n_deliveries;
	if (agent->n_deliveries == 0)
		agent_enter(agent, AGENT_CLOSING_JOURNAL);
	for (size_t i = 0; i < agent->n_deliveries; i++)
		delivery_close(agent->deliveries[i], on_delivery_closed, agent);
	agent->n_deliveries = 0;
}

static void agent_go_on(struct agent *agent)
{
	switch (agent->state) {
	case AGENT_RUNNING:
		break;
	case AGENT_ENDING_COLLECTORS:
		if (agent->n_intakes == 0)
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
		journal_close(agent->journal, on_journal_closed, agent);
		break;
	}
}

static void agent_stop(struct agent *agent)
{
	if (agent->state != AGENT_RUNNING)
		return;
	notify_send("STOPPING=1");
	timers_set_after(agent_timers(agent), &agent->deadline,
		agent->options.config->agent.stop_timeout.ns);
	agent->n_resting = 0;
	agent_enter(agent, AGENT_ENDING_COLLECTORS);
}

/* Time is up: what is not done by now is left behind. */
static void on_deadline(struct timer *timer)
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

static void on_collector_rest(void *context, struct intake *intake)
{
	struct agent *agent = context;

	if (agent->state == AGENT_RUNNING && intake->collector.counts.last_result < 0 &&
		intake->collector.counts.last_result != -ENOTSUP)
		agent->exit_status = 1;
	if (++agent->n_resting < agent->n_intakes)
		return;
	if (agent->state == AGENT_RUNNING)
		agent_stop(agent); /* the end of --once */
	else if (agent->state == AGENT_ENDING_COLLECTORS)
		agent_enter(agent, AGENT_ENDING_SINKS);
}

static void on_delivery_idle(void *context, struct delivery *delivery)
{
	struct agent *agent = context;

	(void)delivery;
	if (agent->state == AGENT_ENDING_SINKS && all_is_delivered(agent))
		agent_enter(agent, AGENT_CLOSING_SINKS);
}

static void on_journal_health(void *context, int result)
{
	(void)context;
	if (result < 0)
		log_error("journal",
			"cannot write: %s; nothing is kept until it works again",
			strerror(-result));
	else
		log_notice("journal", "writes again");
}

static void on_second(struct timer *timer)
{
	struct agent *agent = container_of(timer, struct agent, second);

	timers_set_after(agent_timers(agent), timer, NS_PER_SECOND);
	agent->options.on_second(agent->options.context, agent);
}

static void on_watchdog(struct timer *timer)
{
	struct agent *agent = container_of(timer, struct agent, watchdog);

	notify_send("WATCHDOG=1");
	timers_set_after(agent_timers(agent), timer, notify_watchdog_ns() / 2);
}

/* ---- building ---------------------------------------------------------- */

static int open_state(struct agent *agent)
{
	const char *state_dir = agent->options.config->agent.state_dir;
	int holder = 0, r = folder_create(state_dir, 0750);

	if (r < 0) {
		log_error("agent", "cannot create '%s' (agent.state_dir): %s", state_dir,
			strerror(-r));
		return r;
	}
	agent->lock = lock_take(state_dir, &holder);
	if (agent->lock == -EWOULDBLOCK)
		log_error("agent", "another agent (pid %d) uses '%s' (agent.state_dir)",
			holder, state_dir);
	else if (agent->lock < 0)
		log_error("agent", "cannot lock '%s' (agent.state_dir): %s", state_dir,
			strerror(-agent->lock));
	if (agent->lock < 0)
		return agent->lock;
	agent->journal_folder = path_join(state_dir, "journal");
	agent->cursor_folder = path_join(state_dir, "cursors");
	if (!agent->journal_folder || !agent->cursor_folder)
		return -ENOMEM;
	return folder_create(agent->cursor_folder, 0750);
}

static int open_journal(struct agent *agent)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	struct journal_options options = {
		.folder = agent->journal_folder,
		.settings = &agent->options.config->journal,
		.clock = &clock_system,
		.on_health = on_journal_health,
		.context = agent,
	};
	int r = journal_open(&agent->loop, &options, &agent->journal, &why);

	if (r < 0)
		log_error(
			"journal", "%s", why.size > 0 ? buffer_text(&why) : strerror(-r));
	return r;
}

static int open_sink(struct agent *agent, const struct sink_settings *settings)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	struct delivery_options options = {
		.loop = &agent->loop,
		.timers = agent_timers(agent),
		.random = &agent->random,
		.journal = agent->journal,
		.journal_folder = agent->journal_folder,
		.cursor_folder = agent->cursor_folder,
		.sync = agent->options.config->journal.sync != JOURNAL_SYNC_NEVER,
		.settings = settings,
		.on_idle = on_delivery_idle,
		.context = agent,
	};
	int r = delivery_open(&options, &agent->deliveries[agent->n_deliveries], &why);

	if (r < 0)
		log_error(settings->id, "%s",
			why.size > 0 ? buffer_text(&why) : strerror(-r));
	else
		agent->n_deliveries++;
	return r;
}

static int open_sinks(struct agent *agent)
{
	const struct config *config = agent->options.config;
	int r = 0;

	agent->deliveries = calloc(config->n_sinks + 1, sizeof(*agent->deliveries));
	if (!agent->deliveries)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < config->n_sinks; i++) {
		if (config->sinks[i].enabled)
			r = open_sink(agent, &config->sinks[i]);
	}
	if (r == 0 && agent->n_deliveries == 0)
		log_warning(
			"agent", "no sink is configured: the journal keeps what it can");
	return r;
}

/* One collector's intake; a plugin that is refused by now is left out. */
static int make_intake(struct agent *agent, const struct collector_settings *settings)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	struct intake_options options = {
		.settings = settings,
		.host = agent->options.config->agent.host,
		.journal = agent->journal,
		.mailbox = &agent->instances,
		.timers = agent_timers(agent),
		.random = &agent->random,
		.once = agent->options.once,
		.on_rest = on_collector_rest,
		.context = agent,
	};
	int r;

	options.object =
		objects_load(agent->options.catalogue->objects, settings->plugin, &why);
	if (!options.object) {
		log_error(settings->id, "%s",
			why.size > 0 ? buffer_text(&why) : "out of memory");
		return 0;
	}
	r = intake_create(&options, &agent->intakes[agent->n_intakes]);
	if (r == 0)
		agent->n_intakes++;
	return r;
}

static int make_intakes(struct agent *agent)
{
	const struct config *config = agent->options.config;
	int r = scheduler_init(&agent->scheduler, agent_timers(agent));

	agent->intakes = calloc(config->n_collectors + 1, sizeof(*agent->intakes));
	if (!agent->intakes)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < config->n_collectors; i++) {
		if (config->collectors[i].enabled)
			r = make_intake(agent, &config->collectors[i]);
	}
	if (r == 0 && agent->n_intakes == 0)
		log_warning(
			"agent", "no collector is configured: there is nothing to do");
	return r;
}

static int open_loop(struct agent *agent)
{
	char threads[8];
	int r;

	/* Before the first job (libuv's manual, "Thread pool work scheduling"): a file
	 * sink may hold one place for as long as its disk hangs. */
	snprintf(threads, sizeof(threads), "%zu",
		MIN(4 + agent->options.config->n_sinks, (size_t)1024));
	setenv("UV_THREADPOOL_SIZE", threads, 0);
	r = uv_loop_init(&agent->loop);
	if (r < 0)
		return r;
	r = ticker_open(&agent->ticker, &agent->loop, &clock_system);
	if (r == 0)
		r = mailbox_open(&agent->instances, &agent->loop);
	if (r == 0)
		r = timers_reserve(agent_timers(agent), TIMERS_EACH);
	for (size_t i = 0; r == 0 && i < LENGTH(stop_signals); i++) {
		r = uv_signal_init(&agent->loop, &agent->signals[i]);
		agent->signals[i].data = agent;
		if (r == 0)
			r = uv_signal_start(
				&agent->signals[i], on_signal, stop_signals[i]);
	}
	return r;
}

static int agent_build(struct agent *agent)
{
	int r = open_state(agent);

	if (r == 0)
		r = open_loop(agent);
	if (r == 0)
		r = open_journal(agent);
	if (r == 0)
		r = open_sinks(agent);
	return r < 0 ? r : make_intakes(agent);
}

struct agent *agent_create(const struct agent_options *options)
{
	struct agent *agent = calloc(1, sizeof(*agent));

	if (!agent)
		return NULL;
	agent->options = *options;
	agent->lock = -1;
	agent->second.on_due = on_second;
	agent->watchdog.on_due = on_watchdog;
	agent->deadline.on_due = on_deadline;
	random_seed(&agent->random, random_u64());
	if (agent_build(agent) < 0) {
		/* The process ends: half of a loop cannot be taken down in order. */
		lock_release(agent->lock);
		return NULL;
	}
	return agent;
}

static void agent_start(struct agent *agent)
{
	for (size_t i = 0; i < agent->n_intakes; i++)
		scheduler_add(&agent->scheduler, &agent->intakes[i]->collector);
	if (agent->options.on_second)
		timers_set_after(agent_timers(agent), &agent->second, NS_PER_SECOND);
	if (notify_watchdog_ns() > 0)
		timers_set_after(agent_timers(agent), &agent->watchdog, 0);
	log_info("agent", "runs %zu collectors and %zu sinks", agent->n_intakes,
		agent->n_deliveries);
	notify_send("READY=1");
	if (agent->options.once && agent->n_intakes == 0)
		agent_stop(agent);
}

int agent_run(struct agent *agent)
{
	agent_start(agent);
	uv_run(&agent->loop, UV_RUN_DEFAULT);
	return agent->exit_status;
}

void agent_destroy(struct agent *agent)
{
	if (!agent)
		return;
	uv_loop_close(&agent->loop);
	free(agent->journal_folder);
	free(agent->cursor_folder);
	free(agent->deliveries);
	free(agent->intakes);
	free(agent);
}

/* ---- status ------------------------------------------------------------ */

void agent_status(const struct agent *agent, struct agent_status *ret_status)
{
	struct agent_status status = {
		.n_collectors = agent->n_intakes,
		.n_sinks = agent->n_deliveries,
		.n_parked = count_parked(agent),
	};

	for (size_t i = 0; i < agent->n_intakes; i++) {
		const struct collector *collector = &agent->intakes[i]->collector;

		status.runs += collector->counts.runs;
		status.failed_runs += collector->counts.failed;
		status.samples += collector->counts.samples;
		status.events += collector->counts.events;
		status.n_failing += collector->failing.failures > 0;
	}
	*ret_status = status;
}

void agent_sink_status(
	const struct agent *agent, size_t i, struct delivery_status *ret_status)
{
	delivery_status(agent->deliveries[i], ret_status);
}
