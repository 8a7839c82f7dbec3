/* SPDX-License-Identifier: Apache-2.0 */
#include "cursors.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *cursor_path(const char *folder, const char *id)
{
	char *path;

	return asprintf(&path, "%s/%s.cursor", folder, id) < 0 ? NULL : path;
}

static int cursors_add(struct cursors *cursors, const char *folder, const char *id)
{
	CLEANUP_FREE char *path = cursor_path(folder, id);
	struct known_cursor *grown =
		reallocarray(cursors->items, cursors->n + 1, sizeof(*cursors->items));
	struct known_cursor *cursor;

	if (!grown)
		return -ENOMEM;
	cursors->items = grown;
	cursor = &grown[cursors->n];
	*cursor = (struct known_cursor){ .id = strdup(id) };
	if (!path || !cursor->id) {
		free(cursor->id);
		return -ENOMEM;
	}
	cursors->n++;
	cursor->result = cursor_read(path, &cursor->record);
	return 0;
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct known_cursor *)a)->id,
		((const struct known_cursor *)b)->id);
}

int cursors_load(struct cursors *cursors, const char *folder)
{
	CLEANUP_CLOSEDIR DIR *directory = opendir(folder);
	struct dirent *entry;
	int r = 0;

	*cursors = (struct cursors){ 0 };
	if (!directory)
		return errno == ENOENT ? 0 : -errno;
	while (r == 0 && (entry = readdir(directory))) {
		char *suffix = strrchr(entry->d_name, '.');

		if (!suffix || suffix == entry->d_name || !text_equal(suffix, ".cursor"))
			continue;
		*suffix = '\0';
		r = cursors_add(cursors, folder, entry->d_name);
	}
	if (cursors->n > 1)
		qsort(cursors->items, cursors->n, sizeof(*cursors->items), compare);
	return r;
}

void cursors_finish(struct cursors *cursors)
{
	for (size_t i = 0; i < cursors->n; i++)
		free(cursors->items[i].id);
	free(cursors->items);
	*cursors = (struct cursors){ 0 };
}

const struct known_cursor *cursors_find(const struct cursors *cursors, const char *id)
{
	for (size_t i = 0; i < cursors->n; i++) {
		if (text_equal(cursors->items[i].id, id))
			return &cursors->items[i];
	}
	return NULL;
}

int cursors_drop(const char *folder, const char *id)
{
	CLEANUP_FREE char *path = cursor_path(folder, id);

	if (!path)
		return -ENOMEM;
	return unlink(path) < 0 ? -errno : folder_sync(folder);
}

int cursors_rename(const char *folder, const char *id, const char *new_id)
{
	CLEANUP_FREE char *path = cursor_path(folder, id);
	CLEANUP_FREE char *new_path = cursor_path(folder, new_id);

	if (!path || !new_path)
		return -ENOMEM;
	/* The lock keeps others from creating it in between. */
	if (access(new_path, F_OK) == 0)
		return -EEXIST;
	return rename(path, new_path) < 0 ? -errno : folder_sync(folder);
}
