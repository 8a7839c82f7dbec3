/* SPDX-License-Identifier: Apache-2.0 */
/* Kept secrets as files of the mode 0600 in a folder of the mode 0700. Each is replaced
 * as a whole: a crash leaves the one before or the one after. */
#ifndef HOST_SECRET_FILES_H
#define HOST_SECRET_FILES_H

#include "secret_store.h"

#include <uv.h>

struct secret_files {
	struct secret_store store;
	uv_loop_t *loop;    /* borrowed */
	const char *folder; /* borrowed; made with the first secret */
};

void secret_files_init(struct secret_files *files, uv_loop_t *loop, const char *folder);

#endif
