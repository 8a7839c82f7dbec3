/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include "base/macros.h"

#include <stdio.h>

static int validate_run(int argc, char **argv)
{
	struct common_options common = { 0 };
	const struct command_option options[] = { COMMON_OPTIONS(&common) };
	struct setup setup = { 0 };
	const struct command_line line = { &command_validate, options, LENGTH(options),
		1 };
	int status, n = options_read(&line, argc, argv, &status);

	if (n < 0)
		return status;
	if (n == 1)
		common.config = argv[0];
	status = setup_config(&setup, &common);
	if (status == EXIT_FINE)
		printf("%s: fine; collectors: %zu, sinks: %zu\n",
			common.config ? common.config : ROOKERY_CONFIG,
			setup.config->n_collectors, setup.config->n_sinks);
	setup_finish(&setup);
	return status;
}

const struct command command_validate = {
	.name = "validate",
	.summary = "check a configuration without using it",
	.usage = "[PATH] [OPTION]...",
	.help = "Reads a configuration and the tables of the plugins that it names, and "
		"prints\n"
		"all that is wrong with it. Nothing else is touched. Exit status 2: "
		"errors.",
	.run = validate_run,
};
