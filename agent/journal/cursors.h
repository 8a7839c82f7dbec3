/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The folder of cursors: one file for each sink that ever was, also for those that
 * are not configured any more ("orphans"), which hold nothing up.
 */
#ifndef JOURNAL_CURSORS_H
#define JOURNAL_CURSORS_H

#include "cursor.h"

#include <stddef.h>

struct known_cursor {
	char *id;   /* owned: the sink's */
	int result; /* of reading it: 0, -EBADMSG, ... */
	struct cursor_record record;
};

/* A zeroed struct is an empty list. */
struct cursors {
	struct known_cursor *items; /* owned; sorted by id */
	size_t n;
};

/* Reads all cursors of a folder, which need not be there; safe beside an agent. 0 or a
 * negative errno; cursors_finish in both cases. Blocks. */
int cursors_load(struct cursors *cursors, const char *folder);
void cursors_finish(struct cursors *cursors);

/* NULL where there is none of this id. */
const struct known_cursor *cursors_find(const struct cursors *cursors, const char *id);

/* For the holder of the lock alone; durable. Each gives 0 or a negative errno. */

/* Removes a cursor. -ENOENT: there is none. */
int cursors_drop(const char *folder, const char *id);

/* Makes the cursor of a sink that of another, which has none yet (-EEXIST). */
int cursors_rename(const char *folder, const char *id, const char *new_id);

#endif
