/* SPDX-License-Identifier: Apache-2.0 */
/* The names of a file sink's files: the one that is written now, and those that
 * were closed. */
#ifndef DELIVER_FILE_NAME_H
#define DELIVER_FILE_NAME_H

#include <stdint.h>
#include <sys/types.h>

/* The path for a time: strftime(3) conversions in UTC. Owned by the caller; NULL
 * where memory ran out or the path grows beyond PATH_MAX. */
char *file_name_expand(const char *pattern, int64_t time_ns);

/* Renames a full file to the next free PATH.N, so that higher numbers are newer.
 * Returns the new path, owned by the caller; NULL with errno. Blocks. */
char *file_name_put_aside(const char *path);

/* Finds the file with this inode among PATH and PATH.N. Owned by the caller. -ENOENT
 * where there is none, another negative errno where that is not known. Blocks. */
int file_name_find(const char *path, ino_t inode, char **ret_found);

/* Tells of every file in the folder of path that has a name which the pattern could
 * have made, with or without .N behind it; not of compressed ones. Blocks. */
void file_name_each(const char *pattern, const char *path,
	void (*on_file)(void *context, const char *path), void *context);

#endif
