/* SPDX-License-Identifier: Apache-2.0 */
#include "segment.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *segment_path(const char *folder, uint64_t first_sequence, uint64_t epoch,
	enum segment_kind kind)
{
	char *path;

	if (asprintf(&path, "%s/%020" PRIu64 "-%016" PRIx64 ".%s", folder, first_sequence,
		    epoch, kind == SEGMENT_FRAMES ? "segment" : "series") < 0)
		return NULL;
	return path;
}

static char *replace_suffix(const char *path, const char *old, const char *new)
{
	int stem = (int)(strlen(path) - strlen(old));
	char *replaced;

	return asprintf(&replaced, "%.*s%s", stem, path, new) < 0 ? NULL : replaced;
}

char *segment_series_path(const char *path)
{
	return replace_suffix(path, "segment", "series");
}

char *segment_of_series_path(const char *path)
{
	return replace_suffix(path, "series", "segment");
}

static int segment_file_create(struct segment_file *file, const char *folder,
	const struct segment_header *header)
{
	uint8_t bytes[SEGMENT_HEADER_SIZE];
	int r;

	file->path = segment_path(folder, header->first_sequence, header->epoch,
		(enum segment_kind)header->kind);
	if (!file->path)
		return -ENOMEM;
	file->fd = open(file->path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0640);
	if (file->fd < 0)
		return -errno;
	segment_header_put(bytes, header);
	r = file_write_at(file->fd, bytes, sizeof(bytes), 0);
	if (r < 0)
		return r;
	file->size = sizeof(bytes);
	return fdatasync(file->fd) < 0 ? -errno : 0;
}

static void segment_file_close(struct segment_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	free(file->path);
	*file = (struct segment_file){ .fd = -1 };
}

static int segment_files_create(struct segment *segment, const char *folder)
{
	struct segment_header header = segment->header;
	int r;

	/* Definitions first: where there are frames, their .series file is there. */
	header.kind = SEGMENT_DEFINITIONS;
	r = segment_file_create(&segment->definitions, folder, &header);
	if (r < 0)
		return r;
	header.kind = SEGMENT_FRAMES;
	r = segment_file_create(&segment->frames, folder, &header);
	if (r < 0)
		return r;
	return folder_sync(folder);
}

int segment_create(
	struct segment *segment, const char *folder, const struct segment_header *header)
{
	int r;

	*segment = (struct segment){
		.header = *header,
		.frames.fd = -1,
		.definitions.fd = -1,
	};
	r = segment_files_create(segment, folder);
	if (r < 0) {
		if (segment->frames.fd >= 0)
			unlink(segment->frames.path);
		if (segment->definitions.fd >= 0)
			unlink(segment->definitions.path);
		segment_close(segment);
	}
	return r;
}

static int segment_file_append(struct segment_file *file, const struct buffer *bytes)
{
	return file_write_at(file->fd, bytes->data, bytes->size, (off_t)file->size);
}

/* Cuts off what stands behind the sizes that are known. */
static int segment_truncate(const struct segment *segment)
{
	if (ftruncate(segment->frames.fd, (off_t)segment->frames.size) < 0 ||
		ftruncate(segment->definitions.fd, (off_t)segment->definitions.size) < 0)
		return -errno;
	return 0;
}

int segment_append(struct segment *segment, const struct buffer *frames,
	const struct buffer *definitions)
{
	int r = segment_file_append(&segment->definitions, definitions);

	if (r == 0)
		r = segment_file_append(&segment->frames, frames);
	if (r < 0)
		return segment_truncate(segment) < 0 ? -EIO : r;
	segment->frames.size += frames->size;
	segment->definitions.size += definitions->size;
	return 0;
}

int segment_cut(struct segment *segment, uint64_t frames_size, uint64_t definitions_size)
{
	int r;

	segment->frames.size = frames_size;
	segment->definitions.size = definitions_size;
	r = segment_truncate(segment);
	return r < 0 ? r : segment_sync(segment);
}

int segment_sync(struct segment *segment)
{
	if (fdatasync(segment->definitions.fd) < 0 || fdatasync(segment->frames.fd) < 0)
		return -errno;
	return 0;
}

void segment_close(struct segment *segment)
{
	segment_file_close(&segment->frames);
	segment_file_close(&segment->definitions);
}
