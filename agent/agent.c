/* SPDX-License-Identifier: Apache-2.0 */
/* Builds the agent from its configuration, bottom to top, and runs it. */
#include "agent_internal.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/macros.h"
#include "deliver/sink.h"
#include "journal/journal.h"
#include "journal/lock.h"
#include "net/curl_loop.h"
#include "notify.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The folder of a file, which may be the root; owned by the caller. */
static char *dirname_of(const char *path)
{
	size_t n = (size_t)(strrchr(path, '/') - path);

	return strndup(path, n > 0 ? n : 1);
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

/* Tells why, where nobody below has. */
static int cannot_start(int r)
{
	log_error("agent", "cannot start: %s", strerror(-r));
	return r;
}

static int make_folders(struct agent *agent, const char *state_dir)
{
	int r = -ENOMEM;

	agent->journal_folder = path_join(state_dir, "journal");
	agent->cursor_folder = path_join(state_dir, "cursors");
	agent->dead_letter_folder = path_join(state_dir, "dead-letters");
	agent->plugin_folder = path_join(state_dir, "plugins");
	agent->secret_folder = path_join(state_dir, "secrets");
	if (agent->journal_folder && agent->cursor_folder && agent->dead_letter_folder &&
		agent->plugin_folder && agent->secret_folder)
		r = folder_create(agent->cursor_folder, 0750);
	if (r < 0)
		log_error("agent", "cannot create '%s/cursors' (agent.state_dir): %s",
			state_dir, strerror(-r));
	return r;
}

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
	return make_folders(agent, state_dir);
}

static int open_journal(struct agent *agent)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	struct journal_options options = {
		.folder = agent->journal_folder,
		.settings = &agent->options.config->journal,
		.clock = &clock_system,
		.on_health = agent_on_journal_health,
		.context = agent,
	};
	int r = journal_open(&agent->loop, &options, &agent->journal, &why);

	if (r < 0) {
		log_error(
			"journal", "%s", why.size > 0 ? buffer_text(&why) : strerror(-r));
		return r;
	}
	agent->events = own_events_create(
		agent->journal, agent_timers(agent), agent->options.config->agent.host);
	return agent->events ? 0 : cannot_start(-ENOMEM);
}

static int open_loop(struct agent *agent)
{
	char threads[8];
	int r;

	/* Before the first job (libuv's manual, "Thread pool work scheduling"): a file
	 * sink may hold one place for as long as its disk hangs, also one that a reload
	 * adds. */
	snprintf(threads, sizeof(threads), "%zu",
		MIN(8 + agent->options.config->n_sinks, (size_t)1024));
	setenv("UV_THREADPOOL_SIZE", threads, 0);
	r = uv_loop_init(&agent->loop);
	if (r < 0)
		return cannot_start(r);
	agent->curl = curl_loop_create(&agent->loop);
	if (!agent->curl)
		return cannot_start(-ENOMEM);
	r = ticker_open(&agent->ticker, &agent->loop, &clock_system);
	if (r == 0)
		r = mailbox_open(&agent->instances, &agent->loop);
	if (r == 0)
		r = timers_reserve(agent_timers(agent), AGENT_TIMERS);
	if (r == 0)
		r = agent_watch_signals(agent);
	if (r == 0)
		r = scheduler_init(&agent->scheduler, agent_timers(agent));
	agent->loop_is_open = r == 0;
	http_network_init(&agent->network, agent->curl);
	buckets_init(&agent->buckets, agent_timers(agent));
	secret_files_init(&agent->secrets, &agent->loop, agent->secret_folder);
	agent->shared = (struct host_shared){
		.loop = &agent->loop,
		.clock = &clock_system,
		.timers = agent_timers(agent),
		.mailbox = &agent->instances,
		.carrier = &agent->network.carrier,
		.leases = &agent->buckets.leases,
		.secrets = &agent->secrets.store,
	};
	return r < 0 ? cannot_start(r) : 0;
}

/* What no plugin may read: the agent's state, its configuration, its credentials. */
static void hide_files(struct agent *agent)
{
	CLEANUP_FREE char *config = realpath(agent->options.config_path, NULL);
	CLEANUP_FREE char *folder = config ? dirname_of(config) : NULL;
	CLEANUP_FREE char *more = folder ? path_join(folder, "conf.d") : NULL;
	const char *const paths[AGENT_HIDDEN] = {
		agent->options.config->agent.state_dir,
		config,
		more,
		getenv("CREDENTIALS_DIRECTORY"),
	};

	for (size_t i = 0; i < AGENT_HIDDEN; i++) {
		char *path = paths[i] ? realpath(paths[i], NULL) : NULL;

		if (path)
			agent->hidden_paths[agent->hidden.n++] = path;
	}
	agent->hidden.items = (const char *const *)agent->hidden_paths;
}

/* Plugins may write below a folder of their own, where they declare that they do. */
static int open_children(struct agent *agent)
{
	struct children_options options = {
		.shared = &agent->shared,
		.random = &agent->random,
		.program = agent->options.catalogue->program,
		.on_closed = agent_on_children_closed,
		.context = agent,
	};

	hide_files(agent);
	options.hidden = agent->hidden;
	options.state_folder = agent->plugin_folder;

	agent->children = children_create(&options);
	return agent->children ? 0 : cannot_start(-ENOMEM);
}

static int agent_build(struct agent *agent)
{
	int r = open_state(agent);

	if (r == 0)
		r = open_loop(agent);
	if (r == 0)
		r = open_children(agent);
	if (r == 0)
		r = open_journal(agent);
	if (r == 0)
		r = agent_reconcile(agent);
	if (r < 0)
		return r;
	if (list_is_empty(&agent->sinks))
		log_warning(
			"agent", "no sink is configured: the journal keeps what it can");
	if (list_is_empty(&agent->collectors))
		log_warning(
			"agent", "no collector is configured: there is nothing to do");
	agent_open_control(agent);
	return 0;
}

struct agent *agent_create(const struct agent_options *options)
{
	struct agent *agent = calloc(1, sizeof(*agent));

	if (!agent) {
		cannot_start(-ENOMEM);
		return NULL;
	}
	agent->options = *options;
	agent->config = config_ref(options->config);
	list_init(&agent->collectors);
	list_init(&agent->sinks);
	list_init(&agent->changes);
	agent->lock = -1;
	agent->second.on_due = on_second;
	agent->watchdog.on_due = on_watchdog;
	agent->deadline.on_due = agent_on_deadline;
	agent->tidy.on_due = agent_on_tidy;
	random_seed(&agent->random, random_u64());
	if (agent_build(agent) < 0) {
		agent_take_down(agent);
		agent_destroy(agent);
		return NULL;
	}
	return agent;
}

static void agent_start(struct agent *agent)
{
	agent->is_started = true;
	list_each(link, &agent->collectors) scheduler_add(
		&agent->scheduler, &agent_collector_of(link)->intake->collector);
	if (agent->options.on_second)
		timers_set_after(agent_timers(agent), &agent->second, NS_PER_SECOND);
	if (notify_watchdog_ns() > 0)
		timers_set_after(agent_timers(agent), &agent->watchdog, 0);
	log_info("agent", "runs; collectors: %zu, sinks: %zu",
		list_length(&agent->collectors), list_length(&agent->sinks));
	notify_send("READY=1");
	if (agent->options.once && list_is_empty(&agent->collectors))
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
	lock_release(agent->lock);
	if (agent->loop_is_open)
		uv_loop_close(&agent->loop);
	free(agent->journal_folder);
	free(agent->cursor_folder);
	free(agent->dead_letter_folder);
	free(agent->plugin_folder);
	while (agent->hidden.n > 0)
		free(agent->hidden_paths[--agent->hidden.n]);
	free(agent->secret_folder);
	config_unref(agent->config);
	free(agent);
}

/* ---- status ------------------------------------------------------------ */

void agent_status(const struct agent *agent, struct agent_status *ret_status)
{
	struct agent_status status = {
		.n_collectors = list_length(&agent->collectors),
		.n_sinks = list_length(&agent->sinks),
		.n_parked = agent_count_parked(agent),
	};

	list_each(link, &agent->collectors)
	{
		const struct collector *collector =
			&agent_collector_of(link)->intake->collector;

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
	struct list *link = agent->sinks.next;

	while (i-- > 0)
		link = link->next;
	delivery_status(agent_sink_of(link)->delivery, ret_status);
}
