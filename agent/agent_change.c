/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes of what a collector remembers, while the agent runs. The collector has a copy
 * of its own, so it first comes to rest; then the change is committed in a frame, and
 * the collector starts again with it (agent_reconcile.c).
 *
 *	{"command":"state","change":"set","collector":"a","key":"next","hex":"3132"}
 */
#include "agent_internal.h"

#include "base/cleanup.h"
#include "base/hex.h"
#include "base/macros.h"
#include "base/text.h"
#include "journal/journal.h"
#include "journal/state_change.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A change on its way; its texts stand in the request. */
struct agent_change {
	struct list link;
	struct agent *agent;
	struct admin_call *call;
	json_t *request; /* a reference */
	struct buffer value;
	struct state_change change;
	bool sent; /* its frame is on its way */
};

static void change_end(struct agent_change *change, int result, const char *why)
{
	json_t *reply = result == 0 ? json_pack("{s:b}", "ok", 1)
				    : json_pack("{s:b,s:s}", "ok", 0, "error", why);

	admin_reply(change->call, reply);
	list_remove(&change->link);
	json_decref(change->request);
	buffer_finish(&change->value);
	free(change);
}

static void change_on_done(void *context, int result, const struct part *part,
	const struct position *position)
{
	struct agent_change *change = context;
	struct agent *agent = change->agent;

	(void)part;
	(void)position;
	change_end(change, result, strerror(-result));
	timers_set_after(agent_timers(agent), &agent->tidy, 0);
}

static void change_send(struct agent_change *change)
{
	CLEANUP(buffer_finish) struct buffer operations = { 0 };
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	struct journal *journal = change->agent->journal;
	int r = state_change_pack(
		journal_states(journal), &change->change, &operations, &why);

	if (r == 0)
		r = journal_change_state(journal, change->change.collector, &operations,
			change_on_done, change);
	change->sent = r == 0;
	if (r < 0)
		change_end(change, r, why.size > 0 ? buffer_text(&why) : strerror(-r));
}

/* ---- requests ---------------------------------------------------------- */

static int read_kind(const char *name, enum state_change_kind *ret_kind)
{
	static const char *const names[] = {
		[STATE_CHANGE_SET] = "set",
		[STATE_CHANGE_REMOVE] = "remove",
		[STATE_CHANGE_RESET] = "reset",
	};

	for (size_t i = 0; i < LENGTH(names); i++) {
		if (text_equal(names[i], name)) {
			*ret_kind = (enum state_change_kind)i;
			return 0;
		}
	}
	return -EINVAL;
}

static int read_request(struct agent_change *change, json_t *request)
{
	const char *kind = "", *collector = NULL, *key = "", *hex = "";
	int all = 0, r;

	if (json_unpack(request, "{s:s,s:s,s?s,s?s,s?b}", "change", &kind, "collector",
		    &collector, "key", &key, "hex", &hex, "all", &all) < 0)
		return -EINVAL;
	r = read_kind(kind, &change->change.kind);
	if (r == 0)
		r = hex_read(hex, strlen(hex), &change->value);
	change->change.collector = collector;
	change->change.key = slice_of(key);
	change->change.value =
		(struct slice){ (char *)change->value.data, change->value.size };
	change->change.all = all != 0;
	return r;
}

void agent_change_state(struct agent *agent, struct admin_call *call, json_t *request)
{
	struct agent_change *change = calloc(1, sizeof(*change));
	int r;

	if (!change || agent->state != AGENT_RUNNING) {
		free(change);
		admin_reply(call, json_pack("{s:b,s:s}", "ok", 0, "error",
					  "the agent is about to end"));
		return;
	}
	change->agent = agent;
	change->call = call;
	change->request = json_incref(request);
	list_append(&agent->changes, &change->link);
	r = read_request(change, request);
	if (r < 0) {
		change_end(change, r, "the request is no change of a state");
		return;
	}
	agent_end_collector(agent, change->change.collector);
	timers_set_after(agent_timers(agent), &agent->tidy, 0);
}

/* ---- for the others ---------------------------------------------------- */

bool agent_is_changing(const struct agent *agent, const char *collector)
{
	list_each(link, &agent->changes)
	{
		const struct agent_change *change =
			container_of(link, struct agent_change, link);

		if (text_equal(change->change.collector, collector))
			return true;
	}
	return false;
}

void agent_changes_go_on(struct agent *agent)
{
	list_each(link, &agent->changes)
	{
		struct agent_change *change =
			container_of(link, struct agent_change, link);

		if (!change->sent &&
			!agent_has_collector(agent, change->change.collector))
			change_send(change);
	}
}

void agent_changes_end(struct agent *agent)
{
	list_each(link, &agent->changes)
	{
		struct agent_change *change =
			container_of(link, struct agent_change, link);

		if (!change->sent)
			change_end(change, -ECANCELED, "the agent is about to end");
	}
}
