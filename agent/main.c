/* SPDX-License-Identifier: Apache-2.0 */
/* From argv to a command; nothing else. */
#include "commands/command.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* libltdl binds symbols lazily, so that one which is missing would end the agent at
 * its first call instead of refusing the plugin. The dynamic linker reads the wish to
 * bind at once when a process starts (ld.so(8)), so start again with it. */
static void bind_symbols_at_load(char **argv)
{
	const char *value = getenv("LD_BIND_NOW");

	if (value && *value)
		return;
	if (setenv("LD_BIND_NOW", "1", 1) == 0)
		execv("/proc/self/exe", argv);
	/* Without /proc it goes on; a plugin with missing symbols may then end it. */
}

int main(int argc, char **argv)
{
	/* A reload may be asked for at any time, and a reader may go away. */
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	bind_symbols_at_load(argv);
	return commands_main(argc, argv);
}
