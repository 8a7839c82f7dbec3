/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of the dead letters. A file is written anew beside the old one and takes its
 * place whole, so that at each moment it has the letters of before or of after. */
#include "letters.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "deadletter.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int letters_mark(struct letters *letters)
{
	static const char delivered = '0';
	bool changed[LETTERS_FILES] = { false };
	int r = 0;

	for (size_t i = 0; r == 0 && i < letters->n; i++) {
		struct letter *letter = &letters->items[i];
		const char *begin = (const char *)letters->content[letter->file].data;
		off_t at = letter->line.at - begin + DEADLETTER_MARK;

		if (letter->state != LETTER_GONE || letter->is_marked)
			continue;
		r = file_write_at(letters->fds[letter->file], &delivered, 1, at);
		letter->is_marked = changed[letter->file] = true;
	}
	for (size_t i = 0; i < LETTERS_FILES; i++) {
		if (changed[i] && fdatasync(letters->fds[i]) < 0 && r == 0)
			r = -errno;
	}
	return r;
}

/* ---- writing a file anew ----------------------------------------------- */

static void append_letter(struct buffer *to, const struct letter *letter)
{
	struct slice head = letter_head(letter), tail = letter_tail(letter);

	if (letter->state != LETTER_REFUSED) {
		buffer_append(to, letter->line.at, letter->line.n);
	} else {
		buffer_append(to, head.at, head.n);
		deadletter_append_answer(
			to, letter->when_ns, letter->status, letter->why);
		buffer_append(to, tail.at, tail.n);
	}
	buffer_append_byte(to, '\n');
}

static int replace(const char *path, const struct buffer *content)
{
	CLEANUP_FREE char *other = NULL;
	CLEANUP_CLOSE int fd = -1;
	int r;

	if (asprintf(&other, "%s.new", path) < 0)
		return -ENOMEM;
	fd = open(other, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (fd < 0)
		return -errno;
	r = file_write(fd, content->data, content->size);
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	if (r == 0 && rename(other, path) < 0)
		r = -errno;
	if (r < 0)
		unlink(other);
	return r;
}

/* Whether the file is still what was read. */
static bool is_same(const struct letters *letters, int file)
{
	struct stat read, now;

	return letters->fds[file] >= 0 && fstat(letters->fds[file], &read) == 0 &&
	       stat(letters->paths[file], &now) == 0 && read.st_dev == now.st_dev &&
	       read.st_ino == now.st_ino;
}

static int settle_file(const struct letters *letters, int file)
{
	CLEANUP(buffer_finish) struct buffer content = { 0 };

	for (size_t i = 0; i < letters->n; i++) {
		const struct letter *letter = &letters->items[i];

		if (letter->file == file && letter->state != LETTER_GONE)
			append_letter(&content, letter);
	}
	if (buffer_failed(&content))
		return -ENOMEM;
	if (content.size > 0)
		return replace(letters->paths[file], &content);
	return unlink(letters->paths[file]) < 0 ? -errno : 0;
}

int letters_settle(struct letters *letters)
{
	int r = 0;

	for (int i = 0; r == 0 && i < LETTERS_FILES; i++) {
		CLEANUP_FREE char *folder = strdup(letters->paths[i]);

		if (!folder)
			return -ENOMEM;
		if (!is_same(letters, i))
			continue;
		r = settle_file(letters, i);
		if (r == 0)
			r = folder_sync(dirname(folder));
	}
	return r;
}

/* ---- purging ----------------------------------------------------------- */

static bool is_before(const struct letter *letter, int64_t before_ns)
{
	int64_t refused_ns = letter_refused_ns(letter);

	return before_ns == INT64_MAX || (refused_ns != 0 && refused_ns < before_ns);
}

int letters_purge(
	const char *folder, const char *sink, int64_t before_ns, uint64_t *ret_n)
{
	CLEANUP(letters_finish) struct letters letters = LETTERS_NONE;
	uint64_t n = 0;
	int r;

	deadletter_lock();
	r = letters_load(&letters, folder, sink, true);
	for (size_t i = 0; r == 0 && i < letters.n; i++) {
		if (!is_before(&letters.items[i], before_ns))
			continue;
		letters.items[i].state = LETTER_GONE;
		n++;
	}
	if (r == 0)
		r = letters_settle(&letters);
	deadletter_unlock();
	if (r == 0)
		*ret_n = n;
	return r;
}
