/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is done with dead letters while the agent runs: sent again by their sink's
 * delivery, or removed by a job on the pool. One or the other, never both at once.
 *
 *	{"command":"deadletter","change":"replay","sink":"out"}
 *	{"ok":true,"delivered":12,"refused":1,"waiting":0,"unreadable":0,"why":"HTTP 422"}
 *
 *	{"command":"deadletter","change":"purge","sink":"out","before":1763683200000000000}
 *	{"ok":true,"removed":13}
 */
#include "agent_internal.h"

#include "base/macros.h"
#include "base/text.h"
#include "base/utf8.h"
#include "config/rules.h"
#include "deliver/letters.h"
#include "deliver/replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void refuse(struct admin_call *call, const char *why)
{
	admin_reply(call, json_pack("{s:b,s:s}", "ok", 0, "error", why));
}

static struct agent_sink *find_sink(struct agent *agent, const char *id)
{
	list_each(link, &agent->sinks)
	{
		struct agent_sink *entry = agent_sink_of(link);

		if (!entry->leaves && text_equal(entry->settings->id, id))
			return entry;
	}
	return NULL;
}

/* ---- replay ------------------------------------------------------------ */

static void on_replayed(void *context, const struct replay_result *result)
{
	admin_reply(
		context, json_pack("{s:b,s:I,s:I,s:I,s:I,s:s%}", "ok", 1, "delivered",
				 (json_int_t)result->delivered, "refused",
				 (json_int_t)result->refused, "waiting",
				 (json_int_t)result->waiting, "unreadable",
				 (json_int_t)result->unreadable, "why", result->why,
				 utf8_valid_prefix(result->why, strlen(result->why))));
}

static const char *replay_problem(int r)
{
	switch (r) {
	case -EBUSY:
		return "its letters are being replayed already";
	case -EAGAIN:
		return "the sink cannot deliver at present: its letters stay";
	case -ECANCELED:
		return "the sink is being closed";
	default:
		return strerror(-r);
	}
}

static void replay(struct agent *agent, struct admin_call *call, const char *id)
{
	struct agent_sink *entry = id ? find_sink(agent, id) : NULL;
	int r;

	if (!entry) {
		refuse(call, "no sink of this id runs");
		return;
	}
	if (agent->n_purges > 0) {
		refuse(call, "letters are being removed: try again");
		return;
	}
	r = delivery_replay(entry->delivery, on_replayed, call);
	if (r < 0)
		refuse(call, replay_problem(r));
}

/* ---- purge ------------------------------------------------------------- */

struct purge {
	uv_work_t work;
	struct agent *agent;
	struct admin_call *call;
	char *folder, *sink; /* owned; sink is NULL: all */
	int64_t before_ns;
	uint64_t removed;
	int result;
};

static void purge_free(struct purge *purge)
{
	free(purge->folder);
	free(purge->sink);
	free(purge);
}

static int purge_sink(void *context, const char *sink)
{
	struct purge *purge = context;
	uint64_t n = 0;
	int r = letters_purge(purge->folder, sink, purge->before_ns, &n);

	purge->removed += n;
	return r;
}

static void purge_on_work(uv_work_t *work)
{
	struct purge *purge = container_of(work, struct purge, work);

	purge->result = purge->sink ? purge_sink(purge, purge->sink)
				    : letters_each_sink(purge->folder, purge_sink, purge);
}

static void purge_on_done(uv_work_t *work, int status)
{
	struct purge *purge = container_of(work, struct purge, work);

	(void)status;
	purge->agent->n_purges--;
	if (purge->result < 0)
		refuse(purge->call, strerror(-purge->result));
	else
		admin_reply(purge->call, json_pack("{s:b,s:I}", "ok", 1, "removed",
						 (json_int_t)purge->removed));
	purge_free(purge);
}

static struct purge *purge_create(
	struct agent *agent, const char *sink, json_int_t before_ns)
{
	struct purge *purge = calloc(1, sizeof(*purge));

	if (!purge)
		return NULL;
	purge->agent = agent;
	purge->before_ns = before_ns;
	purge->folder = strdup(agent->dead_letter_folder);
	purge->sink = sink ? strdup(sink) : NULL;
	if (purge->folder && (purge->sink || !sink))
		return purge;
	purge_free(purge);
	return NULL;
}

static bool is_replaying(struct agent *agent, const char *sink)
{
	list_each(link, &agent->sinks)
	{
		struct agent_sink *entry = agent_sink_of(link);

		if (delivery_is_replaying(entry->delivery) &&
			(!sink || text_equal(entry->settings->id, sink)))
			return true;
	}
	return false;
}

static void begin_purge(struct agent *agent, struct admin_call *call, const char *sink,
	json_int_t before_ns)
{
	struct purge *purge;

	if (is_replaying(agent, sink)) {
		refuse(call, "letters are being replayed: try again");
		return;
	}
	purge = purge_create(agent, sink, before_ns);
	if (!purge || uv_queue_work(&agent->loop, &purge->work, purge_on_work,
			      purge_on_done) < 0) {
		if (purge)
			purge_free(purge);
		refuse(call, strerror(ENOMEM));
		return;
	}
	purge->call = call;
	agent->n_purges++;
}

/* ---- requests ---------------------------------------------------------- */

void agent_handle_letters(struct agent *agent, struct admin_call *call, json_t *request)
{
	const char *change = "", *sink = NULL;
	json_int_t before_ns = INT64_MAX;
	int r = json_unpack(request, "{s:s,s?s,s?I}", "change", &change, "sink", &sink,
		"before", &before_ns);

	if (agent->state != AGENT_RUNNING)
		refuse(call, "the agent is about to end");
	else if (r < 0 || (sink && rule_id(sink)))
		refuse(call, "the request is none about dead letters");
	else if (text_equal(change, "replay"))
		replay(agent, call, sink);
	else if (text_equal(change, "purge"))
		begin_purge(agent, call, sink, before_ns);
	else
		refuse(call, "there is no such change");
}
