/* SPDX-License-Identifier: Apache-2.0 */
/* `rookery deadletter`: a table of subcommands, and what they share. */
#include "deadletter.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/macros.h"
#include "config/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int deadletter_run(struct deadletter_call *call, int (*act)(struct deadletter_call *call))
{
	int status = journal_target_init(&call->target);

	if (status == EXIT_FINE) {
		call->folder = path_join(call->target.state_dir, "dead-letters");
		status = call->folder ? act(call)
				      : target_fails(&call->target, "out of memory");
	}
	free(call->folder);
	journal_target_finish(&call->target);
	return status;
}

/* Ids become names of files. */
int deadletter_take_sink(
	const struct command *command, struct deadletter_call *call, const char *sink)
{
	const char *problem = rule_id(sink);

	if (problem) {
		fprintf(stderr, "rookery %s: '%s' %s\n", command->name, sink, problem);
		return EXIT_WRONG;
	}
	call->sink = sink;
	return EXIT_FINE;
}

int deadletter_load(
	const struct deadletter_call *call, const char *sink, struct letters *letters)
{
	int r = letters_load(letters, call->folder, sink, false);

	if (r < 0)
		return target_fails(&call->target,
			"cannot read the letters of '%s' in '%s': %s", sink, call->folder,
			strerror(-r));
	return EXIT_FINE;
}

char *deadletter_why(const struct letter *letter, int *ret_status)
{
	json_t *line = json_loadb(letter->line.at, letter->line.n, 0, NULL);
	const char *why = json_string_value(json_object_get(line, "why"));
	char *copy = why ? strdup(why) : NULL;

	*ret_status = (int)json_integer_value(json_object_get(line, "status"));
	json_decref(line);
	return copy;
}

static int group_run(int argc, char **argv)
{
	static const struct command *const commands[] = {
		&command_deadletter_list,
		&command_deadletter_show,
		&command_deadletter_replay,
		&command_deadletter_purge,
	};
	static const struct command_group group = {
		.name = "rookery deadletter",
		.intro = "Records that a receiver refused for good, and what it said.",
		.commands = commands,
		.n = LENGTH(commands),
	};

	return command_group_run(&group, argc, argv);
}

const struct command command_deadletter = {
	.name = "deadletter",
	.summary = "look at what receivers refused, send it again, remove it",
	.run = group_run,
};
