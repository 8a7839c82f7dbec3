/* SPDX-License-Identifier: Apache-2.0 */
/* What is mounted where, from /proc/<pid>/mountinfo (proc(5)). */
#ifndef SYSTEM_HEALTH_MOUNTS_H
#define SYSTEM_HEALTH_MOUNTS_H

#include "scan.h"

struct mount {
	/* As written, see escape.h. */
	struct scan number; /* "8:1": of the file system; its mounts share it */
	struct scan point, type, device;
	bool read_only; /* this mount of it, or all of them */
};

/* Reads the next mount of the text. False where none is left. */
bool mount_next(struct scan *text, struct mount *ret_mount);

#endif
