/* SPDX-License-Identifier: Apache-2.0 */
#include "deadletter.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/macros.h"
#include "base/timestamp.h"
#include "encode/json_text.h"
#include "letters.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a line begins with, up to the batch: of the same length in all. */
static void append_key(struct buffer *to, const struct deadletter *letter)
{
	buffer_append_format(to, DEADLETTER_KEPT "%016" PRIx64 "-%" PRIu64 "-%u-%u\",",
		letter->begin.epoch, letter->begin.sequence, letter->begin.index,
		letter->n);
}

void deadletter_append_answer(
	struct buffer *to, int64_t refused_ns, int status, const char *why)
{
	struct timestamp_cache cache = { 0 };
	char time[TIMESTAMP_TEXT_SIZE];
	size_t n = (size_t)(timestamp_to_text(&cache, time, refused_ns) - time);

	buffer_append_format(
		to, "\"refused\":\"%.*s\",\"status\":%d,\"why\":", (int)n, time, status);
	json_append_text(to, slice_of(why ? why : ""));
}

static void append_line(struct buffer *to, const struct deadletter *letter,
	const char *record, size_t size)
{
	append_key(to, letter);
	deadletter_append_answer(to, letter->refused_ns, letter->status, letter->why);
	buffer_append_byte(to, ',');
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

/* How many letters stand in the file that is about to be replaced. */
static uint64_t count_oldest(const struct deadletter *letter)
{
	CLEANUP(letters_finish) struct letters letters = LETTERS_NONE;
	uint64_t n = 0;

	if (letters_load(&letters, letter->folder, letter->sink, false) < 0)
		return 0;
	while (n < letters.n && letters.items[n].file == 0)
		n++;
	return n;
}

static int put_aside(const char *path)
{
	CLEANUP_FREE char *other = NULL;

	if (asprintf(&other, "%s.1", path) < 0)
		return -ENOMEM;
	return rename(path, other) < 0 ? -errno : 0;
}

struct opened {
	int fd;
	off_t end; /* where the lines go */
	uint64_t dropped;
};

static int begin_new(
	const struct deadletter *letter, const char *path, struct opened *opened)
{
	int r;

	opened->dropped = count_oldest(letter);
	r = put_aside(path);
	if (r < 0)
		return r;
	close(opened->fd);
	opened->fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0640);
	opened->end = 0;
	return opened->fd < 0 ? -errno : 0;
}

/* Opens the file with room for so many bytes; the descriptor is the caller's. */
static int open_file(const struct deadletter *letter, const char *path, size_t size,
	struct opened *opened)
{
	CLEANUP(buffer_finish) struct buffer key = { 0 };
	int r;

	append_key(&key, letter);
	if (buffer_failed(&key))
		return -ENOMEM;
	opened->fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (opened->fd < 0)
		return -errno;
	r = find_end(opened->fd, &key, &opened->end);
	if (r == 0 && opened->end > 0 &&
		(uint64_t)opened->end + size > DEADLETTER_MAX_SIZE)
		r = begin_new(letter, path, opened);
	return r;
}

static int write_lines(const struct deadletter *letter, const struct buffer *lines,
	struct opened *opened)
{
	CLEANUP_FREE char *path = NULL;
	int r;

	if (asprintf(&path, "%s/%s.ndjson", letter->folder, letter->sink) < 0)
		return -ENOMEM;
	r = folder_create(letter->folder, 0750);
	if (r == 0)
		r = open_file(letter, path, lines->size, opened);
	if (r == 0 && ftruncate(opened->fd, opened->end) < 0)
		r = -errno;
	if (r == 0)
		r = file_write_at(opened->fd, lines->data, lines->size, opened->end);
	if (r == 0 && fsync(opened->fd) < 0)
		r = -errno;
	cleanup_close(&opened->fd);
	return r < 0 ? r : folder_sync(letter->folder);
}

/* ---- from here on in public -------------------------------------------- */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

void deadletter_lock(void)
{
	pthread_mutex_lock(&mutex);
}

void deadletter_unlock(void)
{
	pthread_mutex_unlock(&mutex);
}

int deadletter_write(const struct deadletter *letter, uint64_t *ret_dropped)
{
	CLEANUP(buffer_finish) struct buffer lines = { 0 };
	struct opened opened = { .fd = -1 };
	int r;

	append_lines(&lines, letter);
	if (buffer_failed(&lines))
		return -ENOMEM;
	deadletter_lock();
	r = write_lines(letter, &lines, &opened);
	deadletter_unlock();
	if (r == 0)
		*ret_dropped = opened.dropped;
	return r;
}
