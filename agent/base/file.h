/* SPDX-License-Identifier: Apache-2.0 */
/* Files and folders: whole reads and writes, and what makes them durable. All
 * of these may block; none belongs on the loop once the agent runs. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "buffer.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Appends the file's content to a buffer. -EFBIG: more than limit bytes, -EISDIR:
 * a folder; else what open(2) and read(2) say. */
int file_read(const char *path, size_t limit, struct buffer *to);

/* Writes all n bytes, at an offset or where the descriptor stands. */
int file_write_at(int fd, const void *bytes, size_t n, off_t offset);
int file_write(int fd, const void *bytes, size_t n);

/* Reads up to n bytes at an offset, fewer only at the end of the file. Returns
 * how many, or a negative errno. */
ssize_t file_read_at(int fd, void *to, size_t n, off_t offset);

/* Makes the entries of a folder durable: what was created, renamed or removed
 * in it (fsync(2), notes). */
int folder_sync(const char *path);

/* Creates a folder and those above it, each with the mode and durable. */
int folder_create(const char *path, mode_t mode);

/* "folder/name"; owned by the caller, NULL where memory ran out. */
char *path_join(const char *folder, const char *name);

#endif
