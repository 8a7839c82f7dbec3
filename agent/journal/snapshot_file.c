/* SPDX-License-Identifier: Apache-2.0 */
/* Snapshots as files: written beside the others and then put in their row at once. */
#include "snapshot.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/number.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char name_begin[] = "states.";

char *snapshot_path(const char *folder, uint64_t number)
{
	char *path;

	if (asprintf(&path, "%s/%s%" PRIu64, folder, name_begin, number) < 0)
		return NULL;
	return path;
}

int snapshot_read(const char *folder, uint64_t number, struct states *states,
	struct position *ret_end)
{
	CLEANUP(buffer_finish) struct buffer bytes = { 0 };
	CLEANUP_FREE char *path = snapshot_path(folder, number);
	int r;

	if (!path)
		return -ENOMEM;
	r = file_read(path, SNAPSHOT_MAX_SIZE, &bytes);
	if (r < 0)
		return r == -EFBIG ? -EBADMSG : r;
	return snapshot_unpack(bytes.data, bytes.size, states, ret_end);
}

/* ---- the row of files -------------------------------------------------- */

static bool read_number(const char *name, uint64_t *ret_number)
{
	size_t n = sizeof(name_begin) - 1;
	int64_t number;

	/* As snapshot_path writes it, and no other way. */
	if (strncmp(name, name_begin, n) != 0 || name[n] < '1' || name[n] > '9' ||
		integer_from_text(name + n, strlen(name + n), &number) < 0)
		return false;
	*ret_number = (uint64_t)number;
	return true;
}

static int compare_numbers(const void *a, const void *b)
{
	uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;

	return (first < second) - (first > second);
}

int snapshots_list(const char *folder, uint64_t **ret_numbers, size_t *ret_n)
{
	CLEANUP_CLOSEDIR DIR *directory = opendir(folder);
	CLEANUP(buffer_finish) struct buffer numbers = { 0 };
	struct dirent *entry;
	uint64_t number;

	if (!directory && errno != ENOENT)
		return -errno;
	while (directory && (entry = readdir(directory))) {
		if (read_number(entry->d_name, &number))
			buffer_append(&numbers, &number, sizeof(number));
	}
	*ret_n = numbers.size / sizeof(number);
	*ret_numbers = (uint64_t *)(void *)buffer_take_text(&numbers);
	if (!*ret_numbers)
		return -ENOMEM;
	qsort(*ret_numbers, *ret_n, sizeof(number), compare_numbers);
	return 0;
}

static void remove_below(const char *folder, uint64_t keep)
{
	CLEANUP_FREE uint64_t *numbers = NULL;
	size_t n = 0;

	/* One that cannot be removed is found again with the next. */
	if (snapshots_list(folder, &numbers, &n) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		CLEANUP_FREE char *path =
			numbers[i] < keep ? snapshot_path(folder, numbers[i]) : NULL;

		if (path)
			unlink(path);
	}
}

static int write_durably(const char *path, const struct buffer *bytes)
{
	CLEANUP_CLOSE int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0640);
	int r;

	if (fd < 0)
		return -errno;
	r = file_write_at(fd, bytes->data, bytes->size, 0);
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	return r;
}

int snapshot_write(
	const char *folder, uint64_t number, uint64_t keep, const struct buffer *bytes)
{
	CLEANUP_FREE char *path = snapshot_path(folder, number);
	CLEANUP_FREE char *making = path_join(folder, "states.tmp");
	int r;

	if (!path || !making)
		return -ENOMEM;
	r = write_durably(making, bytes);
	if (r == 0 && rename(making, path) < 0)
		r = -errno;
	if (r < 0) {
		unlink(making);
		return r;
	}
	r = folder_sync(folder);
	if (r < 0) {
		unlink(path);
		return r;
	}
	remove_below(folder, keep);
	return 0;
}
