/* SPDX-License-Identifier: Apache-2.0 */
#include "deadletter.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/macros.h"
#include "base/timestamp.h"
#include "encode/json_text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a line begins with, up to the batch: of the same length in all. */
static void append_key(struct buffer *to, const struct deadletter *letter)
{
	buffer_append_format(to, "{\"batch\":\"%016" PRIx64 "-%" PRIu64 "-%u-%u\",",
		letter->begin.epoch, letter->begin.sequence, letter->begin.index,
		letter->n);
}

static void append_line(struct buffer *to, const struct deadletter *letter,
	const char *record, size_t size)
{
	struct timestamp_cache cache = { 0 };
	char time[TIMESTAMP_TEXT_SIZE];
	size_t n = (size_t)(timestamp_to_text(&cache, time, letter->refused_ns) - time);

	append_key(to, letter);
	buffer_append_format(to, "\"refused\":\"%.*s\",\"status\":%d,\"why\":", (int)n,
		time, letter->status);
	json_append_text(to, slice_of(letter->why ? letter->why : ""));
	buffer_append_text(to, ",\"record\":");
	buffer_append(to, record, size);
	buffer_append_text(to, "}\n");
}

static void append_lines(struct buffer *to, const struct deadletter *letter)
{
	const char *at = (const char *)letter->lines->data;
	const char *end = at + letter->lines->size, *line_end;
	uint32_t index = 0, n = 0;

	for (; at < end && (line_end = memchr(at, '\n', (size_t)(end - at)));
		at = line_end + 1, index++) {
		struct deadletter one = *letter;

		if (letter->n_only > 0) {
			if (n == letter->n_only || letter->only[n].index != index)
				continue;
			one.status = letter->only[n].status;
			one.why = letter->only[n++].why;
		}
		append_line(to, &one, at, (size_t)(line_end - at));
	}
}

/* Where the lines of this batch begin, which stand at the end of the file where a life
 * wrote them and went no further; else the end. Reads backwards, line by line. */
static int find_end(int fd, const struct buffer *key, off_t *ret_end)
{
	CLEANUP(buffer_finish) struct buffer content = { 0 };
	struct stat status;
	const char *begin, *at;
	ssize_t n;

	*ret_end = 0;
	if (fstat(fd, &status) < 0)
		return -errno;
	if (status.st_size == 0)
		return 0;
	begin = (const char *)buffer_reserve(&content, (size_t)status.st_size);
	if (!begin)
		return -ENOMEM;
	n = file_read_at(fd, content.data, (size_t)status.st_size, 0);
	if (n < 0)
		return (int)n;
	at = begin + n;
	/* What a crash tore behind the last whole line goes. */
	while (at > begin && at[-1] != '\n')
		at--;
	while (at > begin) {
		const char *line = at - 1;

		while (line > begin && line[-1] != '\n')
			line--;
		if ((size_t)(at - line) < key->size ||
			memcmp(line, key->data, key->size) != 0)
			break;
		at = line;
	}
	*ret_end = at - begin;
	return 0;
}

static int put_aside(const char *path)
{
	CLEANUP_FREE char *other = NULL;

	if (asprintf(&other, "%s.1", path) < 0)
		return -ENOMEM;
	return rename(path, other) < 0 ? -errno : 0;
}

/* Opens the file with room for so many bytes; its end is where they go. */
static int open_file(
	const char *path, const struct buffer *key, size_t size, off_t *ret_end)
{
	int fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0640), r;

	if (fd < 0)
		return -errno;
	r = find_end(fd, key, ret_end);
	if (r == 0 && *ret_end > 0 && (uint64_t)*ret_end + size > DEADLETTER_MAX_SIZE) {
		close(fd);
		r = put_aside(path);
		if (r < 0)
			return r;
		fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0640);
		*ret_end = 0;
		return fd < 0 ? -errno : fd;
	}
	if (r < 0)
		close(fd);
	return r < 0 ? r : fd;
}

int deadletter_write(const struct deadletter *letter)
{
	CLEANUP(buffer_finish) struct buffer lines = { 0 };
	CLEANUP(buffer_finish) struct buffer key = { 0 };
	CLEANUP_FREE char *path = NULL;
	CLEANUP_CLOSE int fd = -1;
	off_t end = 0;
	int r;

	append_key(&key, letter);
	append_lines(&lines, letter);
	if (buffer_failed(&key) || buffer_failed(&lines) ||
		asprintf(&path, "%s/%s.ndjson", letter->folder, letter->sink) < 0)
		return -ENOMEM;
	r = folder_create(letter->folder, 0750);
	if (r < 0)
		return r;
	fd = open_file(path, &key, lines.size, &end);
	if (fd < 0)
		return fd;
	if (ftruncate(fd, end) < 0)
		return -errno;
	r = file_write_at(fd, lines.data, lines.size, end);
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	return r < 0 ? r : folder_sync(letter->folder);
}
