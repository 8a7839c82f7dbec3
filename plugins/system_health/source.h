/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file that is read again and again: its descriptor stays open, and each
 * reading is a pread from the start. Opening a file of /proc costs more than
 * reading it.
 */
#ifndef SYSTEM_HEALTH_SOURCE_H
#define SYSTEM_HEALTH_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A buffer that is used again. A zeroed struct is an empty one. */
struct text {
	char *data; /* owned */
	size_t size, capacity;
};

/* Makes room for capacity bytes in all. 0 or -ENOMEM. */
int text_reserve(struct text *text, size_t capacity);
void text_finish(struct text *text);

/* A zeroed struct is a source that is not open. */
struct source {
	int fd;
	bool open;
};

/* Reads the whole file into a text, which it replaces. The file is opened where it
 * is not: name below the folder that the descriptor is of. 0, -EFBIG for what is
 * no counter file any more, or what openat(2) and pread(2) say. */
int source_read(struct source *source, int folder, const char *name, struct text *to);

/* Reads at most n bytes from an offset, for files too large to be held. Returns
 * how many, 0 at the end, or a negative errno. */
ssize_t source_read_at(struct source *source, void *to, size_t n, off_t offset);

/* Opens what is not open. 0 or a negative errno. */
int source_open(struct source *source, int folder, const char *name);

void source_close(struct source *source);

#endif
