/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The calls that change files, in place of libc's: what the program itself defines
 * comes first for it and for the libraries it is linked with. Each passes the call on
 * and notes what came of it; files that are not watched pay one look at a table.
 */
#include "disk.h"

#include "disk_real.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* Folders are known by name where they are synced: descriptors of theirs begin here. */
#define FOLDER_FILE 0x80000000u

enum { MAX_FOLDERS = 64 };
static char *folder_names[MAX_FOLDERS]; /* under the disk's lock; kept to the end */

/* Under the lock, before its entry is added: the file has changed at the log's time. */
static void stamp(int fd)
{
	REAL(futimens);
	uint64_t ns = disk_next_time_ns();
	struct timespec time = {
		.tv_sec = (time_t)(ns / 1000000000u),
		.tv_nsec = (long)(ns % 1000000000u),
	};
	struct timespec times[2] = { time, time };

	if (real(fd, times) < 0)
		abort();
}

/* ---- opening ----------------------------------------------------------- */

static uint32_t folder_number(const char *name)
{
	size_t n = strlen(name);

	if (n > 0 && name[n - 1] == '/')
		n--;
	for (uint32_t i = 0; i < MAX_FOLDERS; i++) {
		if (!folder_names[i])
			folder_names[i] = strndup(name, n);
		if (folder_names[i] && strlen(folder_names[i]) == n &&
			memcmp(folder_names[i], name, n) == 0)
			return FOLDER_FILE | i;
	}
	abort();
}

static int real_open(const char *path, int flags, mode_t mode)
{
	REAL(open);
	return real(path, flags, mode);
}

/* Whether an open would change something; then it is an entry. */
static bool changes(const char *path, int flags)
{
	struct stat status;

	if (flags & O_TRUNC)
		return true;
	return (flags & O_CREAT) && stat(path, &status) < 0;
}

static uint32_t note_new_file(int fd)
{
	uint32_t file = disk_new_file();

	disk_set_fd(fd, file);
	disk_know(fd, file);
	stamp(fd);
	return file;
}

static int watched_open(const char *path, const char *name, int flags, mode_t mode)
{
	struct disk_entry entry = { .kind = DISK_CREATE, .name = strdup(name) };
	bool changing, alive = disk_begin(DISK_CREATE);
	int fd = -1;

	changing = changes(path, flags);
	if (changing && !alive)
		errno = EIO;
	else
		fd = real_open(path, flags, mode);
	if (fd >= 0 && (flags & O_DIRECTORY))
		disk_set_fd(fd, folder_number(name));
	else if (fd >= 0 && changing)
		entry.file = note_new_file(fd);
	else if (fd >= 0)
		disk_set_fd(fd, disk_file_of_name(name));
	disk_end(fd >= 0 && changing ? &entry : NULL);
	free(entry.name);
	return fd;
}

int open(const char *path, int flags, ...)
{
	const char *name = disk_name(path);
	mode_t mode = 0;
	va_list list;

	if (flags & (O_CREAT | O_TMPFILE)) {
		va_start(list, flags);
		mode = va_arg(list, mode_t);
		va_end(list);
	}
	return name ? watched_open(path, name, flags, mode)
		    : real_open(path, flags, mode);
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));

int close(int fd)
{
	REAL(close);
	disk_set_fd(fd, 0);
	return real(fd);
}

/* ---- writing ----------------------------------------------------------- */

static ssize_t real_pwrite(int fd, const void *bytes, size_t n, off_t offset)
{
	REAL(pwrite);
	return real(fd, bytes, n, offset);
}

static ssize_t watched_write(int fd, const void *bytes, size_t n, off_t offset)
{
	struct disk_entry entry = { .kind = DISK_WRITE };
	bool alive = disk_begin(DISK_WRITE);
	ssize_t done = alive ? real_pwrite(fd, bytes, n, offset) : (ssize_t)n;

	entry.file = disk_file_of_fd(fd);
	entry.offset = (uint64_t)offset;
	entry.size = (size_t)done;
	entry.bytes = done > 0 ? malloc(entry.size) : NULL;
	if (alive && done > 0)
		stamp(fd);
	if (entry.bytes)
		memcpy(entry.bytes, bytes, entry.size);
	disk_end(done > 0 ? &entry : NULL);
	free(entry.bytes);
	return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t offset)
{
	return disk_file_of_fd(fd) ? watched_write(fd, bytes, n, offset)
				   : real_pwrite(fd, bytes, n, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off_t offset)
	__attribute__((alias("pwrite")));

/* Where the descriptor stands, or the file ends. */
static off_t place_of(int fd)
{
	return lseek(fd, 0, fcntl(fd, F_GETFL) & O_APPEND ? SEEK_END : SEEK_CUR);
}

ssize_t write(int fd, const void *bytes, size_t n)
{
	REAL(write);
	ssize_t done;

	if (!disk_file_of_fd(fd))
		return real(fd, bytes, n);
	done = watched_write(fd, bytes, n, place_of(fd));
	if (done > 0)
		lseek(fd, done, SEEK_CUR);
	return done;
}

ssize_t pwritev(int fd, const struct iovec *pieces, int n, off_t offset)
{
	REAL(pwritev);
	ssize_t sum = 0;

	if (!disk_file_of_fd(fd))
		return real(fd, pieces, n, offset);
	for (int i = 0; i < n; i++) {
		ssize_t done = watched_write(
			fd, pieces[i].iov_base, pieces[i].iov_len, offset + sum);

		if (done < 0)
			return sum > 0 ? sum : done;
		sum += done;
	}
	return sum;
}

ssize_t pwritev64(int fd, const struct iovec *pieces, int n, off_t offset)
	__attribute__((alias("pwritev")));

/* ---- sizes and times --------------------------------------------------- */

static void end_size(uint32_t file, off_t size, int r)
{
	struct disk_entry entry = {
		.kind = DISK_SIZE,
		.file = file,
		.offset = (uint64_t)size,
	};

	disk_end(r == 0 ? &entry : NULL);
}

int ftruncate(int fd, off_t size)
{
	REAL(ftruncate);
	uint32_t file = disk_file_of_fd(fd);
	int r;

	if (!file)
		return real(fd, size);
	if (disk_begin(DISK_SIZE)) {
		r = real(fd, size);
		stamp(fd);
	} else {
		r = 0;
	}
	end_size(file, size, r);
	return r;
}

int ftruncate64(int fd, off_t size) __attribute__((alias("ftruncate")));

int truncate(const char *path, off_t size)
{
	REAL(truncate);
	const char *name = disk_name(path);
	int r;

	if (!name)
		return real(path, size);
	r = disk_begin(DISK_SIZE) ? real(path, size) : 0;
	end_size(disk_file_of_name(name), size, r);
	return r;
}

int truncate64(const char *path, off_t size) __attribute__((alias("truncate")));

/* Room that is set aside changes a file's size unless that is kept. */
int fallocate(int fd, int mode, off_t offset, off_t size)
{
	REAL(fallocate);
	uint32_t file = disk_file_of_fd(fd);
	struct stat status;
	off_t before = 0;
	int r;

	if (!file || mode != 0)
		return real(fd, mode, offset, size);
	r = disk_begin(DISK_SIZE) ? 0 : 1;
	if (r == 0 && fstat(fd, &status) == 0)
		before = status.st_size;
	r = r == 0 ? real(fd, mode, offset, size) : 0;
	end_size(file, before > offset + size ? before : offset + size, r);
	return r;
}

int fallocate64(int fd, int mode, off_t offset, off_t size)
	__attribute__((alias("fallocate")));

int posix_fallocate(int fd, off_t offset, off_t size)
{
	return fallocate(fd, 0, offset, size) < 0 ? errno : 0;
}

int posix_fallocate64(int fd, off_t offset, off_t size)
	__attribute__((alias("posix_fallocate")));

int futimens(int fd, const struct timespec times[2])
{
	REAL(futimens);
	struct disk_entry entry = { .kind = DISK_TIME, .file = disk_file_of_fd(fd) };
	int r;

	if (!entry.file)
		return real(fd, times);
	entry.offset =
		(uint64_t)times[1].tv_sec * 1000000000u + (uint64_t)times[1].tv_nsec;
	r = disk_begin(DISK_TIME) ? real(fd, times) : 0;
	disk_end(r == 0 ? &entry : NULL);
	return r;
}

/* ---- syncs ------------------------------------------------------------- */

static int watched_sync(int fd, uint32_t file, bool with_time, int (*real)(int fd))
{
	struct disk_entry entry = {
		.kind = DISK_SYNC,
		.file = file,
		.with_time = with_time,
	};
	int r = disk_begin(DISK_SYNC) ? real(fd) : 0;

	if (file & FOLDER_FILE) {
		entry.kind = DISK_SYNC_FOLDER;
		entry.name = folder_names[file & ~FOLDER_FILE];
	}
	disk_end(r == 0 ? &entry : NULL);
	return r;
}

int fsync(int fd)
{
	REAL(fsync);
	uint32_t file = disk_file_of_fd(fd);

	return file ? watched_sync(fd, file, true, real) : real(fd);
}

int fdatasync(int fd)
{
	REAL(fdatasync);
	uint32_t file = disk_file_of_fd(fd);

	return file ? watched_sync(fd, file, false, real) : real(fd);
}

/* ---- names ------------------------------------------------------------- */

int rename(const char *path, const char *to)
{
	REAL(rename);
	struct disk_entry entry = { .kind = DISK_RENAME };
	const char *name = disk_name(path), *other = disk_name(to);
	int r;

	if (!name || !other)
		return real(path, to);
	entry.name = strdup(name);
	entry.other = strdup(other);
	r = disk_begin(DISK_RENAME) ? real(path, to) : 0;
	entry.file = disk_file_of_name(name);
	disk_end(r == 0 ? &entry : NULL);
	free(entry.name);
	free(entry.other);
	return r;
}

int unlink(const char *path)
{
	REAL(unlink);
	struct disk_entry entry = { .kind = DISK_REMOVE };
	const char *name = disk_name(path);
	int r;

	if (!name) {
		disk_forget(path);
		return real(path);
	}
	entry.name = strdup(name);
	r = disk_begin(DISK_REMOVE) ? real(path) : 0;
	disk_end(r == 0 ? &entry : NULL);
	free(entry.name);
	return r;
}

int mkdir(const char *path, mode_t mode)
{
	REAL(mkdir);
	struct disk_entry entry = { .kind = DISK_FOLDER };
	const char *name = disk_name(path);
	int r = -1;

	if (!name)
		return real(path, mode);
	entry.name = strdup(name);
	if (disk_begin(DISK_FOLDER))
		r = real(path, mode);
	else
		errno = EIO;
	disk_end(r == 0 ? &entry : NULL);
	free(entry.name);
	return r;
}
