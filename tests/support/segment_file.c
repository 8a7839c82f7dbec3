/* SPDX-License-Identifier: Apache-2.0 */
#include "segment_file.h"

#include "base/checksum.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "cases.h"
#include "parts.h"

#include <fcntl.h>

void segment_file_pack(struct buffer *to, const struct segment_header *header,
	uint64_t sequence, const struct buffer *content)
{
	uint8_t bytes[FRAME_HEADER_SIZE];
	struct frame_header frame = {
		.epoch = header->epoch,
		.sequence = sequence,
		.size = (uint32_t)content->size,
		.content_crc = crc32c(0, content->data, content->size),
		.n_samples = 1,
	};

	frame_header_put(bytes, &frame);
	buffer_append(to, bytes, sizeof(bytes));
	buffer_append(to, content->data, content->size);
}

static void pack_source(struct buffer *to)
{
	CLEANUP(buffer_finish) struct buffer source = { 0 };
	struct source_view view = parts_source();

	source_pack(&source, &view);
	frame_pack_section(
		to, FRAME_SOURCE, (struct slice){ (char *)source.data, source.size });
}

static void append_frame(
	struct segment *segment, const struct segment_header *header, uint32_t i)
{
	CLEANUP(buffer_finish) struct buffer content = { 0 };
	CLEANUP(buffer_finish) struct buffer definitions = { 0 };
	CLEANUP(buffer_finish) struct buffer frames = { 0 };
	bool defines = i % 3 != 2;
	struct part *part = parts_make(defines ? i : i - 1, 1, i, defines);

	frame_pack_source_number(&content, 0);
	if (i == 0)
		pack_source(&content);
	frame_pack_section(&content, FRAME_SERIES,
		(struct slice){ (char *)part->definitions.data, part->definitions.size });
	if (defines)
		segment_file_pack(
			&definitions, header, header->first_sequence + i, &content);
	frame_pack_part(&content, part);
	segment_file_pack(&frames, header, header->first_sequence + i, &content);
	assert_int_equal(segment_append(segment, &frames, &definitions), 0);
	part_destroy(part);
}

void segment_file_write(const char *folder, const struct segment_header *header,
	uint32_t n, struct segment *ret_segment, uint64_t *offsets)
{
	assert_int_equal(segment_create(ret_segment, folder, header), 0);
	for (uint32_t i = 0; i < n; i++) {
		if (offsets)
			offsets[i] = ret_segment->frames.size;
		append_frame(ret_segment, header, i);
	}
}

void segment_file_damage(const char *path, uint64_t offset, const void *bytes, size_t n)
{
	CLEANUP_CLOSE int fd = open(path, O_WRONLY);

	assert_int_equal(file_write_at(fd, bytes, n, (off_t)offset), 0);
}
