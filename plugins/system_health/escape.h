/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel writes blanks and the like in file names as \040 (proc(5), mounts). */
#ifndef SYSTEM_HEALTH_ESCAPE_H
#define SYSTEM_HEALTH_ESCAPE_H

#include "scan.h"

/* Writes the name as it is, with a NUL behind it. False where it does not fit. */
bool escape_undo(const struct scan *written, char *to, size_t room);

#endif
