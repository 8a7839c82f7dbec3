/* SPDX-License-Identifier: Apache-2.0 */
#include "letters.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/macros.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "deadletter.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SUFFIX ".ndjson"

/* ---- one line ---------------------------------------------------------- */

static const char *find(struct slice in, const char *what)
{
	return in.n > 0 ? memmem(in.at, in.n, what, strlen(what)) : NULL;
}

/* Texts are quoted as JSON has it, so neither name can stand in one of them. */
static const char refused_name[] = "\"refused\":\"", record_name[] = ",\"record\":";

int64_t letter_refused_ns(const struct letter *letter)
{
	const char *end = letter->line.at + letter->line.n;
	const char *at = find(letter->line, refused_name), *quote;
	int64_t time_ns = 0;

	if (!at)
		return 0;
	at += strlen(refused_name);
	quote = memchr(at, '"', (size_t)(end - at));
	if (!quote || timestamp_from_text(at, (size_t)(quote - at), &time_ns) < 0)
		return 0;
	return time_ns;
}

struct slice letter_head(const struct letter *letter)
{
	const char *at = find(letter->line, refused_name);

	return (struct slice){ letter->line.at, at ? (size_t)(at - letter->line.at) : 0 };
}

struct slice letter_tail(const struct letter *letter)
{
	const char *at = find(letter->line, record_name);
	const char *end = letter->line.at + letter->line.n;

	return (struct slice){ at ? at : end, at ? (size_t)(end - at) : 0 };
}

/* ---- the files --------------------------------------------------------- */

static bool begins_with(struct slice line, const char *text)
{
	return line.n >= strlen(text) && memcmp(line.at, text, strlen(text)) == 0;
}

static int add(struct letters *letters, size_t *capacity, const struct letter *letter)
{
	if (letters->n == *capacity) {
		size_t larger = MAX(2 * *capacity, (size_t)64);
		struct letter *grown =
			reallocarray(letters->items, larger, sizeof(*letters->items));

		if (!grown)
			return -ENOMEM;
		letters->items = grown;
		*capacity = larger;
	}
	letters->items[letters->n++] = *letter;
	return 0;
}

static int split(struct letters *letters, uint8_t file, size_t *capacity)
{
	const struct buffer *content = &letters->content[file];
	const char *at = (const char *)content->data, *line_end;
	const char *end = at + content->size;
	int r = 0;

	for (; r == 0 && at < end && (line_end = memchr(at, '\n', (size_t)(end - at)));
		at = line_end + 1) {
		struct letter letter = { .line = { at, (size_t)(line_end - at) },
			.file = file };

		if (begins_with(letter.line, DEADLETTER_DELIVERED))
			continue;
		if (!begins_with(letter.line, DEADLETTER_KEPT))
			letter.state = LETTER_UNREADABLE;
		r = add(letters, capacity, &letter);
	}
	return r;
}

/* A file of that size and the batch that made it so large. */
static int read_file(int fd, struct buffer *to)
{
	struct stat status;
	uint8_t *room;
	ssize_t n;

	if (fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode))
		return -EINVAL;
	if ((uint64_t)status.st_size > DEADLETTER_MAX_READ)
		return -EFBIG;
	room = buffer_reserve(to, (size_t)status.st_size + 1);
	if (!room)
		return -ENOMEM;
	n = file_read_at(fd, room, (size_t)status.st_size, 0);
	if (n < 0)
		return (int)n;
	buffer_advance(to, (size_t)n);
	return 0;
}

static int load_file(struct letters *letters, uint8_t file, bool changes)
{
	int mode = changes ? O_RDWR : O_RDONLY, r;
	CLEANUP_CLOSE int fd =
		open(letters->paths[file], mode | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	r = read_file(fd, &letters->content[file]);
	if (r == 0 && changes)
		letters->fds[file] = take_fd(&fd);
	return r;
}

int letters_load(
	struct letters *letters, const char *folder, const char *sink, bool changes)
{
	static const char *const suffixes[] = { SUFFIX ".1", SUFFIX };
	size_t capacity = 0;
	int r = 0;

	*letters = (struct letters)LETTERS_NONE;
	for (uint8_t i = 0; r == 0 && i < LETTERS_FILES; i++) {
		if (asprintf(&letters->paths[i], "%s/%s%s", folder, sink, suffixes[i]) <
			0) {
			letters->paths[i] = NULL;
			return -ENOMEM;
		}
		r = load_file(letters, i, changes);
	}
	for (uint8_t i = 0; r == 0 && i < LETTERS_FILES; i++)
		r = split(letters, i, &capacity);
	return r;
}

void letters_finish(struct letters *letters)
{
	for (size_t i = 0; i < letters->n; i++)
		free(letters->items[i].why);
	free(letters->items);
	for (size_t i = 0; i < LETTERS_FILES; i++) {
		cleanup_close(&letters->fds[i]);
		free(letters->paths[i]);
		buffer_finish(&letters->content[i]);
	}
	*letters = (struct letters)LETTERS_NONE;
}

/* ---- the folder -------------------------------------------------------- */

/* Cuts a file's name to the sink's id; false: it is another file. */
static bool cut_to_id(char *name)
{
	size_t n = strlen(name);

	if (n > 2 && text_equal(name + n - 2, ".1"))
		name[n -= 2] = '\0';
	if (n <= strlen(SUFFIX) || !text_equal(name + n - strlen(SUFFIX), SUFFIX))
		return false;
	name[n - strlen(SUFFIX)] = '\0';
	return *name != '.';
}

int letters_each_sink(
	const char *folder, int (*found)(void *context, const char *sink), void *context)
{
	CLEANUP_FREE char *last = NULL;
	struct dirent **entries;
	int n = scandir(folder, &entries, NULL, alphasort), r = 0;

	if (n < 0)
		return errno == ENOENT ? 0 : -errno;
	for (int i = 0; i < n; i++) {
		char *name = entries[i]->d_name;

		if (r == 0 && cut_to_id(name) && (!last || !text_equal(last, name))) {
			free(last);
			last = strdup(name);
			r = last ? found(context, name) : -ENOMEM;
		}
		free(entries[i]);
	}
	free(entries);
	return r;
}
