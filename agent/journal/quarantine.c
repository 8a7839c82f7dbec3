/* SPDX-License-Identifier: Apache-2.0 */
#include "quarantine.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/macros.h"
#include "format.h"
#include "segments.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int write_reason(const char *path, const char *reason)
{
	CLEANUP_FREE char *reason_path = NULL;
	CLEANUP_CLOSE int fd = -1;

	if (asprintf(&reason_path, "%s.reason", path) < 0)
		return -ENOMEM;
	fd = open(reason_path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0640);
	if (fd < 0)
		return -errno;
	return file_write(fd, reason, strlen(reason));
}

/* "<folder>/quarantine/<segment>.<begin>"; owned by the caller, NULL: no memory. */
static char *piece_path(const char *folder, const char *path, uint64_t begin)
{
	char *piece;

	if (asprintf(&piece, "%s/quarantine/%s.%" PRIu64, folder, last_part(path),
		    begin) < 0)
		return NULL;
	return piece;
}

static int quarantine_create(const char *folder, char **ret_path)
{
	char *path = path_join(folder, "quarantine");
	int r = path ? folder_create(path, 0750) : -ENOMEM;

	if (r < 0)
		free(path);
	else
		*ret_path = path;
	return r;
}

/* ---- its bound --------------------------------------------------------- */

static uint64_t size_of(const char *quarantine)
{
	CLEANUP_CLOSEDIR DIR *directory = opendir(quarantine);
	struct dirent *entry;
	uint64_t size = 0;

	while (directory && (entry = readdir(directory))) {
		struct stat status;

		if (fstatat(dirfd(directory), entry->d_name, &status,
			    AT_SYMLINK_NOFOLLOW) == 0 &&
			S_ISREG(status.st_mode))
			size += (uint64_t)status.st_size;
	}
	return size;
}

/* Whether there is room for so many bytes; where not, that is part of the reason. */
static bool has_room(const char *quarantine, uint64_t size, struct buffer *reason)
{
	if (size_of(quarantine) + size <= QUARANTINE_MAX_SIZE)
		return true;
	buffer_append_format(reason,
		"The %" PRIu64 " bytes were not kept: the quarantine holds %" PRIu64
		" MiB already. Remove what is not needed any more.\n",
		size, QUARANTINE_MAX_SIZE >> 20);
	return false;
}

/* ---- setting aside ----------------------------------------------------- */

int quarantine_file(const char *folder, const char *path, const char *reason)
{
	CLEANUP(buffer_finish) struct buffer text = { 0 };
	CLEANUP_FREE char *quarantine = NULL;
	CLEANUP_FREE char *target = NULL;
	int r = quarantine_create(folder, &quarantine);
	struct stat status;

	if (r < 0)
		return r;
	target = path_join(quarantine, last_part(path));
	buffer_append_format(&text, "%s: %s\n", last_part(path), reason);
	if (stat(path, &status) < 0)
		return -errno;
	if (!has_room(quarantine, (uint64_t)status.st_size, &text) &&
		truncate(path, 0) < 0)
		return -errno;
	if (!target || !buffer_text(&text))
		return -ENOMEM;
	if (rename(path, target) < 0)
		return -errno;
	return write_reason(target, buffer_text(&text));
}

static int copy_piece(const char *path, uint64_t begin, uint64_t end, int target)
{
	CLEANUP_CLOSE int source = open(path, O_RDONLY | O_CLOEXEC);

	if (source < 0)
		return -errno;
	while (begin < end) {
		uint8_t bytes[16384];
		ssize_t n = file_read_at(source, bytes,
			(size_t)MIN(end - begin, sizeof(bytes)), (off_t)begin);
		int r;

		if (n <= 0)
			return (int)n;
		r = file_write(target, bytes, (size_t)n);
		if (r < 0)
			return r;
		begin += (uint64_t)n;
	}
	return 0;
}

int quarantine_piece(const char *folder, const char *path, uint64_t begin, uint64_t end,
	const char *reason)
{
	CLEANUP(buffer_finish) struct buffer text = { 0 };
	CLEANUP_FREE char *quarantine = NULL;
	CLEANUP_FREE char *target = NULL;
	CLEANUP_CLOSE int fd = -1;
	int r = quarantine_create(folder, &quarantine);

	if (r < 0)
		return r;
	buffer_append_format(&text, "bytes %" PRIu64 " to %" PRIu64 " of %s: %s\n", begin,
		end, last_part(path), reason);
	target = piece_path(folder, path, begin);
	if (!buffer_text(&text) || !target)
		return -ENOMEM;
	fd = open(target, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0640);
	if (fd < 0)
		return errno == EEXIST ? 0 : -errno;
	if (has_room(quarantine, end - begin, &text))
		r = copy_piece(path, begin, end, fd);
	if (r == 0 && !buffer_text(&text))
		r = -ENOMEM;
	if (r == 0)
		r = write_reason(target, buffer_text(&text));
	return r < 0 ? r : 1;
}

bool quarantine_has_piece(const char *folder, const char *path, uint64_t begin)
{
	CLEANUP_FREE char *piece = piece_path(folder, path, begin);

	return piece && access(piece, F_OK) == 0;
}

bool quarantine_has_segment(const char *folder, uint64_t begin, uint64_t end)
{
	CLEANUP_FREE char *path = path_join(folder, "quarantine");
	CLEANUP_CLOSEDIR DIR *directory = path ? opendir(path) : NULL;
	struct dirent *entry;
	uint64_t first, epoch;

	while (directory && (entry = readdir(directory))) {
		if (segment_kind_of_name(entry->d_name, &first, &epoch) ==
				SEGMENT_FRAMES &&
			first >= begin && first < end)
			return true;
	}
	return false;
}
