/* SPDX-License-Identifier: Apache-2.0 */
/* The command line's options, by a table; and what most commands begin with. */
#ifndef COMMANDS_OPTIONS_H
#define COMMANDS_OPTIONS_H

#include "catalogue.h"
#include "command.h"
#include "config/config.h"

#include <stdbool.h>
#include <stddef.h>

struct command_option {
	const char *name;  /* without dashes */
	const char *value; /* what stands behind it in the help, NULL: a switch */
	const char *help;
	bool *flag;        /* of a switch */
	const char **text; /* of another; borrowed from argv */
};

/* What a command takes. */
struct command_line {
	const struct command *command;
	const struct command_option *options;
	size_t n_options;
	int most_arguments; /* besides the options */
};

/* Reads options and moves the other arguments to the front of argv. Returns how many
 * those are; -1: the command ends with *ret_status, since --help was printed or an
 * option is wrong. */
int options_read(const struct command_line *line, int argc, char **argv, int *ret_status);

/* --config and --plugin-path, which most commands take. */
struct common_options {
	const char *config, *plugin_path;
};

#define COMMON_OPTIONS(common)                                                           \
	{ .name = "config",                                                              \
		.value = "PATH",                                                         \
		.text = &(common)->config,                                               \
		.help = "the configuration: a file, or a folder with rookery.yaml" },    \
	{                                                                                \
		.name = "plugin-path", .value = "FOLDERS",                               \
		.text = &(common)->plugin_path,                                          \
		.help = "search plugins there first; colons between folders"             \
	}

/* The configuration's path: as given, or where it is installed. */
const char *config_path_of(const struct common_options *common);

/* The catalogue and the configuration that a command works with. */
struct setup {
	struct agent_catalogue catalogue;
	struct config *config;
};

/* Loads plugins' tables alone. EXIT_FINE or EXIT_FAILED, with a message. */
int setup_catalogue(struct setup *setup, const struct common_options *common);

/* Loads both; problems are printed. EXIT_FINE; EXIT_WRONG: it has errors. */
int setup_config(struct setup *setup, const struct common_options *common);

void setup_finish(struct setup *setup);

/* Writes a buffer to standard output; EXIT_FAILED where that or the buffer failed. */
struct buffer;
int print_buffer(struct buffer *buffer);

#endif
