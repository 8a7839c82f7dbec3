/* SPDX-License-Identifier: Apache-2.0 */
/* Why a child has ended, in words. */
#ifndef ISOLATE_CHILD_END_H
#define ISOLATE_CHILD_END_H

#include <stddef.h>

#define CHILD_WHY_SIZE 1024

struct child;

/* Writes a line such as "the process of plugin 'x' died: SIGSEGV at 0x0 in collect, in
 * spoil+0x12; its last line: ...". Returns the id of the
 * collector in whose call it ended, or whose fault it is; NULL: nobody knows. */
const char *child_end_tell(const struct child *child, char *to, size_t size);

#endif
