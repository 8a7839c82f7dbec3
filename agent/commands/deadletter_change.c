/* SPDX-License-Identifier: Apache-2.0 */
/* Dead letters sent again, by the agent that runs, and removed: by that agent too, or
 * here while none runs. */
#include "deadletter.h"

#include "admin/client.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "base/timestamp.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A replay takes as many requests as there are batches of letters. */
#define REPLY_TIMEOUT_MS 600000

/* ---- the agent --------------------------------------------------------- */

/* Whether the agent was reached, with its reply, owned by the caller, where it did as
 * it was told. -ENOENT or -ECONNREFUSED: none runs; else a message was printed. */
static int ask_agent(const struct deadletter_call *call, const char *change,
	int64_t before_ns, json_t **ret_reply)
{
	json_t *request = json_pack("{s:s,s:s,s:I}", "command", "deadletter", "change",
		change, "before", (json_int_t)before_ns);
	json_t *reply = NULL;
	const char *why;
	int r = request ? 0 : -ENOMEM;

	if (r == 0 && call->sink)
		r = json_object_set_new(request, "sink", json_string(call->sink));
	if (r == 0)
		r = admin_ask(call->target.state_dir, request, REPLY_TIMEOUT_MS, &reply);
	json_decref(request);
	if (r == -ENOENT || r == -ECONNREFUSED)
		return r;
	why = json_string_value(json_object_get(reply, "error"));
	if (r == 0 && json_is_true(json_object_get(reply, "ok"))) {
		*ret_reply = reply;
		return 0;
	}
	if (r < 0)
		target_fails(&call->target, "the agent in '%s' does not answer: %s",
			call->target.state_dir, strerror(-r));
	else
		target_fails(&call->target, "cannot %s: %s", change,
			why ? why : "the agent does not say why");
	json_decref(reply);
	return r < 0 ? r : -EINVAL;
}

static json_int_t number_of(const json_t *reply, const char *name)
{
	return json_integer_value(json_object_get(reply, name));
}

/* ---- replay ------------------------------------------------------------ */

static int print_replay(const struct deadletter_call *call, const json_t *reply)
{
	static const struct {
		const char *name, *text;
	} kept[] = {
		{ "refused", "were refused again and stay" },
		{ "waiting", "were not tried and stay" },
		{ "unreadable", "cannot be sent and stay" },
	};
	CLEANUP_FREE char *why =
		json_dumps(json_object_get(reply, "why"), JSON_ENCODE_ANY);
	int status = EXIT_FINE;

	printf("%" JSON_INTEGER_FORMAT " letters of '%s' were delivered\n",
		number_of(reply, "delivered"), call->sink);
	for (size_t i = 0; i < LENGTH(kept); i++) {
		if (number_of(reply, kept[i].name) == 0)
			continue;
		printf("%" JSON_INTEGER_FORMAT " %s\n", number_of(reply, kept[i].name),
			kept[i].text);
		status = EXIT_FAILED;
	}
	if (status != EXIT_FINE && why && strcmp(why, "\"\"") != 0)
		printf("the reason: %s\n", why);
	return status;
}

static int replay(struct deadletter_call *call)
{
	json_t *reply = NULL;
	int r = ask_agent(call, "replay", 0, &reply), status;

	if (r == -ENOENT || r == -ECONNREFUSED)
		return target_fails(&call->target,
			"no agent runs in '%s', whose sink '%s' would deliver them: "
			"start it first",
			call->target.state_dir, call->sink);
	if (r < 0)
		return EXIT_FAILED;
	status = print_replay(call, reply);
	json_decref(reply);
	return status;
}

static int replay_run(int argc, char **argv)
{
	struct deadletter_call call = DEADLETTER_CALL;
	const struct command_option options[] = { JOURNAL_OPTIONS(&call.target) };
	const struct command_line line = { &command_deadletter_replay, options,
		LENGTH(options), 1 };
	int status, n = options_read(&line, argc, argv, &status);

	if (n < 0)
		return status;
	if (n == 0) {
		fputs("rookery deadletter replay: of which sink?\n", stderr);
		return EXIT_WRONG;
	}
	status = deadletter_take_sink(&command_deadletter_replay, &call, argv[0]);
	return status == EXIT_FINE ? deadletter_run(&call, replay) : status;
}

const struct command command_deadletter_replay = {
	.name = "deadletter replay",
	.summary = "send the letters of a sink again, once the receiver takes them",
	.usage = "SINK [OPTION]...",
	.help = "Has the agent that runs send the dead letters of a sink again, oldest "
		"first, with the\n"
		"ids that they have, in the format that the sink has now. Each is tried "
		"once. What the\n"
		"receiver takes is removed; what it refuses again stays, with the new "
		"answer. Where the\n"
		"agent dies in between, some may be delivered twice, and none is lost. "
		"Exit status 1:\n"
		"letters are left.",
	.run = replay_run,
};

/* ---- purge ------------------------------------------------------------- */

struct purge {
	const char *folder;
	int64_t before_ns;
	uint64_t removed;
};

static int purge_sink(void *context, const char *sink)
{
	struct purge *purge = context;
	uint64_t n = 0;
	int r = letters_purge(purge->folder, sink, purge->before_ns, &n);

	purge->removed += n;
	return r;
}

static int purge_here(const struct deadletter_call *call, int64_t before_ns)
{
	struct purge purge = { call->folder, before_ns, 0 };
	int r;

	if (journal_target_lock(&call->target, "purge") != EXIT_FINE)
		return EXIT_FAILED;
	r = call->sink ? purge_sink(&purge, call->sink)
		       : letters_each_sink(call->folder, purge_sink, &purge);
	if (r < 0)
		return target_fails(&call->target, "cannot purge: %s", strerror(-r));
	printf("%" PRIu64 " letters were removed\n", purge.removed);
	return EXIT_FINE;
}

static int purge_letters(struct deadletter_call *call)
{
	int64_t before_ns = INT64_MAX;
	json_t *reply = NULL;
	int r;

	if (call->before &&
		timestamp_from_text(call->before, strlen(call->before), &before_ns) < 0) {
		target_fails(&call->target,
			"'%s' is no time such as 2026-11-01T00:00:00Z", call->before);
		return EXIT_WRONG;
	}
	r = ask_agent(call, "purge", before_ns, &reply);
	if (r == -ENOENT || r == -ECONNREFUSED)
		return purge_here(call, before_ns);
	if (r < 0)
		return EXIT_FAILED;
	printf("%" JSON_INTEGER_FORMAT " letters were removed\n",
		number_of(reply, "removed"));
	json_decref(reply);
	return EXIT_FINE;
}

static int purge_run(int argc, char **argv)
{
	struct deadletter_call call = DEADLETTER_CALL;
	const struct command_option options[] = {
		JOURNAL_OPTIONS(&call.target),
		{ .name = "before",
			.value = "TIME",
			.text = &call.before,
			.help = "only those that were refused before" },
		{ .name = "all", .flag = &call.all, .help = "of all sinks" },
	};
	const struct command_line line = { &command_deadletter_purge, options,
		LENGTH(options), 1 };
	int status, n = options_read(&line, argc, argv, &status);

	if (n < 0)
		return status;
	if ((n == 1) == call.all) {
		fputs("rookery deadletter purge: of which sink? A SINK or --all\n",
			stderr);
		return EXIT_WRONG;
	}
	status = n == 1 ? deadletter_take_sink(&command_deadletter_purge, &call, argv[0])
			: EXIT_FINE;
	return status == EXIT_FINE ? deadletter_run(&call, purge_letters) : status;
}

const struct command command_deadletter_purge = {
	.name = "deadletter purge",
	.summary = "remove letters of a sink, or of all",
	.usage = "SINK|--all [OPTION]...",
	.help = "Removes dead letters for good: of a sink, or of all, also those that "
		"are not\n"
		"configured any more. Where an agent runs, it does so.",
	.run = purge_run,
};
