/* SPDX-License-Identifier: Apache-2.0 */
#include "file_name.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "base/number.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

char *file_name_expand(const char *pattern, int64_t time_ns)
{
	time_t second = time_ns / NS_PER_SECOND;
	char path[PATH_MAX];
	struct tm fields;

	gmtime_r(&second, &fields);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the pattern is configuration */
	/* 0 says that it does not fit, since a path is never empty. */
	if (strftime(path, sizeof(path), pattern, &fields) == 0)
		return NULL;
#pragma GCC diagnostic pop
	return strdup(path);
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static char *folder_of(const char *path)
{
	const char *name = last_part(path);

	if (name == path)
		return strdup(".");
	return strndup(path, MAX((size_t)(name - path) - 1, 1u));
}

/* N of a name PATH.N, also of PATH.N.gz; 0: it is none. */
static uint64_t number_of(const char *name, const char *stem)
{
	size_t n = strlen(stem), digits;
	uint64_t number;

	if (strncmp(name, stem, n) != 0 || name[n] != '.')
		return 0;
	digits = strspn(name + n + 1, "0123456789");
	if (name[n + 1 + digits] != '\0' && !text_equal(name + n + 1 + digits, ".gz"))
		return 0;
	return unsigned_from_text(name + n + 1, digits, &number) == 0 ? number : 0;
}

/* The highest N of PATH.N; false with errno where the folder cannot be read. */
static bool find_highest_number(const char *path, uint64_t *ret_highest)
{
	CLEANUP_FREE char *folder = folder_of(path);
	CLEANUP_CLOSEDIR DIR *directory = folder ? opendir(folder) : NULL;
	struct dirent *entry;

	*ret_highest = 0;
	if (!directory)
		return false;
	errno = 0;
	while ((entry = readdir(directory)))
		*ret_highest =
			MAX(*ret_highest, number_of(entry->d_name, last_part(path)));
	return errno == 0;
}

char *file_name_put_aside(const char *path)
{
	uint64_t highest;
	char *aside;

	/* Where that is not known, the new name might be that of another file. */
	if (!find_highest_number(path, &highest))
		return NULL;
	if (asprintf(&aside, "%s.%llu", path, (unsigned long long)highest + 1) < 0) {
		errno = ENOMEM;
		return NULL;
	}
	if (rename(path, aside) < 0) {
		int error = errno;

		free(aside);
		errno = error;
		return NULL;
	}
	return aside;
}

int file_name_find(const char *path, ino_t inode, char **ret_found)
{
	CLEANUP_FREE char *folder = folder_of(path);
	CLEANUP_CLOSEDIR DIR *directory = folder ? opendir(folder) : NULL;
	const char *stem = last_part(path);
	struct dirent *entry;

	if (!directory)
		return folder ? -errno : -ENOMEM;
	errno = 0;
	while ((entry = readdir(directory))) {
		if (entry->d_ino != inode || (!text_equal(entry->d_name, stem) &&
						     number_of(entry->d_name, stem) == 0))
			continue;
		if (asprintf(ret_found, "%s/%s", folder, entry->d_name) < 0)
			return -ENOMEM;
		return 0;
	}
	return errno ? -errno : -ENOENT;
}

/* The last part of the pattern as a glob: any text for each conversion. */
static char *glob_of(const char *pattern)
{
	struct buffer glob = { 0 };

	for (const char *at = last_part(pattern); *at; at++) {
		if (*at == '%' && at[1] == '%') {
			buffer_append_byte(&glob, '%');
			at++;
		} else if (*at == '%' && at[1]) {
			buffer_append_byte(&glob, '*');
			at++;
		} else {
			if (strchr("*?[\\", *at))
				buffer_append_byte(&glob, '\\');
			buffer_append_byte(&glob, (uint8_t)*at);
		}
	}
	return buffer_take_text(&glob);
}

/* A name without the .N that put_aside gave it. */
static void cut_number(char *name)
{
	char *dot = strrchr(name, '.');

	if (dot && dot[1] && dot[1 + strspn(dot + 1, "0123456789")] == '\0')
		*dot = '\0';
}

static bool matches(const char *glob, const char *name)
{
	CLEANUP_FREE char *stem = strdup(name);

	size_t n = strlen(name);

	if (!stem || (n > 3 && text_equal(name + n - 3, ".gz")))
		return false;
	if (fnmatch(glob, name, FNM_PERIOD) == 0)
		return true;
	cut_number(stem);
	return fnmatch(glob, stem, FNM_PERIOD) == 0;
}

void file_name_each(const char *pattern, const char *path,
	void (*on_file)(void *context, const char *path), void *context)
{
	CLEANUP_FREE char *folder = folder_of(path);
	CLEANUP_FREE char *glob = glob_of(pattern);
	CLEANUP_CLOSEDIR DIR *directory = folder ? opendir(folder) : NULL;
	struct dirent *entry;

	while (directory && glob && (entry = readdir(directory))) {
		CLEANUP_FREE char *found = NULL;

		if (!matches(glob, entry->d_name) ||
			asprintf(&found, "%s/%s", folder, entry->d_name) < 0)
			continue;
		on_file(context, found);
	}
}
