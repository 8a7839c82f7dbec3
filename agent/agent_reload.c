/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A reload, which SIGHUP or the control socket asks for:
 *
 *	read and check the configuration, on a thread of libuv's pool
 *	wrong: say so, change nothing
 *	right: it counts from now on (agent_reconcile.c); done when all that changed has
 *	       stopped and its successor runs
 *
 * agent.host, agent.state_dir and, of `journal`, all but its bounds count from the next
 * start on.
 */
#include "agent_internal.h"

#include "base/log.h"
#include "base/macros.h"
#include "config/report.h"
#include "journal/journal.h"
#include "notify.h"

#include <errno.h>
#include <string.h>

/* Tells whoever waits, if anybody does. */
static void tell(struct agent_reload *reload, bool ok, const char *text)
{
	struct admin_call *call = reload->call;

	reload->call = NULL;
	if (call)
		admin_reply(call, json_pack("{s:b,s:s}", "ok", ok, ok ? "text" : "error",
					  text ? text : ""));
}

/* ---- what changed, in words -------------------------------------------- */

struct changes {
	size_t same, changed, added, gone;
};

static void count_one(struct changes *changes, bool was, bool is, bool equal)
{
	changes->same += was && is && equal;
	changes->changed += was && is && !equal;
	changes->added += !was && is;
	changes->gone += was && !is;
}

static struct changes count_collectors(
	const struct config *before, const struct config *after)
{
	struct changes changes = { 0 };

	for (size_t i = 0; i < after->n_collectors; i++) {
		const struct collector_settings *own = &after->collectors[i];
		const struct collector_settings *old = config_collector(before, own->id);
		bool was = old && old->enabled;

		count_one(&changes, was, own->enabled,
			was && own->enabled && collector_settings_equal(old, own));
	}
	for (size_t i = 0; i < before->n_collectors; i++)
		changes.gone += before->collectors[i].enabled &&
				!config_collector(after, before->collectors[i].id);
	return changes;
}

static struct changes count_sinks(const struct config *before, const struct config *after)
{
	struct changes changes = { 0 };

	for (size_t i = 0; i < after->n_sinks; i++) {
		const struct sink_settings *own = &after->sinks[i];
		const struct sink_settings *old = config_sink(before, own->id);
		bool was = old && old->enabled;

		count_one(&changes, was, own->enabled,
			was && own->enabled && sink_settings_equal(old, own));
	}
	for (size_t i = 0; i < before->n_sinks; i++)
		changes.gone += before->sinks[i].enabled &&
				!config_sink(after, before->sinks[i].id);
	return changes;
}

static void append_changes(
	struct buffer *to, const char *what, const struct changes *changes)
{
	buffer_append_format(to, "%s: %zu as before, %zu changed, %zu new, %zu gone",
		what, changes->same, changes->changed, changes->added, changes->gone);
}

static void summarize(struct agent *agent, const struct config *after)
{
	struct buffer *to = &agent->reload.summary;
	const struct config *first = agent->options.config;
	struct changes collectors = count_collectors(agent->config, after);
	struct changes sinks = count_sinks(agent->config, after);

	buffer_clear(to);
	append_changes(to, "collectors", &collectors);
	append_changes(to, "; sinks", &sinks);
	if (!config_agent_equal(first, after))
		buffer_append_text(
			to, "; agent.host and agent.state_dir count from the next start");
	if (!config_journal_equal(first, after))
		buffer_append_text(to, "; journal.sync, segment_size and reserve count "
				       "from the next start");
}

/* ---- applying ---------------------------------------------------------- */

static void apply(struct agent *agent, struct config *config)
{
	summarize(agent, config);
	config_unref(agent->config);
	agent->config = config;
	journal_set_bounds(agent->journal, &config->journal);
	log_set_level((enum log_level)(LOG_LEVEL_ERROR + config->agent.log_level.index));
	children_reloaded(agent->children);
	agent->reload.applying = true;
	agent_on_tidy(&agent->tidy);
}

void agent_reload_go_on(struct agent *agent)
{
	struct agent_reload *reload = &agent->reload;

	if (!reload->applying || agent_count_leaving(agent) > 0)
		return;
	reload->applying = false;
	log_info("agent", "reloaded; %s", buffer_text(&reload->summary));
	notify_send("READY=1");
	tell(reload, true, buffer_text(&reload->summary));
}

/* Logs what is wrong, line by line. */
static void log_lines(const struct buffer *text, enum log_level level)
{
	const char *at = (const char *)text->data, *end = at + text->size;

	while (at < end) {
		const char *line_end = memchr(at, '\n', (size_t)(end - at));
		int size = (int)((line_end ? line_end : end) - at);

		log_write(level, "config", "%.*s", size, at);
		at += size + 1;
	}
}

static void refuse(struct agent_reload *reload, const char *text)
{
	log_error("agent", "the reload was refused and nothing was changed: %s",
		reload->n_errors > 0 ? "the configuration is wrong" : text);
	tell(reload, false, text);
}

/* ---- loading ----------------------------------------------------------- */

static void reload_on_work(uv_work_t *work)
{
	struct agent_reload *reload = container_of(work, struct agent_reload, work);
	struct agent *agent = container_of(reload, struct agent, reload);
	struct report report = { 0 };

	reload->config = config_load(agent->options.config_path,
		&agent->options.catalogue->catalogue, &report);
	if (reload->config)
		report_print(&report, reload->config->documents, false, &reload->text);
	catalogue_rest(agent->options.catalogue);
	reload->n_errors = report.n_errors;
	report_finish(&report);
}

static void reload_on_loaded(uv_work_t *work, int status)
{
	struct agent_reload *reload = container_of(work, struct agent_reload, work);
	struct agent *agent = container_of(reload, struct agent, reload);
	struct config *config = reload->config;

	(void)status;
	reload->loading = false;
	reload->config = NULL;
	if (agent->state != AGENT_RUNNING) {
		tell(reload, false, "the agent is about to end");
		config_unref(config);
		buffer_finish(&reload->text);
		return;
	}
	log_lines(&reload->text,
		reload->n_errors > 0 ? LOG_LEVEL_ERROR : LOG_LEVEL_WARNING);
	if (!config || reload->n_errors > 0) {
		refuse(reload, config ? buffer_text(&reload->text) : "out of memory");
		config_unref(config);
		notify_send("READY=1");
		agent_on_tidy(&agent->tidy); /* it waited for the end of the job */
	} else {
		apply(agent, config);
	}
	buffer_clear(&reload->text);
	if (reload->again)
		agent_reload(agent, NULL);
}

static const char *why_not(const struct agent *agent)
{
	if (agent->state != AGENT_RUNNING)
		return "the agent is about to end";
	if (agent->options.once)
		return "the agent runs each collector once";
	return agent->reload.loading ? "a reload is under way" : NULL;
}

void agent_reload(struct agent *agent, struct admin_call *call)
{
	struct agent_reload *reload = &agent->reload;
	const char *why = why_not(agent);
	int r;

	if (why) {
		reload->again = reload->loading && !call;
		if (call)
			admin_reply(call, json_pack("{s:b,s:s}", "ok", 0, "error", why));
		return;
	}
	tell(reload, true, "another reload followed before all was done");
	reload->call = call;
	reload->again = false;
	log_info("agent", "reloads '%s'", agent->options.config_path);
	notify_send("RELOADING=1");
	reload->loading = true;
	r = uv_queue_work(&agent->loop, &reload->work, reload_on_work, reload_on_loaded);
	if (r < 0) {
		reload->loading = false;
		refuse(reload, strerror(-r));
	}
}

void agent_reload_end(struct agent *agent)
{
	struct agent_reload *reload = &agent->reload;

	tell(reload, false, "the agent is about to end");
	buffer_finish(&reload->summary);
	if (!reload->loading)
		buffer_finish(&reload->text);
}
