/* SPDX-License-Identifier: Apache-2.0 */
/* Which files a configuration is read from. */
#ifndef CONFIG_FILES_H
#define CONFIG_FILES_H

#include <stddef.h>

#include "report.h"

/* The main file and at most one less in conf.d. */
#define FILES_MAX_COUNT 256

struct file {
	char *path;    /* owned */
	char *message; /* owned; why it is not read, NULL: it is */
	enum severity severity;
};

struct files {
	struct file *items; /* owned array; the main file, then those of conf.d by name */
	size_t n, capacity;
};

/* A zeroed struct is empty. */
void files_finish(struct files *files);

/* path: the main file, or the folder of rookery.yaml. That there is no conf.d is
 * fine. 0 or -ENOMEM. */
int files_find(struct files *files, const char *path);

#endif
