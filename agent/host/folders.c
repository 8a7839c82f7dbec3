/* SPDX-License-Identifier: Apache-2.0 */
#include "folders.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void names_free(char **names)
{
	for (size_t i = 0; names && names[i]; i++)
		free(names[i]);
	free(names);
}

int folders_init(struct folders *folders, const char *const *paths)
{
	size_t n = 0;

	*folders = (struct folders){ 0 };
	while (paths[n])
		n++;
	folders->items = calloc(n + 1, sizeof(*folders->items));
	if (!folders->items)
		return -ENOMEM;
	for (; folders->n < n; folders->n++) {
		folders->items[folders->n] = strdup(paths[folders->n]);
		if (!folders->items[folders->n])
			return -ENOMEM;
	}
	return 0;
}

void folders_finish(struct folders *folders)
{
	for (size_t i = 0; i < folders->n; i++)
		free(folders->items[i]);
	free(folders->items);
	names_free(folders->names);
	*folders = (struct folders){ 0 };
}

/* The real path of the plugin's file in the first folder that has one. */
static char *find_file(const struct folders *folders, const char *name)
{
	for (size_t i = 0; i < folders->n; i++) {
		CLEANUP_FREE char *path = NULL;
		char *real;

		if (asprintf(&path, "%s/%s.so", folders->items[i], name) < 0)
			return NULL;
		real = realpath(path, NULL);
		if (real)
			return real;
	}
	return NULL;
}

static void tell_missing(
	const struct folders *folders, const char *name, struct buffer *why)
{
	buffer_append_format(why, "there is no plugin '%s' in", name);
	for (size_t i = 0; i < folders->n; i++)
		buffer_append_format(why, "%s '%s'", i ? "," : "", folders->items[i]);
}

char *folders_find(const struct folders *folders, const char *name, struct buffer *why)
{
	char *path = text_is_name(name, 64, "") ? find_file(folders, name) : NULL;

	if (!path)
		tell_missing(folders, name, why);
	return path;
}

/* ---- listing ----------------------------------------------------------- */

static int add_name(char ***names, size_t *n, const char *name, size_t size)
{
	char **grown;

	for (size_t i = 0; i < *n; i++) {
		if (strlen((*names)[i]) == size && memcmp((*names)[i], name, size) == 0)
			return 0;
	}
	grown = realloc(*names, (*n + 2) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	*names = grown;
	grown[*n] = strndup(name, size);
	if (!grown[*n])
		return -ENOMEM;
	grown[++*n] = NULL;
	return 0;
}

static int add_names_of(const char *folder, char ***names, size_t *n)
{
	CLEANUP_CLOSEDIR DIR *directory = opendir(folder);
	struct dirent *entry;

	while (directory && (entry = readdir(directory))) {
		size_t size = strlen(entry->d_name);

		if (size > 3 && text_equal(entry->d_name + size - 3, ".so") &&
			add_name(names, n, entry->d_name, size - 3) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

const char *const *folders_names(struct folders *folders)
{
	char **names = calloc(1, sizeof(*names));
	size_t n = 0;
	int r = names ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < folders->n; i++)
		r = add_names_of(folders->items[i], &names, &n);
	if (r < 0) {
		names_free(names);
		return NULL;
	}
	qsort(names, n, sizeof(*names), compare_names);
	names_free(folders->names);
	folders->names = names;
	return (const char *const *)names;
}
