/* SPDX-License-Identifier: Apache-2.0 */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	TEXT_FIRST_CAPACITY = 16 * 1024,
	/* The largest that is known: /proc/stat with thousands of CPUs and
	 * interrupts takes less than 2 MiB. */
	SOURCE_LIMIT = 8 * 1024 * 1024,
};

int text_reserve(struct text *text, size_t capacity)
{
	char *data;

	if (text->capacity >= capacity)
		return 0;
	data = realloc(text->data, capacity);
	if (!data)
		return -ENOMEM;
	text->data = data;
	text->capacity = capacity;
	return 0;
}

void text_finish(struct text *text)
{
	free(text->data);
	*text = (struct text){ 0 };
}

int source_open(struct source *source, int folder, const char *name)
{
	int fd;

	if (source->open)
		return 0;
	/* Opening a FIFO must not wait for its other end. */
	fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	*source = (struct source){ .fd = fd, .open = true };
	return 0;
}

void source_close(struct source *source)
{
	if (source->open)
		close(source->fd);
	*source = (struct source){ 0 };
}

ssize_t source_read_at(struct source *source, void *to, size_t n, off_t offset)
{
	for (;;) {
		ssize_t r = pread(source->fd, to, n, offset);

		if (r >= 0)
			return r;
		if (errno != EINTR)
			return -errno;
	}
}

static int read_whole(struct source *source, struct text *to)
{
	to->size = 0;
	for (;;) {
		ssize_t n;

		if (to->size == to->capacity) {
			size_t more =
				to->capacity ? 2 * to->capacity : TEXT_FIRST_CAPACITY;
			int r = more > SOURCE_LIMIT ? -EFBIG : text_reserve(to, more);

			if (r < 0)
				return r;
		}
		n = source_read_at(source, to->data + to->size, to->capacity - to->size,
			(off_t)to->size);
		if (n <= 0)
			return (int)n;
		to->size += (size_t)n;
	}
}

int source_read(struct source *source, int folder, const char *name, struct text *to)
{
	bool kept = source->open;
	int r = source_open(source, folder, name);

	if (r == 0)
		r = read_whole(source, to);
	if (r >= 0)
		return r;
	source_close(source);
	/* A device or process may have gone and come back under the same name. */
	if (kept && r != -ENOMEM && r != -EFBIG)
		return source_read(source, folder, name, to);
	return r;
}
