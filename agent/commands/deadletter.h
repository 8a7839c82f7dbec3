/* SPDX-License-Identifier: Apache-2.0 */
/* What the subcommands of `rookery deadletter` share: the folder of the letters, and
 * what a line says. One file each; deadletter_change.c has those that change. */
#ifndef COMMANDS_DEADLETTER_H
#define COMMANDS_DEADLETTER_H

#include "deliver/letters.h"
#include "journal.h"

extern const struct command command_deadletter_list, command_deadletter_purge,
	command_deadletter_replay, command_deadletter_show;

struct deadletter_call {
	struct journal_target target;
	const char *sink; /* NULL: all */
	const char *limit, *before;
	bool all, as_json;
	char *folder; /* owned */
};

/* The call with its target for JOURNAL_OPTIONS. */
#define DEADLETTER_CALL                                                                  \
	{                                                                                \
		.target.group = "deadletter"                                             \
	}

/* Finds the folder and has act work on it. Returns the exit status. */
int deadletter_run(
	struct deadletter_call *call, int (*act)(struct deadletter_call *call));

/* Takes the id of a sink from the command line. EXIT_FINE or EXIT_WRONG, with a
 * message. */
int deadletter_take_sink(
	const struct command *command, struct deadletter_call *call, const char *sink);

/* Reads the letters of a sink. EXIT_FINE or EXIT_FAILED, with a message;
 * letters_finish in both cases. */
int deadletter_load(
	const struct deadletter_call *call, const char *sink, struct letters *letters);

/* The answer that refused it: a status, 0 where there is none, and a line, owned by the
 * caller; NULL: the line does not say it. */
char *deadletter_why(const struct letter *letter, int *ret_status);

#endif
