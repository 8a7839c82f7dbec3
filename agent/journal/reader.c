/* SPDX-License-Identifier: Apache-2.0 */
#include "reader.h"

#include "base/checksum.h"
#include "base/file.h"
#include "base/macros.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* How much is read at once, where there is as much. */
#define READER_STEP (256u << 10)

int reader_open(struct reader *reader, const char *path)
{
	uint8_t bytes[SEGMENT_HEADER_SIZE];
	ssize_t n;

	*reader = (struct reader){ .fd = -1, .offset = SEGMENT_HEADER_SIZE };
	reader->path = strdup(path);
	if (!reader->path)
		return -ENOMEM;
	reader->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (reader->fd < 0)
		return -errno;
	n = file_read_at(reader->fd, bytes, sizeof(bytes), 0);
	if (n < 0)
		return (int)n;
	if (n < (ssize_t)sizeof(bytes))
		return -EBADMSG;
	return segment_header_get(bytes, &reader->header);
}

void reader_close(struct reader *reader)
{
	if (reader->fd >= 0)
		close(reader->fd);
	free(reader->path);
	buffer_finish(&reader->window);
	*reader = (struct reader){ .fd = -1 };
}

int64_t reader_file_size(const struct reader *reader)
{
	struct stat status;

	return fstat(reader->fd, &status) < 0 ? -errno : (int64_t)status.st_size;
}

/* Makes n bytes at reader->offset readable, as far as limit goes. Returns how many
 * there are, or a negative errno. */
static ssize_t window_fill(struct reader *reader, size_t n, uint64_t limit)
{
	uint64_t end = reader->window_offset + reader->window.size;
	size_t wanted;
	uint8_t *room;
	ssize_t done;

	if (limit <= reader->offset)
		return 0;
	n = (size_t)MIN((uint64_t)n, limit - reader->offset);
	if (reader->offset >= reader->window_offset && reader->offset + n <= end)
		return (ssize_t)n;
	wanted = (size_t)MIN(limit - reader->offset, (uint64_t)MAX(n, READER_STEP));
	buffer_clear(&reader->window);
	reader->window_offset = reader->offset;
	room = buffer_reserve(&reader->window, wanted);
	if (!room)
		return -ENOMEM;
	done = file_read_at(reader->fd, room, wanted, (off_t)reader->offset);
	if (done < 0)
		return done;
	buffer_advance(&reader->window, (size_t)done);
	return MIN(done, (ssize_t)n);
}

static const uint8_t *window_at(const struct reader *reader)
{
	return reader->window.data + (reader->offset - reader->window_offset);
}

/* Whether an undamaged frame stands at reader->offset: 1, 0 or a negative errno. */
static int frame_read(struct reader *reader, uint64_t limit, struct frame *frame)
{
	ssize_t n = window_fill(reader, FRAME_HEADER_SIZE, limit);

	if (n < FRAME_HEADER_SIZE)
		return n < 0 ? (int)n : 0;
	if (frame_header_get(window_at(reader), reader->header.epoch, &frame->header) < 0)
		return 0;
	n = window_fill(reader, FRAME_HEADER_SIZE + frame->header.size, limit);
	if (n < (ssize_t)(FRAME_HEADER_SIZE + frame->header.size))
		return n < 0 ? (int)n : 0;
	frame->content = window_at(reader) + FRAME_HEADER_SIZE;
	frame->offset = reader->offset;
	return crc32c(0, frame->content, frame->header.size) == frame->header.content_crc;
}

/* Moves reader->offset to the next whole header, or to limit. */
static int skip_damage(struct reader *reader, uint64_t limit)
{
	while (reader->offset < limit) {
		ssize_t n = window_fill(reader, READER_STEP, limit);
		size_t at;

		if (n < 0)
			return (int)n;
		at = frame_find(window_at(reader), (size_t)n, reader->header.epoch);
		if (at < (size_t)n) {
			reader->offset += at;
			return 0;
		}
		if (n <= FRAME_HEADER_SIZE || reader->offset + (uint64_t)n >= limit)
			break;
		/* A header may begin in the last bytes of the window. */
		reader->offset += (uint64_t)n - FRAME_HEADER_SIZE + 1;
	}
	reader->offset = limit;
	return 0;
}

int reader_next(struct reader *reader, uint64_t limit, struct frame *ret_frame)
{
	uint64_t begin = reader->offset;
	int r;

	if (reader->offset >= limit)
		return READER_END;
	r = frame_read(reader, limit, ret_frame);
	if (r < 0)
		return r;
	if (r > 0) {
		reader->offset += FRAME_HEADER_SIZE + ret_frame->header.size;
		return READER_FRAME;
	}
	/* One stretch of damage ends where a frame is whole, not just its header. */
	do {
		reader->offset++;
		r = skip_damage(reader, limit);
		if (r < 0)
			return r;
		r = reader->offset < limit ? frame_read(reader, limit, ret_frame) : 1;
		if (r < 0)
			return r;
	} while (r == 0);
	ret_frame->offset = begin;
	return READER_DAMAGED;
}
