/* SPDX-License-Identifier: Apache-2.0 */
#include "lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int lines_init(struct lines *lines, size_t max_line)
{
	*lines = (struct lines){ .fd = -1, .size = max_line + 2 };
	lines->buffer = malloc(lines->size); /* the line, its end, a NUL */
	return lines->buffer ? 0 : -ENOMEM;
}

void lines_finish(struct lines *lines)
{
	lines_close(lines);
	free(lines->buffer);
	lines->buffer = NULL;
}

void lines_open(struct lines *lines, int fd)
{
	lines_close(lines);
	lines->fd = fd;
	lines->from = lines->to = 0;
	lines->is_over = lines->is_skipping = false;
}

/* A zeroed struct has never been opened. */
void lines_close(struct lines *lines)
{
	if (lines->buffer && lines->fd >= 0)
		close(lines->fd);
	lines->fd = -1;
}

int lines_read(struct lines *lines)
{
	ssize_t n;

	if (lines->is_over)
		return 0;
	memmove(lines->buffer, lines->buffer + lines->from, lines->to - lines->from);
	lines->to -= lines->from;
	lines->from = 0;
	n = read(lines->fd, lines->buffer + lines->to, lines->size - 1 - lines->to);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return -EAGAIN;
	if (n <= 0) {
		lines->is_over = true;
		return 0;
	}
	lines->to += (size_t)n;
	lines->n_bytes += (uint64_t)n;
	return 1;
}

static enum lines_next take_line(struct lines *lines, char *end, char **ret_line)
{
	*end = '\0';
	*ret_line = lines->buffer + lines->from;
	lines->from = (size_t)(end - lines->buffer) + 1;
	if (!lines->is_skipping)
		return LINES_LINE;
	lines->is_skipping = false;
	return lines_next(lines, ret_line);
}

enum lines_next lines_next(struct lines *lines, char **ret_line)
{
	size_t n = lines->to - lines->from;
	char *begin = lines->buffer + lines->from;
	char *end = memchr(begin, '\n', n);

	if (end)
		return take_line(lines, end, ret_line);
	if (n >= lines->size - 1) { /* from is 0 then */
		bool was_skipping = lines->is_skipping;

		lines->from = lines->to = 0;
		lines->is_skipping = true;
		return was_skipping ? LINES_NONE : LINES_TOO_LONG;
	}
	if (!lines->is_over || n == 0)
		return LINES_NONE;
	lines->to++; /* as if it ended; there is always room for the NUL */
	return take_line(lines, begin + n, ret_line);
}
