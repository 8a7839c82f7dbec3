/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <rookery/plugin.h>
#include <stdio.h>

static int version_run(int argc, char **argv)
{
	const struct command_line line = { .command = &command_version };
	int status;

	if (options_read(&line, argc, argv, &status) < 0)
		return status;
	printf("rookery %s, plugin ABI %u.%u\n", ROOKERY_VERSION, RK_ABI_MAJOR,
		RK_ABI_MINOR);
	return EXIT_FINE;
}

const struct command command_version = {
	.name = "version",
	.summary = "print the version of the agent and of its plugin ABI",
	.usage = "",
	.help = "Prints the version of the agent and of the plugin ABI that it takes.",
	.run = version_run,
};
