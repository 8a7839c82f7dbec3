/* SPDX-License-Identifier: Apache-2.0 */
/* Where plugins' files are searched. */
#ifndef HOST_FOLDERS_H
#define HOST_FOLDERS_H

#include <stddef.h>

struct buffer;

struct folders {
	char **items; /* owned, n of them, in the order in which they are searched */
	size_t n;
	char **names; /* owned, ends with NULL */
};

/* Copies paths, which end with NULL. 0 or -ENOMEM; folders_finish in both cases. */
int folders_init(struct folders *folders, const char *const *paths);
void folders_finish(struct folders *folders);

/* The real path of a plugin's file in the first folder that has one; owned by the
 * caller. NULL: there is none, which is appended to why. Blocks. */
char *folders_find(const struct folders *folders, const char *name, struct buffer *why);

/* The names of all plugin files, sorted; ends with NULL. Borrowed until the next call;
 * NULL where memory ran out. Blocks. */
const char *const *folders_names(struct folders *folders);

#endif
