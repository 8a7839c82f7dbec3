/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The subcommands of the command line: one file each. Data goes to standard output,
 * messages to standard error; the exit status is 0, 1 where something failed, 2 where
 * the command line or the configuration is wrong.
 */
#ifndef COMMANDS_COMMAND_H
#define COMMANDS_COMMAND_H

#include <stddef.h>

enum { EXIT_FINE = 0, EXIT_FAILED = 1, EXIT_WRONG = 2 };

struct command {
	const char *name;
	const char *summary; /* one line */
	const char *help;    /* what --help prints, behind the usage line */
	const char *usage;   /* behind the name */
	int (*run)(int argc, char **argv);
};

/* A table of commands, of which the first argument names one: by the last word of its
 * name. */
struct command_group {
	const char *name;  /* what is typed before it */
	const char *intro; /* what --help prints, behind the usage line */
	const struct command *const *commands;
	size_t n;
};

/* Prints the help that is asked for, or finds the command and runs it. Returns the
 * exit status. */
int command_group_run(const struct command_group *group, int argc, char **argv);

extern const struct command command_collect, command_config, command_deadletter,
	command_journal, command_plugin, command_reload, command_run, command_state,
	command_validate, command_version;

/* Finds the subcommand that argv names and runs it. Returns the exit status. */
int commands_main(int argc, char **argv);

#endif
