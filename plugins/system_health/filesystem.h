/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Space and inodes of mounted file systems. Each file system is reported once, at
 * the first of its mount points, however often it is mounted.
 */
#ifndef SYSTEM_HEALTH_FILESYSTEM_H
#define SYSTEM_HEALTH_FILESYSTEM_H

#include "part.h"
#include "prober.h"
#include "roster.h"
#include "source.h"

struct filesystem_space {
	uint64_t total, used, free, reserved; /* bytes */
	uint64_t inodes, inodes_free;
};

/* Works the answer of statfs(2) out. False where it is no file system with a size,
 * or its figures contradict. */
bool filesystem_split(const struct statfs *answer, struct filesystem_space *ret_space);

struct filesystem {
	struct source source;
	struct roster mounts;
	struct prober prober;
};

extern const struct part filesystem_part;

#endif
