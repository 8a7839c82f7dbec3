/* SPDX-License-Identifier: Apache-2.0 */
#include "files.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/macros.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MAIN_NAME    "rookery.yaml"
#define DROP_IN_NAME "conf.d"

enum { FILES_FIRST_CAPACITY = 16 };

void files_finish(struct files *files)
{
	for (size_t i = 0; i < files->n; i++) {
		free(files->items[i].path);
		free(files->items[i].message);
	}
	free(files->items);
	*files = (struct files){ 0 };
}

static int files_grow(struct files *files)
{
	size_t capacity = files->capacity ? 2 * files->capacity : FILES_FIRST_CAPACITY;
	struct file *items = reallocarray(files->items, capacity, sizeof(*items));

	if (!items)
		return -ENOMEM;
	files->items = items;
	files->capacity = capacity;
	return 0;
}

/* Takes the path over. */
static int files_add(struct files *files, char *path)
{
	if (!path || (files->n == files->capacity && files_grow(files) < 0)) {
		free(path);
		return -ENOMEM;
	}
	files->items[files->n++] = (struct file){ .path = path };
	return 0;
}

/* Adds a path that is not read, and why: a sentence and what may follow it. Takes
 * the path over. */
static int files_add_unread(struct files *files, char *path, enum severity severity,
	const char *why, const char *detail)
{
	struct file *file;
	int r = files_add(files, path);

	if (r < 0)
		return r;
	file = &files->items[files->n - 1];
	file->severity = severity;
	return asprintf(&file->message, "%s%s", why, detail) < 0 ? -ENOMEM : 0;
}

static bool is_folder(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), n_end = strlen(end);

	return n > n_end && memcmp(text + n - n_end, end, n_end) == 0;
}

static int take_name(struct files *files, const char *folder, const char *name)
{
	bool is_yml = ends_with(name, ".yml");
	CLEANUP_FREE char *path = NULL;

	if (name[0] == '.' || (!is_yml && !ends_with(name, ".yaml")))
		return 0;
	path = path_join(folder, name);
	if (!path)
		return -ENOMEM;
	if (files->n < FILES_MAX_COUNT && !is_yml)
		return files_add(files, take_pointer(path));
	if (files->n < FILES_MAX_COUNT)
		return files_add_unread(files, take_pointer(path), SEVERITY_WARNING,
			"not read, since its name does not end with ", ".yaml");
	if (files->n > FILES_MAX_COUNT)
		return 0;
	return files_add_unread(files, take_pointer(path), SEVERITY_ERROR,
		"more than 255 files in this folder; not read are others and ", name);
}

static int compare_paths(const void *a, const void *b)
{
	const struct file *file_a = a, *file_b = b;

	return strcmp(file_a->path, file_b->path);
}

static int find_drop_ins(struct files *files, const char *path)
{
	CLEANUP_CLOSEDIR DIR *folder = opendir(path);
	struct dirent *entry;
	int r = 0;

	if (!folder && errno == ENOENT)
		return 0;
	if (!folder)
		return files_add_unread(files, strdup(path), SEVERITY_ERROR,
			"cannot be read: ", strerror(errno));
	while (r == 0 && (entry = readdir(folder)))
		r = take_name(files, path, entry->d_name);
	qsort(files->items + 1, files->n - 1, sizeof(*files->items), compare_paths);
	return r;
}

/* "a/b.yaml" is beside "a/conf.d", "b.yaml" beside "conf.d". */
static char *beside(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');
	CLEANUP_FREE char *folder = NULL;

	if (!slash)
		return strdup(name);
	folder = strndup(path, (size_t)(slash - path) + 1);
	return folder ? path_join(folder, name) : NULL;
}

int files_find(struct files *files, const char *path)
{
	CLEANUP_FREE char *drop_ins = NULL;
	int r = files_add(
		files, is_folder(path) ? path_join(path, MAIN_NAME) : strdup(path));

	if (r < 0)
		return r;
	drop_ins = beside(files->items[0].path, DROP_IN_NAME);
	return drop_ins ? find_drop_ins(files, drop_ins) : -ENOMEM;
}
