/* SPDX-License-Identifier: Apache-2.0 */
#include "file.h"

#include "cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_READ_STEP = 16384 };

static int read_to_end(int fd, size_t limit, struct buffer *to)
{
	size_t before = to->size;

	for (;;) {
		uint8_t *room = buffer_reserve(to, FILE_READ_STEP);
		ssize_t n;

		if (!room)
			return -ENOMEM;
		n = read(fd, room, FILE_READ_STEP);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return 0;
		buffer_advance(to, (size_t)n);
		if (to->size - before > limit)
			return -EFBIG;
	}
}

int file_read(const char *path, size_t limit, struct buffer *to)
{
	/* Opening a FIFO without a writer must not wait for one. */
	CLEANUP_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return -errno;
	return read_to_end(fd, limit, to);
}

int file_write_at(int fd, const void *bytes, size_t n, off_t offset)
{
	const uint8_t *from = bytes;

	while (n > 0) {
		ssize_t done = pwrite(fd, from, n, offset);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		if (done == 0)
			return -ENOSPC;
		from += done;
		offset += done;
		n -= (size_t)done;
	}
	return 0;
}

/* Somebody made the descriptor non-blocking, such as a shell its terminal. */
static void wait_for_room(int fd)
{
	struct pollfd out = { .fd = fd, .events = POLLOUT };
	int error = errno;

	poll(&out, 1, -1);
	errno = error;
}

int file_write(int fd, const void *bytes, size_t n)
{
	const uint8_t *from = bytes;

	while (n > 0) {
		ssize_t done = write(fd, from, n);

		if (done < 0 && errno == EAGAIN)
			wait_for_room(fd);
		if (done < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (done < 0)
			return -errno;
		from += done;
		n -= (size_t)done;
	}
	return 0;
}

ssize_t file_read_at(int fd, void *to, size_t n, off_t offset)
{
	uint8_t *at = to;
	size_t rest = n;

	while (rest > 0) {
		ssize_t done = pread(fd, at, rest, offset);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		if (done == 0)
			break;
		at += done;
		offset += done;
		rest -= (size_t)done;
	}
	return (ssize_t)(n - rest);
}

int folder_sync(const char *path)
{
	CLEANUP_CLOSE int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) < 0)
		return -errno;
	return 0;
}

/* Makes the entry of a new folder durable in the one above it, whose path ends before
 * name. Where that cannot be read, such as in a folder of another user, it is
 * the system's to keep. */
static int sync_above(char *path, char *name)
{
	char first = *name;
	int r;

	*name = '\0';
	r = folder_sync(*path ? path : ".");
	*name = first;
	return r == -EACCES ? 0 : r;
}

/* One folder, whose own name begins there in path. */
static int create_one(char *path, char *name, mode_t mode)
{
	if (mkdir(path, mode) < 0)
		return -errno;
	return sync_above(path, name);
}

static int is_folder(const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return -errno;
	return S_ISDIR(status.st_mode) ? 0 : -ENOTDIR;
}

int folder_create(const char *path, mode_t mode)
{
	CLEANUP_FREE char *copy = strdup(path);
	char *name;
	int r;

	if (!copy)
		return -ENOMEM;
	name = *copy == '/' ? copy + 1 : copy;
	for (char *at = copy + 1; *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		r = create_one(copy, name, mode);
		*at = '/';
		if (r < 0 && r != -EEXIST && r != -EROFS && r != -EACCES)
			return r;
		name = at + 1;
	}
	r = create_one(copy, name, mode);
	if (r != -EEXIST)
		return r;
	/* Who created it may have been killed before it was durable. */
	r = is_folder(copy);
	return r < 0 ? r : sync_above(copy, name);
}

char *path_join(const char *folder, const char *name)
{
	size_t n = strlen(folder);
	char *path;

	if (asprintf(&path, "%s%s%s", folder, n > 0 && folder[n - 1] == '/' ? "" : "/",
		    name) < 0)
		return NULL;
	return path;
}
