/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the agent answers on its control socket. A request names its command:
 *
 *	{"command":"reload"}
 *	{"ok":true,"text":"collectors: 2 as before, ..."}
 */
#include "agent_internal.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/text.h"
#include "journal/journal.h"

#include <string.h>
#include <unistd.h>

typedef void control_command(
	struct agent *agent, struct admin_call *call, json_t *request);

static void control_reload(struct agent *agent, struct admin_call *call, json_t *request)
{
	(void)request;
	agent_reload(agent, call);
}

static json_t *json_of_sink(const struct agent_sink *entry)
{
	struct delivery_status status;

	delivery_status(entry->delivery, &status);
	return json_pack("{s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:b,s:b}",
		"id", status.id, "records", (json_int_t)status.records, "bytes",
		(json_int_t)status.bytes, "batches", (json_int_t)status.batches,
		"failures", (json_int_t)status.failures, "lost_frames",
		(json_int_t)status.lost_frames, "damaged_frames",
		(json_int_t)status.damaged_frames, "dead_letters",
		(json_int_t)status.dead_letters, "outdated", (json_int_t)status.outdated,
		"dropped_letters", (json_int_t)status.dropped_letters, "replayed",
		(json_int_t)status.replayed, "left_out", (json_int_t)status.left_out,
		"backlog_bytes", (json_int_t)status.backlog_bytes, "failing",
		status.failing, "locked_out", status.locked_out);
}

static json_t *json_of_collector(const struct agent_collector *entry)
{
	const struct collector *collector = &entry->intake->collector;
	const struct collector_counts *counts = &collector->counts;

	return json_pack("{s:s,s:s,s:I,s:I,s:I,s:I}", "id", entry->settings->id, "state",
		collector_state_name(collector->state), "runs", (json_int_t)counts->runs,
		"failed", (json_int_t)counts->failed, "skipped",
		(json_int_t)counts->skipped, "samples", (json_int_t)counts->samples);
}

static void control_status(struct agent *agent, struct admin_call *call, json_t *request)
{
	json_t *collectors = json_array(), *sinks = json_array();

	(void)request;
	list_each(link, &agent->collectors) json_array_append_new(
		collectors, json_of_collector(agent_collector_of(link)));
	list_each(link, &agent->sinks)
		json_array_append_new(sinks, json_of_sink(agent_sink_of(link)));
	admin_reply(call, json_pack("{s:b,s:i,s:o,s:o}", "ok", 1, "pid", (int)getpid(),
				  "collectors", collectors, "sinks", sinks));
}

/* What of the journal cannot be seen in its files. */
static void control_journal(struct agent *agent, struct admin_call *call, json_t *request)
{
	json_t *sinks = json_array();
	struct journal_status status;

	(void)request;
	journal_status(agent->journal, &status);
	list_each(link, &agent->sinks)
		json_array_append_new(sinks, json_of_sink(agent_sink_of(link)));
	admin_reply(
		call, json_pack("{s:b,s:i,s:o,s:b,s:I,s:o}", "ok", 1, "pid",
			      (int)getpid(), "failure",
			      status.failure < 0 ? json_string(strerror(-status.failure))
						 : json_null(),
			      "collectors_wait", status.is_blocked, "failed_syncs",
			      (json_int_t)status.n_failed_syncs, "sinks", sinks));
}

static const struct {
	const char *name;
	control_command *run;
} commands[] = {
	{ "deadletter", agent_handle_letters },
	{ "journal", control_journal },
	{ "reload", control_reload },
	{ "state", agent_change_state },
	{ "status", control_status },
};

static void on_call(void *context, struct admin_call *call, json_t *request)
{
	const char *name = json_string_value(json_object_get(request, "command"));

	for (size_t i = 0; name && i < LENGTH(commands); i++) {
		if (text_equal(commands[i].name, name)) {
			commands[i].run(context, call, request);
			return;
		}
	}
	admin_reply(call,
		json_pack("{s:b,s:s}", "ok", 0, "error", "there is no such command"));
}

void agent_open_control(struct agent *agent)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	CLEANUP_FREE char *path =
		path_join(agent->options.config->agent.state_dir, ADMIN_SOCKET_NAME);
	struct admin_options options = {
		.loop = &agent->loop,
		.path = path,
		.on_call = on_call,
		.context = agent,
	};

	if (path && admin_open(&options, &agent->control, &why) < 0)
		log_warning("agent", "%s: 'rookery reload' will not reach it",
			why.size > 0 ? buffer_text(&why) : "no control socket");
}
