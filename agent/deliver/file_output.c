/* SPDX-License-Identifier: Apache-2.0 */
#include "file_output.h"

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/text.h"
#include "compressor.h"
#include "file_name.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOTE_HEAD_SIZE 16

/* ---- the note in the cursor -------------------------------------------- */

void output_note(const struct output *output, struct sink_note *note)
{
	size_t n = output->path ? strlen(output->path) : 0;

	note->size = 0;
	if (n == 0 || n + NOTE_HEAD_SIZE > sizeof(note->bytes))
		return;
	put_u64(note->bytes, output->inode);
	put_u64(note->bytes + 8, output->offset);
	memcpy(note->bytes + NOTE_HEAD_SIZE, output->path, n);
	note->size = (uint32_t)(NOTE_HEAD_SIZE + n);
}

/* ---- opening ----------------------------------------------------------- */

static int64_t period_of(const struct output *output, int64_t time_ns)
{
	int64_t every_ns = output->rotate.every.ns;

	return every_ns > 0 ? time_ns / every_ns : 0;
}

/* The folder of a path; "." where it names none. Owned by the caller. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return strdup(".");
	return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

void output_close(struct output *output)
{
	if (output->fd >= 0)
		close(output->fd);
	free(output->path);
	output->fd = -1;
	output->path = NULL;
	output->offset = 0;
	output->is_torn = false;
}

/* Takes over an open descriptor; where that fails it is still the caller's. */
static int output_adopt(struct output *output, int fd, const char *path)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode))
		return -EINVAL;
	output->path = strdup(path);
	if (!output->path)
		return -ENOMEM;
	output->fd = fd;
	output->inode = status.st_ino;
	output->offset = (uint64_t)status.st_size;
	output->period = period_of(output, status.st_mtim.tv_sec * NS_PER_SECOND);
	return 0;
}

/* A new file takes a name that another may have had until now. That one has to have its
 * new name for certain first, or it could be left without any. */
static int free_name(const char *path, const char *folder)
{
	return access(path, F_OK) < 0 ? folder_sync(folder) : 0;
}

static int output_open(struct output *output, const char *path)
{
	CLEANUP_FREE char *folder = folder_of(path);
	CLEANUP_CLOSE int fd = -1;
	int r = folder ? folder_create(folder, 0750) : -ENOMEM;

	if (r == 0)
		r = free_name(path, folder);
	if (r < 0)
		return r;
	fd = open(path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY, 0640);
	if (fd < 0)
		return -errno;
	r = folder_sync(folder);
	if (r == 0)
		r = output_adopt(output, fd, path);
	if (r == 0)
		take_fd(&fd);
	return r;
}

/* ---- leaving ----------------------------------------------------------- */

struct left_files {
	struct compressor *compressor;
	const char *current;
};

static void compress_left_file(void *context, const char *path)
{
	const struct left_files *left = context;

	if (!text_equal(path, left->current))
		compressor_add(left->compressor, path);
}

void output_compress_left(struct output *output, const char *pattern, const char *path)
{
	struct left_files left = { output->compressor, path };

	if (output->compressor)
		file_name_each(pattern, path, compress_left_file, &left);
}

void output_compress_closed(struct output *output)
{
	if (!output->closed)
		return;
	compressor_add(output->compressor, output->closed);
	free(output->closed);
	output->closed = NULL;
}

static bool was_moved(const struct output *output)
{
	struct stat status;

	return stat(output->path, &status) < 0 || status.st_ino != output->inode;
}

static bool is_full(const struct output *output, int64_t time_ns)
{
	uint64_t size = output->rotate.size.bytes;

	if (output->offset == 0)
		return false;
	return (size > 0 && output->offset >= size) ||
	       period_of(output, time_ns) > output->period;
}

/* Closes the open file where the batch does not belong into it any more. */
static int output_leave(struct output *output, const char *path, int64_t time_ns)
{
	CLEANUP_FREE char *closed = NULL;

	if (output->fd < 0)
		return 0;
	if (was_moved(output)) {
		output_close(output);
		return 0;
	}
	if (!text_equal(output->path, path)) {
		closed = take_pointer(output->path);
	} else if (is_full(output, time_ns)) {
		closed = file_name_put_aside(output->path);
		if (!closed)
			return -errno;
	} else {
		return 0;
	}
	output_close(output);
	output_compress_closed(output);
	if (output->compressor)
		output->closed = take_pointer(closed);
	return 0;
}

/* Takes the file's end for what is safe. Somebody else may have cut the file or
 * written to it: appending goes on at its end, wherever that is now. */
static int output_find_end(struct output *output, uint64_t expected)
{
	struct stat status;

	if (fstat(output->fd, &status) < 0)
		return -errno;
	if ((uint64_t)status.st_size != expected)
		log_warning(output->id,
			"'%s' was changed by somebody else: going on at its end",
			output->path);
	output->offset = (uint64_t)status.st_size;
	return 0;
}

int output_advance(struct output *output, size_t size)
{
	return output_find_end(output, output->offset + size);
}

int output_repair(struct output *output)
{
	if (!output->is_torn)
		return 0;
	if (ftruncate(output->fd, (off_t)output->offset) < 0)
		return -errno;
	output->is_torn = false;
	return 0;
}

int output_ready(struct output *output, const char *path, int64_t time_ns)
{
	int r = output->fd < 0 ? 0 : output_repair(output);

	if (r == 0)
		r = output_leave(output, path, time_ns);
	if (r == 0)
		r = output->fd < 0 ? output_open(output, path)
				   : output_find_end(output, output->offset);
	if (r == 0)
		output->period = period_of(output, time_ns);
	return r;
}

/* ---- after a restart --------------------------------------------------- */

static int cut_back(struct output *output, uint64_t offset)
{
	if (output->offset <= offset)
		return 0;
	log_notice(output->id, "cut %llu bytes of '%s' that were not acknowledged",
		(unsigned long long)(output->offset - offset), output->path);
	if (ftruncate(output->fd, (off_t)offset) < 0 || fdatasync(output->fd) < 0)
		return -errno;
	output->offset = offset;
	return 0;
}

static int reopen(struct output *output, const char *path, ino_t inode, uint64_t offset,
	bool has_batch)
{
	/* It may have been put aside between the batch and the record of the next. */
	CLEANUP_FREE char *found = NULL;
	CLEANUP_CLOSE int fd = -1;
	int r = file_name_find(path, inode, &found);

	if (r == -ENOENT) {
		if (has_batch)
			log_warning(output->id,
				"'%s' is not there any more: the batch that was under "
				"way may be doubled",
				path);
		return 0;
	}
	if (r < 0)
		return r;
	fd = open(found, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return -errno;
	r = output_adopt(output, fd, found);
	if (r < 0)
		return r;
	take_fd(&fd);
	r = has_batch ? cut_back(output, offset) : 0;
	if (r < 0 || !text_equal(found, path))
		output_close(output);
	return r;
}

int output_recover(struct output *output, const struct sink_note *note, bool has_batch,
	char **ret_path)
{
	CLEANUP_FREE char *path = NULL;
	int r;

	*ret_path = NULL;
	if (note->size <= NOTE_HEAD_SIZE)
		return 0;
	path = strndup(
		(const char *)note->bytes + NOTE_HEAD_SIZE, note->size - NOTE_HEAD_SIZE);
	if (!path)
		return -ENOMEM;
	output_close(output);
	r = reopen(
		output, path, get_u64(note->bytes), get_u64(note->bytes + 8), has_batch);
	if (r == 0)
		*ret_path = take_pointer(path);
	return r;
}
