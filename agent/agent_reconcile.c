/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Brings what runs in line with the configuration that counts. At the start all of it
 * is new; after a reload only what changed is ended and made anew, and what did not
 * change is not touched.
 *
 * A collector or sink that changed first comes to rest, and its successor, which has
 * the same id and so the same state and cursor, is made then: agent->tidy.
 */
#include "agent_internal.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/text.h"
#include "journal/journal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* How soon to look again after a collector that has stopped but whose parts the
 * journal has not told the fate of. */
#define TIDY_AGAIN_NS (100 * NS_PER_MS)

static int cannot_make(const char *id, int r)
{
	log_error(id, "cannot be made: %s", strerror(-r));
	return r;
}

/* ---- sinks ------------------------------------------------------------- */

static struct agent_sink *find_sink(const struct agent *agent, const char *id)
{
	list_each(link, &agent->sinks)
	{
		if (text_equal(agent_sink_of(link)->settings->id, id))
			return agent_sink_of(link);
	}
	return NULL;
}

static int open_delivery(struct agent_sink *entry)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	struct agent *agent = entry->agent;
	struct delivery_options options = {
		.loop = &agent->loop,
		.timers = agent_timers(agent),
		.random = &agent->random,
		.journal = agent->journal,
		.journal_folder = agent->journal_folder,
		.cursor_folder = agent->cursor_folder,
		.dead_letter_folder = agent->dead_letter_folder,
		.curl = agent->curl,
		.sync = agent->options.config->journal.sync != JOURNAL_SYNC_NEVER,
		.settings = entry->settings,
		.transport = transport_find(entry->settings->type),
		.on_idle = agent_on_delivery_idle,
		.on_losing = agent_on_delivery_losing,
		.context = agent,
	};
	int r = delivery_open(&options, &entry->delivery, &why);

	if (r < 0)
		log_error(entry->settings->id, "%s",
			why.size > 0 ? buffer_text(&why) : strerror(-r));
	return r;
}

static int add_sink(struct agent *agent, const struct sink_settings *settings)
{
	struct agent_sink *entry = calloc(1, sizeof(*entry));
	int r;

	if (!entry)
		return cannot_make(settings->id, -ENOMEM);
	entry->agent = agent;
	entry->settings = settings;
	r = open_delivery(entry);
	if (r < 0) {
		free(entry);
		return r;
	}
	entry->config = config_ref(agent->config);
	list_append(&agent->sinks, &entry->link);
	return 0;
}

void agent_sink_close(struct agent_sink *entry)
{
	if (entry->leaves)
		return;
	entry->leaves = true;
	delivery_close(entry->delivery, agent_on_sink_closed, entry);
}

static void end_changed_sinks(struct agent *agent)
{
	list_each(link, &agent->sinks)
	{
		struct agent_sink *entry = agent_sink_of(link);
		const struct sink_settings *wanted =
			config_sink(agent->config, entry->settings->id);

		if (!wanted || !sink_settings_equal(entry->settings, wanted))
			agent_sink_close(entry);
	}
}

static int add_missing_sinks(struct agent *agent)
{
	const struct config *config = agent->config;
	int result = 0;

	for (size_t i = 0; i < config->n_sinks; i++) {
		const struct sink_settings *settings = &config->sinks[i];
		int r = 0;

		if (settings->enabled && !find_sink(agent, settings->id))
			r = add_sink(agent, settings);
		if (result == 0)
			result = r;
	}
	return result;
}

/* ---- collectors -------------------------------------------------------- */

static struct agent_collector *find_collector(const struct agent *agent, const char *id)
{
	list_each(link, &agent->collectors)
	{
		if (text_equal(agent_collector_of(link)->settings->id, id))
			return agent_collector_of(link);
	}
	return NULL;
}

/* Loads a plugin into this process. What was loaded stays, so it may be an older file
 * than the one that was described. */
static const struct object *load_here(
	struct agent *agent, const struct plugin_file *plugin, struct buffer *why)
{
	const struct object *object =
		objects_load(agent->options.catalogue->objects, plugin->name, why);

	if (!object || plugin_file_is_of(plugin, &object->description))
		return object;
	buffer_append_text(why,
		"its plugin's file has changed since it was loaded into the agent "
		"(isolation: none): start the agent again");
	return NULL;
}

/* 0; 1: its plugin is refused by now, and it is left out; or -ENOMEM. */
static int make_intake(struct agent_collector *entry)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	struct agent *agent = entry->agent;
	int r;
	const struct collector_settings *settings = entry->settings;
	struct agent_catalogue *catalogue = agent->options.catalogue;
	struct intake_options options = {
		.settings = settings,
		.host = agent->options.config->agent.host,
		.plugin = plugins_known(catalogue->plugins, settings->plugin),
		.children = agent->children,
		.journal = agent->journal,
		.shared = &agent->shared,
		.random = &agent->random,
		.once = agent->options.once,
		.on_rest = agent_on_collector_rest,
		.context = entry,
	};

	entry->plugin = options.plugin;
	if (!options.plugin) {
		log_error(settings->id, "its plugin is not there any more");
		return 1;
	}
	if (settings->isolation.index == ISOLATION_NONE) {
		options.object = load_here(agent, options.plugin, &why);
		if (!options.object) {
			log_error(settings->id, "%s",
				why.size > 0 ? buffer_text(&why) : "out of memory");
			return 1;
		}
	}
	r = intake_create(&options, &entry->intake);
	return r < 0 ? cannot_make(settings->id, r) : 0;
}

static int add_collector(struct agent *agent, const struct collector_settings *settings)
{
	struct agent_collector *entry = calloc(1, sizeof(*entry));
	int r;

	if (!entry)
		return cannot_make(settings->id, -ENOMEM);
	entry->agent = agent;
	entry->settings = settings;
	r = make_intake(entry);
	if (r != 0) {
		free(entry);
		return MIN(r, 0);
	}
	entry->config = config_ref(agent->config);
	list_append(&agent->collectors, &entry->link);
	if (agent->is_started)
		scheduler_add(&agent->scheduler, &entry->intake->collector);
	return 0;
}

void agent_collector_destroy(struct agent_collector *entry)
{
	list_remove(&entry->link);
	intake_destroy(entry->intake);
	config_unref(entry->config);
	free(entry);
}

static void end_collector(struct agent_collector *entry)
{
	if (entry->leaves)
		return;
	entry->leaves = true;
	collector_stop(&entry->intake->collector);
}

bool agent_has_collector(const struct agent *agent, const char *id)
{
	return find_collector(agent, id) != NULL;
}

void agent_end_collector(struct agent *agent, const char *id)
{
	struct agent_collector *entry = find_collector(agent, id);

	if (entry)
		end_collector(entry);
}

/* Whether its plugin's file was replaced by another one. */
static bool has_other_file(const struct agent *agent, const struct agent_collector *entry)
{
	const struct plugins *plugins = agent->options.catalogue->plugins;

	return entry->settings->isolation.index != ISOLATION_NONE &&
	       plugins_known(plugins, entry->settings->plugin) != entry->plugin;
}

static void end_changed_collectors(struct agent *agent)
{
	list_each(link, &agent->collectors)
	{
		struct agent_collector *entry = agent_collector_of(link);
		const struct collector_settings *wanted =
			config_collector(agent->config, entry->settings->id);

		if (!wanted || !collector_settings_equal(entry->settings, wanted) ||
			has_other_file(agent, entry))
			end_collector(entry);
	}
}

static int add_missing_collectors(struct agent *agent)
{
	const struct config *config = agent->config;
	int result = 0;

	for (size_t i = 0; i < config->n_collectors; i++) {
		const struct collector_settings *settings = &config->collectors[i];
		int r = 0;

		if (settings->enabled && !find_collector(agent, settings->id) &&
			!agent_is_changing(agent, settings->id))
			r = add_collector(agent, settings);
		if (result == 0)
			result = r;
	}
	return result;
}

/* Children are made for all collectors of their plugin. */
static void expect_collectors(struct agent *agent)
{
	const struct config *config = agent->config;

	children_forget_expected(agent->children);
	for (size_t i = 0; i < config->n_collectors; i++) {
		const struct collector_settings *settings = &config->collectors[i];

		if (settings->enabled && settings->isolation.index == ISOLATION_PROCESS &&
			children_expect(
				agent->children, settings->plugin, settings->options) < 0)
			(void)cannot_make(settings->id, -ENOMEM);
	}
}

/* ---- both -------------------------------------------------------------- */

int agent_reconcile(struct agent *agent)
{
	int sinks, collectors;

	end_changed_sinks(agent);
	end_changed_collectors(agent);
	expect_collectors(agent);
	sinks = add_missing_sinks(agent);
	collectors = add_missing_collectors(agent);
	return sinks < 0 ? sinks : collectors;
}

size_t agent_count_leaving(const struct agent *agent)
{
	size_t n = 0;

	list_each(link, &agent->collectors) n += agent_collector_of(link)->leaves;
	list_each(link, &agent->sinks) n += agent_sink_of(link)->leaves;
	return n;
}

void agent_on_tidy(struct timer *timer)
{
	struct agent *agent = container_of(timer, struct agent, tidy);

	if (agent->state != AGENT_RUNNING || agent->reload.loading)
		return;
	list_each(link, &agent->collectors)
	{
		struct agent_collector *entry = agent_collector_of(link);
		struct collector *collector = &entry->intake->collector;

		if (!entry->leaves || !entry->rests)
			continue;
		if (collector->n_unsettled > 0) {
			timers_set_after(agent_timers(agent), timer, TIDY_AGAIN_NS);
			continue;
		}
		scheduler_remove(&agent->scheduler, collector);
		agent_collector_destroy(entry);
	}
	agent_changes_go_on(agent);
	(void)agent_reconcile(agent); /* what could not be made was logged */
	agent_reload_go_on(agent);
}
