/* SPDX-License-Identifier: Apache-2.0 */
/* What collectors remember: looked at in the files, also beside a running agent, and
 * changed by the agent, or in the files while none runs. */
#include "options.h"

#include "admin/client.h"
#include "agent_state.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/macros.h"
#include "base/text.h"
#include "config/rules.h"
#include "state_offline.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A collector may take its grace, twice, to come to rest. */
#define REPLY_TIMEOUT_MS 60000

/* How much of a value stands in a list. */
enum { LISTED_MOST = 60 };

struct state_command {
	const char *state_dir;
	const struct config *config; /* NULL: only the folder is known */
	const char *id, *key, *value, *file;
	bool all, json, raw;
};

/* ---- showing ----------------------------------------------------------- */

static void print_listed(const json_t *entry)
{
	json_t *value = json_object_get(entry, "value");
	CLEANUP_FREE char *quoted = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
	const char *text =
		value ? quoted : json_string_value(json_object_get(entry, "hex"));
	CLEANUP_FREE char *key =
		json_dumps(json_object_get(entry, "key"), JSON_ENCODE_ANY);

	/* Quoted as JSON has it: one line each, and nothing that moves a cursor. */
	printf("%-20s %.*s %s%.*s%s\n",
		json_string_value(json_object_get(entry, "collector")),
		key ? (int)strlen(key) - 2 : 0, key ? key + 1 : "",
		value ? "" : "hex:", LISTED_MOST, text ? text : "",
		text && strlen(text) > LISTED_MOST ? "..." : "");
}

static void print_value(const json_t *entry)
{
	json_t *value = json_object_get(entry, "value");

	if (value) {
		fwrite(json_string_value(value), 1, json_string_length(value), stdout);
		putchar('\n');
	} else {
		printf("hex:%s\n", json_string_value(json_object_get(entry, "hex")));
	}
}

static void print_raw(const struct states *states, const struct state_command *command)
{
	const struct kept_state *found = states_find(states, slice_of(command->id));
	struct slice value = state_get(&found->state, slice_of(command->key));

	fwrite(value.at, 1, value.n, stdout);
}

static void print_entries(const struct states *states,
	const struct state_command *command, const json_t *entries)
{
	const json_t *first = json_array_get(entries, 0), *entry;
	size_t i;

	if (command->raw) {
		print_raw(states, command);
	} else if (command->json) {
		json_dumpf(command->key ? first : entries, stdout, JSON_INDENT(2));
		putchar('\n');
	} else if (command->key) {
		print_value(first);
	} else {
		json_array_foreach(entries, i, entry)
		{
			print_listed(entry);
		}
	}
}

static int print_states(const struct states *states, const struct state_command *command)
{
	const struct state_query query = { command->id, command->key, command->all };
	json_t *entries = states_to_json(states, &query);
	int status = EXIT_FINE;

	if (!entries) {
		fputs("rookery state: out of memory\n", stderr);
		return EXIT_FAILED;
	}
	if (json_array_size(entries) == 0 && command->id) {
		fprintf(stderr, "rookery state: '%s' has no %s%s%s\n", command->id,
			command->key ? "key '" : "state",
			command->key ? command->key : "", command->key ? "'" : "");
		status = EXIT_FAILED;
	} else {
		print_entries(states, command, entries);
	}
	json_decref(entries);
	return fflush(stdout) == 0 ? status : EXIT_FAILED;
}

static int show(const struct state_command *command)
{
	struct recovery recovery;
	int status;

	if (state_offline_read(command->state_dir, &recovery) < 0)
		return EXIT_FAILED;
	status = print_states(&recovery.states, command);
	recovery_finish(&recovery);
	return status;
}

/* ---- changing ---------------------------------------------------------- */

/* A state that nobody reads is a mistake: the collector must be configured, where that
 * is known. */
static int check_id(const struct state_command *command)
{
	const struct config *config = command->config;
	const char *why = rule_id(command->id);

	if (why) {
		fprintf(stderr, "rookery state: '%s' %s\n", command->id, why);
		return EXIT_WRONG;
	}
	for (size_t i = 0; config && i < config->n_collectors; i++) {
		if (text_equal(config->collectors[i].id, command->id))
			return EXIT_FINE;
	}
	if (!config)
		return EXIT_FINE;
	fprintf(stderr, "rookery state: no collector has the id '%s'\n", command->id);
	return EXIT_WRONG;
}

/* Asks the agent that runs to make the change. -ENOENT or -ECONNREFUSED: none does. */
static int ask_agent(const char *state_dir, const struct state_change *change)
{
	static const char *const kinds[] = {
		[STATE_CHANGE_SET] = "set",
		[STATE_CHANGE_REMOVE] = "remove",
		[STATE_CHANGE_RESET] = "reset",
	};
	json_t *request = json_pack("{s:s,s:s,s:s,s:s%,s:o,s:b}", "command", "state",
		"change", kinds[change->kind], "collector", change->collector, "key",
		change->key.at ? change->key.at : "", change->key.n, "hex",
		hex_to_json(change->value), "all", change->all);
	json_t *reply = NULL;
	int r = request ? admin_ask(state_dir, request, REPLY_TIMEOUT_MS, &reply)
			: -ENOMEM;
	const char *why = json_string_value(json_object_get(reply, "error"));

	if (r == 0 && !json_is_true(json_object_get(reply, "ok"))) {
		fprintf(stderr, "rookery state: %s\n",
			why ? why : "the agent does not say why");
		r = -EINVAL;
	} else if (r < 0 && r != -ENOENT && r != -ECONNREFUSED) {
		fprintf(stderr, "rookery state: cannot reach the agent in '%s': %s\n",
			state_dir, strerror(-r));
	}
	json_decref(request);
	json_decref(reply);
	return r;
}

static int make_change(const char *state_dir, const struct state_change *change)
{
	int r = ask_agent(state_dir, change);

	if (r == -ENOENT || r == -ECONNREFUSED)
		r = state_offline_change(state_dir, change);
	return r;
}

static int change(const struct state_command *command, enum state_change_kind kind)
{
	CLEANUP(buffer_finish) struct buffer content = { 0 };
	struct state_change change = {
		.kind = kind,
		.collector = command->id,
		.key = slice_of(command->key),
		.value = slice_of(command->value),
		.all = command->all,
	};
	int r = 0;

	if (command->file) {
		r = file_read(command->file, STATE_MAX_VALUE, &content);
		change.value = (struct slice){ (char *)content.data, content.size };
	}
	if (r < 0) {
		fprintf(stderr, "rookery state: cannot read '%s': %s\n", command->file,
			strerror(-r));
		return EXIT_FAILED;
	}
	r = make_change(command->state_dir, &change);
	return r < 0 ? EXIT_FAILED : EXIT_FINE;
}

static int list_run(const struct state_command *command)
{
	return show(command);
}

static int set_run(const struct state_command *command)
{
	int status = check_id(command);

	if (status == EXIT_FINE && !command->value == !command->file) {
		fputs("rookery state: set takes a value or --file\n", stderr);
		status = EXIT_WRONG;
	}
	return status == EXIT_FINE ? change(command, STATE_CHANGE_SET) : status;
}

static int remove_run(const struct state_command *command)
{
	return change(command, STATE_CHANGE_REMOVE);
}

static int reset_run(const struct state_command *command)
{
	return change(command, STATE_CHANGE_RESET);
}

/* ---- the command ------------------------------------------------------- */

static const struct verb {
	const char *name;
	int least, most; /* arguments */
	int (*run)(const struct state_command *command);
} verbs[] = {
	{ "list", 0, 1, list_run },
	{ "get", 2, 2, list_run },
	{ "set", 2, 3, set_run },
	{ "remove", 2, 2, remove_run },
	{ "reset", 1, 1, reset_run },
};

static const struct verb *find_verb(int n, char **argv)
{
	for (size_t i = 0; n > 0 && i < LENGTH(verbs); i++) {
		if (text_equal(verbs[i].name, argv[0]))
			return n - 1 >= verbs[i].least && n - 1 <= verbs[i].most
				       ? &verbs[i]
				       : NULL;
	}
	return NULL;
}

static int run_with_config(const struct verb *verb, struct state_command *command,
	const struct common_options *common)
{
	struct setup setup = { 0 };
	int status = setup_config(&setup, common);

	if (status == EXIT_FINE) {
		command->config = setup.config;
		command->state_dir = setup.config->agent.state_dir;
		status = verb->run(command);
	}
	setup_finish(&setup);
	return status;
}

static int state_run(int argc, char **argv)
{
	struct common_options common = { 0 };
	struct state_command command = { 0 };
	const struct command_option options[] = {
		COMMON_OPTIONS(&common),
		{ .name = "state-dir",
			.value = "FOLDER",
			.text = &command.state_dir,
			.help = "the state folder, without reading a configuration" },
		{ .name = "file",
			.value = "FILE",
			.text = &command.file,
			.help = "with set: take the value from a file, whatever it is" },
		{ .name = "all",
			.flag = &command.all,
			.help = "also the agent's own keys, which begin with '!'" },
		{ .name = "raw",
			.flag = &command.raw,
			.help = "with get: the value's bytes and nothing else" },
		{ .name = "json", .flag = &command.json, .help = "as JSON" },
	};
	const struct command_line line = { &command_state, options, LENGTH(options), 4 };
	int status, n = options_read(&line, argc, argv, &status);
	const struct verb *verb;

	if (n < 0)
		return status;
	verb = find_verb(n, argv);
	if (!verb) {
		fputs("rookery state: what? list [ID], get ID KEY, set ID KEY VALUE, "
		      "remove ID KEY, reset ID\n",
			stderr);
		return EXIT_WRONG;
	}
	command.id = n > 1 ? argv[1] : NULL;
	command.key = n > 2 ? argv[2] : NULL;
	command.value = n > 3 ? argv[3] : NULL;
	command.raw = command.raw && command.key;
	return command.state_dir ? verb->run(&command)
				 : run_with_config(verb, &command, &common);
}

const struct command command_state = {
	.name = "state",
	.summary = "show and change what collectors remember",
	.usage = "list|get|set|remove|reset [ID] [KEY] [VALUE] [OPTION]...",
	.help = "list [ID]         prints what collectors remember, of one or of all\n"
		"get ID KEY        prints one value\n"
		"set ID KEY VALUE  sets it, or takes it from --file\n"
		"remove ID KEY     removes it\n"
		"reset ID          removes all that the collector remembers\n\n"
		"Where an agent runs, it makes the change: the collector ends its run, "
		"and starts\n"
		"again with the new state. A value that is no text is printed as hex:...",
	.run = state_run,
};
