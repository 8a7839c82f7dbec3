/* SPDX-License-Identifier: Apache-2.0 */
/* The files of `tls`, which may be replaced while the agent runs. */
#ifndef DELIVER_HTTP_FILES_H
#define DELIVER_HTTP_FILES_H

#include "http_options.h"

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

enum { HTTP_FILES = 3 };

struct http_files {
	/* As each was when it was last looked at. */
	struct {
		struct timespec changed;
		ino_t inode;
		off_t size;
	} seen[HTTP_FILES];
	/* Connections that know the files of before are not used again; cleared by who
	 * has seen to that. */
	bool have_changed;
};

bool http_files_are_any(const struct http_tls *tls);

/* Looks at them. Blocks; any thread. */
void http_files_look(struct http_files *files, const struct http_tls *tls);

#endif
