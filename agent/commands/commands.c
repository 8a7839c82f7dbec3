/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

#include "base/log.h"
#include "base/macros.h"
#include "base/text.h"
#include "options.h"

#include <stdio.h>
#include <string.h>

static const struct command *const commands[] = {
	&command_run,
	&command_reload,
	&command_validate,
	&command_collect,
	&command_plugin,
	&command_config,
	&command_journal,
	&command_deadletter,
	&command_state,
	&command_version,
};

static const struct command_group root = {
	.name = "rookery",
	.intro = "Collects what email costs, how it is delivered and how the machines "
		 "behind\n"
		 "it feel, keeps it safe, and forwards it.",
	.commands = commands,
	.n = LENGTH(commands),
};

/* What is typed for a command in its group. */
static const char *last_word(const char *name)
{
	const char *space = strrchr(name, ' ');

	return space ? space + 1 : name;
}

static void print_help(const struct command_group *group, FILE *to)
{
	fprintf(to, "Usage: %s COMMAND [OPTION]...\n%s\n\nCommands:\n", group->name,
		group->intro);
	for (size_t i = 0; i < group->n; i++)
		fprintf(to, "  %-10s %s\n", last_word(group->commands[i]->name),
			group->commands[i]->summary);
	fprintf(to, "\n'%s COMMAND --help' tells more.\n", group->name);
}

static const struct command *find_command(
	const struct command_group *group, const char *name)
{
	const char *names[LENGTH(commands)], *nearest;
	size_t n = MIN(group->n, LENGTH(names));

	for (size_t i = 0; i < n; i++) {
		names[i] = last_word(group->commands[i]->name);
		if (text_equal(names[i], name))
			return group->commands[i];
	}
	nearest = text_nearest(name, names, n);
	fprintf(stderr, "%s: there is no command '%s'%s%s%s\n", group->name, name,
		nearest ? "; did you mean '" : "", nearest ? nearest : "",
		nearest ? "'?" : "");
	return NULL;
}

int command_group_run(const struct command_group *group, int argc, char **argv)
{
	const struct command *command;

	if (argc < 2) {
		print_help(group, stderr);
		return EXIT_WRONG;
	}
	if (text_equal(argv[1], "--help") || text_equal(argv[1], "-h") ||
		text_equal(argv[1], "help")) {
		print_help(group, stdout);
		return EXIT_FINE;
	}
	command = find_command(group, argv[1]);
	return command ? command->run(argc - 1, argv + 1) : EXIT_WRONG;
}

int commands_main(int argc, char **argv)
{
	log_setup(LOG_LEVEL_INFO);
	if (argc > 1 && text_equal(argv[1], "--version"))
		return command_version.run(1, argv + 1);
	return command_group_run(&root, argc, argv);
}
