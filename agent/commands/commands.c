/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

#include "base/log.h"
#include "base/macros.h"
#include "base/text.h"
#include "options.h"

#include <stdio.h>

static const struct command *const commands[] = {
	&command_run,
	&command_reload,
	&command_validate,
	&command_collect,
	&command_plugin,
	&command_config,
	&command_journal,
	&command_state,
	&command_version,
};

static void print_help(FILE *to)
{
	fputs("Usage: rookery COMMAND [OPTION]...\n"
	      "Collects what email costs, how it is delivered and how the machines "
	      "behind\n"
	      "it feel, keeps it safe, and forwards it.\n\nCommands:\n",
		to);
	for (size_t i = 0; i < LENGTH(commands); i++)
		fprintf(to, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
	fputs("\n'rookery COMMAND --help' tells more.\n", to);
}

static const struct command *find_command(const char *name)
{
	const char *names[LENGTH(commands)], *nearest;

	for (size_t i = 0; i < LENGTH(commands); i++) {
		names[i] = commands[i]->name;
		if (text_equal(names[i], name))
			return commands[i];
	}
	nearest = text_nearest(name, names, LENGTH(names));
	fprintf(stderr, "rookery: there is no command '%s'%s%s%s\n", name,
		nearest ? "; did you mean '" : "", nearest ? nearest : "",
		nearest ? "'?" : "");
	return NULL;
}

int commands_main(int argc, char **argv)
{
	const struct command *command;

	log_setup(LOG_LEVEL_INFO);
	if (argc < 2) {
		print_help(stderr);
		return EXIT_WRONG;
	}
	if (text_equal(argv[1], "--help") || text_equal(argv[1], "-h") ||
		text_equal(argv[1], "help")) {
		print_help(stdout);
		return EXIT_FINE;
	}
	if (text_equal(argv[1], "--version"))
		return command_version.run(1, argv + 1);
	command = find_command(argv[1]);
	return command ? command->run(argc - 1, argv + 1) : EXIT_WRONG;
}
