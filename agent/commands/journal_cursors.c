/* SPDX-License-Identifier: Apache-2.0 */
/* The cursors of sinks that are not configured any more: seen, dropped, adopted. */
#include "journal.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/macros.h"
#include "base/text.h"
#include "config/rules.h"
#include "journal/cursors.h"
#include "journal/segments.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct cursors_call {
	struct journal_target target;
	bool as_json;
	char *folder;       /* owned: of the cursors */
	const char *ids[2]; /* as typed */
};

/* ---- list -------------------------------------------------------------- */

static void print_cursor(const struct known_cursor *cursor, int configured)
{
	printf("%-20s %-8s ", cursor->id, configured < 0 ? "unknown" : "orphan");
	if (cursor->result < 0)
		puts(cursor_problem(cursor));
	else
		printf("at frame %" PRIu64 " of epoch %016" PRIx64 "\n",
			cursor->record.acknowledged.sequence,
			cursor->record.acknowledged.epoch);
}

static json_t *json_of_cursor(const struct known_cursor *cursor, int configured)
{
	const struct position *position = &cursor->record.acknowledged;
	json_t *object = json_pack("{s:s,s:o}", "sink", cursor->id, "configured",
		configured < 0 ? json_null() : json_false());

	if (cursor->result < 0)
		json_object_set_new(
			object, "problem", json_string(cursor_problem(cursor)));
	else
		json_object_update_new(object,
			json_pack("{s:o,s:I,s:I}", "epoch", json_epoch(position->epoch),
				"sequence", (json_int_t)position->sequence, "index",
				(json_int_t)position->index));
	return object;
}

/* All that are not known to be of a sink. */
static int list_cursors(struct cursors_call *call)
{
	CLEANUP(cursors_finish) struct cursors cursors = { 0 };
	json_t *array = call->as_json ? json_array() : NULL;
	int r = cursors_load(&cursors, call->folder);

	for (size_t i = 0; r == 0 && i < cursors.n; i++) {
		const struct known_cursor *cursor = &cursors.items[i];
		int configured = journal_target_has_sink(&call->target, cursor->id);

		if (configured == 1)
			continue;
		if (array)
			json_array_append_new(array, json_of_cursor(cursor, configured));
		else
			print_cursor(cursor, configured);
	}
	if (r < 0) {
		json_decref(array);
		return journal_fails("cannot read '%s': %s", call->folder, strerror(-r));
	}
	if (array)
		print_json(array);
	return EXIT_FINE;
}

/* ---- drop and adopt ---------------------------------------------------- */

/* Nothing is touched beside files of a newer version. */
static int refuse_newer(const struct cursors_call *call)
{
	CLEANUP_FREE char *folder = path_join(call->target.state_dir, "journal");
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	struct segments_scan scan = { 0 };
	struct list segments;
	int r = folder ? 0 : -ENOMEM;

	list_init(&segments);
	if (r == 0)
		r = segments_find(folder, false, &segments, &scan);
	segments_tell_failure(r, folder ? folder : "", &scan, &why);
	segments_free(&segments);
	segments_scan_finish(&scan);
	return r < 0 ? journal_fails("%s", buffer_text(&why)) : EXIT_FINE;
}

/* What is about to change must be an orphan's, and nobody may be using it. */
static int prepare_change(struct cursors_call *call, const char *what)
{
	int status;

	if (journal_target_has_sink(&call->target, call->ids[0]) == 1)
		return journal_fails("cannot %s '%s': a sink of this id is configured",
			what, call->ids[0]);
	status = journal_target_lock(&call->target, what);
	return status == EXIT_FINE ? refuse_newer(call) : status;
}

static int report_change(const struct cursors_call *call, const char *what, int r)
{
	if (r == 0)
		return EXIT_FINE;
	if (r == -ENOENT)
		return journal_fails("cannot %s '%s': there is no such cursor in '%s'",
			what, call->ids[0], call->folder);
	if (r == -EEXIST)
		return journal_fails("cannot %s '%s': '%s' has a cursor already; drop "
				     "one of them",
			what, call->ids[0], call->ids[1]);
	return journal_fails("cannot %s '%s': %s", what, call->ids[0], strerror(-r));
}

static int drop_cursor(struct cursors_call *call)
{
	int status = prepare_change(call, "drop");

	if (status != EXIT_FINE)
		return status;
	return report_change(call, "drop", cursors_drop(call->folder, call->ids[0]));
}

static int adopt_cursor(struct cursors_call *call)
{
	int status;

	if (journal_target_has_sink(&call->target, call->ids[1]) == 0)
		return journal_fails("cannot adopt '%s': no sink '%s' is configured",
			call->ids[0], call->ids[1]);
	status = prepare_change(call, "adopt");
	if (status != EXIT_FINE)
		return status;
	return report_change(
		call, "adopt", cursors_rename(call->folder, call->ids[0], call->ids[1]));
}

/* ---- which of them ----------------------------------------------------- */

static const struct action {
	const char *name;
	int n_ids;
	int (*run)(struct cursors_call *call);
} actions[] = {
	{ "drop", 1, drop_cursor },
	{ "adopt", 2, adopt_cursor },
};

static const struct action list_action = { "", 0, list_cursors };

static const struct action *find_action(int n, char **argv)
{
	if (n == 0)
		return &list_action;
	for (size_t i = 0; i < LENGTH(actions); i++) {
		const struct action *action = &actions[i];

		if (text_equal(action->name, argv[0]) && n == 1 + action->n_ids)
			return action;
	}
	fputs("rookery journal cursors: what? Nothing, drop ID, or adopt OLD NEW\n",
		stderr);
	return NULL;
}

/* Ids become names of files. */
static int take_ids(struct cursors_call *call, int n, char **argv)
{
	for (int i = 1; i < n; i++) {
		const char *problem = rule_id(argv[i]);

		if (problem) {
			fprintf(stderr, "rookery journal cursors: '%s' %s\n", argv[i],
				problem);
			return EXIT_WRONG;
		}
		call->ids[i - 1] = argv[i];
	}
	return EXIT_FINE;
}

static int run_action(struct cursors_call *call, const struct action *action)
{
	int status = journal_target_init(&call->target);

	if (status == EXIT_FINE) {
		call->folder = path_join(call->target.state_dir, "cursors");
		status =
			call->folder ? action->run(call) : journal_fails("out of memory");
	}
	free(call->folder);
	journal_target_finish(&call->target);
	return status;
}

static int cursors_run(int argc, char **argv)
{
	struct cursors_call call = { 0 };
	const struct command_option options[] = {
		JOURNAL_OPTIONS(&call.target),
		{ .name = "json", .flag = &call.as_json, .help = "the list as JSON" },
	};
	const struct command_line line = { &command_journal_cursors, options,
		LENGTH(options), 3 };
	const struct action *action;
	int status, n = options_read(&line, argc, argv, &status);

	if (n < 0)
		return status;
	action = find_action(n, argv);
	if (!action || take_ids(&call, n, argv) != EXIT_FINE)
		return EXIT_WRONG;
	return run_action(&call, action);
}

const struct command command_journal_cursors = {
	.name = "journal cursors",
	.summary = "cursors of sinks that are not configured any more",
	.usage = "[drop ID|adopt OLD NEW] [OPTION]...",
	.help = "Prints the cursors that no configured sink reads on from; with "
		"--state-dir alone\n"
		"all of them, since their sinks are unknown. They hold nothing up.\n"
		"drop ID        removes one, durably\n"
		"adopt OLD NEW  makes it the cursor of sink NEW, which has none yet: a "
		"sink with a\n"
		"               new id goes on where it was under the old one\n"
		"Both are refused while an agent runs, and for the cursor of a "
		"configured "
		"sink.",
	.run = cursors_run,
};
