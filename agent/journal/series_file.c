/* SPDX-License-Identifier: Apache-2.0 */
#include "series_file.h"

#include "base/checksum.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/macros.h"
#include "quarantine.h"
#include "segment.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- comparing --------------------------------------------------------- */

int series_file_open(struct series_file *file, const char *segment,
	const struct segment_header *header)
{
	const struct segment_header *own = &file->reader.header;
	int64_t size;
	int r;

	*file = (struct series_file){ .reader.fd = -1 };
	file->path = segment_series_path(segment);
	if (!file->path)
		return -ENOMEM;
	r = reader_open(&file->reader, file->path);
	if (r == 0 && (own->kind != SEGMENT_DEFINITIONS || own->epoch != header->epoch ||
			      own->first_sequence != header->first_sequence))
		r = -EBADMSG;
	/* Frames behind a damaged header can still be told by their epoch. */
	if (r == -EBADMSG)
		file->reader.header = *header;
	if (file->reader.fd < 0)
		return r;
	size = reader_file_size(&file->reader);
	file->size = size > 0 ? (uint64_t)size : 0;
	return size < 0 ? (int)size : r;
}

void series_file_close(struct series_file *file)
{
	reader_close(&file->reader);
	free(file->path);
	*file = (struct series_file){ .reader.fd = -1 };
}

/* Reads on to the first whole frame that is not before sequence: it is then
 * file->frame, or there is none. 0 or a negative errno. */
static int seek(struct series_file *file, uint64_t sequence)
{
	while (!file->has_frame || file->frame.header.sequence < sequence) {
		int r = reader_next(&file->reader, file->size, &file->frame);

		file->has_frame = r == READER_FRAME;
		if (r < 0 || r == READER_END)
			return r < 0 ? r : 0;
	}
	return 0;
}

int series_file_agrees(
	struct series_file *file, uint64_t sequence, const struct frame_view *view)
{
	struct frame_view own;
	int r = seek(file, sequence);

	if (r < 0)
		return r;
	return file->has_frame && file->frame.header.sequence == sequence &&
	       frame_unpack(file->frame.content, file->frame.header.size, &own) == 0 &&
	       own.source == view->source &&
	       slice_equal(own.source_definition, view->source_definition) &&
	       slice_equal(own.definitions, view->definitions);
}

/* ---- making it anew ---------------------------------------------------- */

/* As much as goes out in one write. */
#define REBUILD_STEP (256u << 10)

struct rebuild {
	const struct segment_header *header;
	struct series_file old;
	struct buffer bytes, content;
	int fd;
};

static int rebuild_flush(struct rebuild *rebuild, size_t most)
{
	int r;

	if (buffer_failed(&rebuild->bytes))
		return -ENOMEM;
	if (rebuild->bytes.size <= most)
		return 0;
	r = file_write(rebuild->fd, rebuild->bytes.data, rebuild->bytes.size);
	buffer_clear(&rebuild->bytes);
	return r;
}

static int rebuild_put(struct rebuild *rebuild, struct frame_header header,
	const void *content, size_t size)
{
	uint8_t bytes[FRAME_HEADER_SIZE];

	header.n_samples = header.n_events = 0;
	header.size = (uint32_t)size;
	header.content_crc = crc32c(0, content, size);
	frame_header_put(bytes, &header);
	buffer_append(&rebuild->bytes, bytes, sizeof(bytes));
	buffer_append(&rebuild->bytes, content, size);
	return rebuild_flush(rebuild, REBUILD_STEP);
}

/* What the old file tells of frames from begin up to end, which are damaged. */
static int rebuild_keep(struct rebuild *rebuild, uint64_t begin, uint64_t end)
{
	struct series_file *old = &rebuild->old;
	int r = 0;

	while (r == 0 && begin < end && old->reader.fd >= 0) {
		const struct frame *frame = &old->frame;

		r = seek(old, begin);
		if (r < 0 || !old->has_frame || frame->header.sequence >= end)
			break;
		r = rebuild_put(
			rebuild, frame->header, frame->content, frame->header.size);
		begin = frame->header.sequence + 1;
	}
	return r;
}

/* What one whole frame defines. */
static int rebuild_define(struct rebuild *rebuild, const struct frame *frame)
{
	struct buffer *content = &rebuild->content;
	struct frame_view view;

	if (frame_unpack(frame->content, frame->header.size, &view) < 0 ||
		(view.source_definition.n == 0 && view.definitions.n == 0))
		return 0;
	buffer_clear(content);
	frame_pack_source_number(content, view.source);
	frame_pack_section(content, FRAME_SOURCE, view.source_definition);
	frame_pack_section(content, FRAME_SERIES, view.definitions);
	if (buffer_failed(content))
		return -ENOMEM;
	return rebuild_put(rebuild, frame->header, content->data, content->size);
}

static int rebuild_all(struct rebuild *rebuild, struct reader *reader)
{
	uint64_t expected = reader->header.first_sequence;
	struct segment_header header = reader->header;
	uint8_t bytes[SEGMENT_HEADER_SIZE];
	int64_t size = reader_file_size(reader);
	struct frame frame;
	int r = size < 0 ? (int)size : 0;

	header.kind = SEGMENT_DEFINITIONS;
	segment_header_put(bytes, &header);
	buffer_append(&rebuild->bytes, bytes, sizeof(bytes));
	while (r == 0) {
		r = reader_next(reader, (uint64_t)size, &frame);
		if (r < 0 || r == READER_END)
			break;
		if (r == READER_DAMAGED) {
			r = 0;
			continue;
		}
		r = rebuild_keep(rebuild, expected, frame.header.sequence);
		expected = frame.header.sequence + 1;
		if (r == 0)
			r = rebuild_define(rebuild, &frame);
	}
	if (r >= 0)
		r = rebuild_keep(rebuild, expected, UINT64_MAX);
	if (r >= 0)
		r = rebuild_flush(rebuild, 0);
	return r < 0 ? r : 0;
}

/* Sets a copy of the old file aside and puts the new one in its place. */
static int replace(const char *folder, const struct series_file *old,
	const char *new_path, const char *reason)
{
	CLEANUP_FREE char *parent = strdup(old->path);
	int r = 0;

	if (!parent)
		return -ENOMEM;
	if (old->reader.fd >= 0)
		r = quarantine_piece(folder, old->path, 0, old->size, reason);
	if (r < 0)
		return r;
	return rename(new_path, old->path) < 0 ? -errno : folder_sync(dirname(parent));
}

static int write_new(struct rebuild *rebuild, const char *folder, struct reader *reader,
	const char *reason)
{
	CLEANUP_FREE char *new_path = NULL;
	CLEANUP_CLOSE int fd = -1;
	int r;

	if (asprintf(&new_path, "%s.new", rebuild->old.path) < 0)
		return -ENOMEM;
	fd = open(new_path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0640);
	if (fd < 0)
		return -errno;
	rebuild->fd = fd;
	r = rebuild_all(rebuild, reader);
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	if (r == 0)
		r = replace(folder, &rebuild->old, new_path, reason);
	if (r < 0)
		unlink(new_path);
	return r;
}

int series_file_rebuild(const char *folder, const char *segment, const char *reason)
{
	struct rebuild rebuild = { .fd = -1 };
	struct reader reader;
	int r = reader_open(&reader, segment);

	if (r == 0) {
		r = series_file_open(&rebuild.old, segment, &reader.header);
		if (r == 0 || r == -EBADMSG || r == -ENOENT)
			r = write_new(&rebuild, folder, &reader, reason);
		series_file_close(&rebuild.old);
	}
	reader_close(&reader);
	buffer_finish(&rebuild.bytes);
	buffer_finish(&rebuild.content);
	return r;
}
