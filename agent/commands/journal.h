/* SPDX-License-Identifier: Apache-2.0 */
/* What the subcommands of `rookery journal` share: the state folder they work on, and
 * how they write what they found. One file each. */
#ifndef COMMANDS_JOURNAL_H
#define COMMANDS_JOURNAL_H

#include "options.h"

#include <jansson.h>
#include <stdint.h>

extern const struct command command_journal_check, command_journal_cursors,
	command_journal_export, command_journal_list, command_journal_repair,
	command_journal_stat;

/* The folder that a subcommand works on. */
struct journal_target {
	struct common_options common;
	const char *state_dir; /* --state-dir, else the configuration's */
	struct setup setup;    /* the configuration, where one was read */
	const char *group;     /* whose messages they are; NULL: "journal" */
};

#define JOURNAL_OPTIONS(target)                                                          \
	COMMON_OPTIONS(&(target)->common),                                               \
	{                                                                                \
		.name = "state-dir", .value = "FOLDER", .text = &(target)->state_dir,    \
		.help = "the state folder; no configuration is read but with --config"   \
	}

/* Finds the state folder: reads the configuration, but not with --state-dir alone.
 * EXIT_FINE or another status, with a message. journal_target_finish in all cases. */
int journal_target_init(struct journal_target *target);
void journal_target_finish(struct journal_target *target);

/* Runs a subcommand that has no options but these and --json: reads the command line,
 * finds the folder and has act work on it, which returns the exit status. */
int journal_target_run(const struct command *command, int argc, char **argv,
	int (*act)(const struct journal_target *target, bool as_json));

/* Whether a sink of this id is configured: 1, 0; -1: no configuration was read. */
int journal_target_has_sink(const struct journal_target *target, const char *id);

/* Takes the lock for as long as the process runs, since a running agent is not to be
 * disturbed; as the folder's owner alone, who can use what is created in it. EXIT_FINE;
 * else it is refused, with a message. */
int journal_target_lock(const struct journal_target *target, const char *what);

/* A message to standard error: "rookery journal: ...". Returns EXIT_FAILED. */
int journal_fails(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Likewise, of the group that the target says. */
int target_fails(const struct journal_target *target, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Values for JSON and for tables: RFC 3339 (null: none) and 16 hexadecimal digits. */
json_t *json_time(int64_t time_ns);
json_t *json_epoch(uint64_t epoch);

/* Why a cursor could not be read. */
struct known_cursor;
const char *cursor_problem(const struct known_cursor *cursor);

/* Prints and frees it. */
void print_json(json_t *root);

#endif
