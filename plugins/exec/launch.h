/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the program is started: which file, with which arguments and environment. Made
 * once, so that nothing has to be allocated between fork and exec.
 */
#ifndef EXEC_LAUNCH_H
#define EXEC_LAUNCH_H

#include "options.h"

#include <sys/types.h>

struct launch {
	char **arguments;   /* owned array, ends with NULL; the texts are the options' */
	char **environment; /* owned, with its texts; ends with NULL */
	char *path;         /* owned; absolute, or relative to the folder */
	const char *folder;
};

/* What the started program has as its standard input, output and error (-1: none, for
 * input), and where it is told why it could not be started. All are closed on exec. */
struct launch_ends {
	int in, out, err, failure;
};

/* What the child writes where it cannot become the program. */
struct launch_failure {
	int step; /* index into what launch_step says */
	int error;
};

/* 0, -ENOMEM, or -ENOENT where the program is not on PATH. */
int launch_init(struct launch *launch, const struct settings *settings);
void launch_finish(struct launch *launch);

/* Returns the child's id or a negative errno; the ends stay the caller's. It leads a
 * process group of its own, and ends when this thread does (PR_SET_PDEATHSIG). */
pid_t launch_start(const struct launch *launch, const struct launch_ends *ends);

/* "cannot start"; "cannot enter the folder of". */
const char *launch_step(int step);

#endif
