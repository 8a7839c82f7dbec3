/* SPDX-License-Identifier: Apache-2.0 */
/* The files of `tls`, which may be replaced while the agent runs. */
#ifndef DELIVER_HTTP_FILES_H
#define DELIVER_HTTP_FILES_H

#include "base/buffer.h"
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
	/* True of files that were never looked at. Cleared by who has seen to it that
	 * what is known of them is not used again. */
	bool have_changed;
	int64_t cert_ends_s; /* Unix time; INT64_MAX: there is none, or it cannot be read
			      */
};

bool http_files_are_any(const struct http_tls *tls);

/* Appends that our certificate has expired, if it has: peers say so in many ways, of
 * which few can be read, or just go. */
void http_files_append_fault(
	const struct http_files *files, const struct http_tls *tls, struct buffer *why);

/* Looks at them. Blocks; any thread. */
void http_files_look(struct http_files *files, const struct http_tls *tls);

#endif
