/* SPDX-License-Identifier: Apache-2.0 */
#include "framing.h"

#include "base/checksum.h"
#include "writer.h"

#include <errno.h>
#include <stdlib.h>

static int source_make_room(struct journal_source *source, uint32_t number)
{
	size_t n = source->n_series ? source->n_series : 64;
	struct definition *series;

	if (number < source->n_series)
		return 0;
	while (n <= number)
		n *= 2;
	series = realloc(source->series, n * sizeof(*series));
	if (!series)
		return -ENOMEM;
	memset(series + source->n_series, 0, (n - source->n_series) * sizeof(*series));
	source->series = series;
	source->n_series = n;
	return 0;
}

/* Keeps the definitions that came with a part: a later segment needs them again. */
static int adopt_definitions(struct journal_source *source, const struct part *part)
{
	struct unpack from = unpack_start(part->definitions.data, part->definitions.size);
	struct slice packed;
	uint32_t number;

	while (frame_next_definition(&from, &number, &packed)) {
		char *copy =
			source_make_room(source, number) < 0 ? NULL : malloc(packed.n);

		if (!copy)
			return -ENOMEM;
		memcpy(copy, packed.at, packed.n);
		free(source->series[number].packed);
		source->series[number] = (struct definition){ copy, packed.n, 0 };
	}
	return from.failed ? -EBADMSG : 0;
}

/* Packs what the segment lacks of the series that the part uses. */
static int pack_missing_series(struct writer *writer, const struct journal_append *append)
{
	struct journal_source *source = append->source;

	buffer_clear(&writer->section);
	for (size_t i = 0; i < append->part->n_used; i++) {
		uint32_t number = append->part->used[i];
		struct definition *definition;

		if (number >= source->n_series || !source->series[number].packed)
			return -EBADMSG;
		definition = &source->series[number];
		if (definition->mark == writer->mark)
			continue;
		definition->mark = writer->mark;
		pack_unsigned(&writer->section, number);
		pack_slice(&writer->section,
			(struct slice){ definition->packed, definition->size });
	}
	return buffer_failed(&writer->section) ? -ENOMEM : 0;
}

static void pack_definitions(
	struct writer *writer, const struct journal_source *source, struct buffer *to)
{
	struct slice packed = { (char *)source->packed.data, source->packed.size };

	frame_pack_source_number(to, source->number);
	if (source->mark != writer->mark)
		frame_pack_section(to, FRAME_SOURCE, packed);
	frame_pack_section(to, FRAME_SERIES,
		(struct slice){ (char *)writer->section.data, writer->section.size });
}

static void frame_begin(struct buffer *to)
{
	if (buffer_reserve(to, FRAME_HEADER_SIZE))
		buffer_advance(to, FRAME_HEADER_SIZE);
}

/* Fills in the header of the frame that begins at an offset and ends here. */
static void frame_end(struct buffer *to, size_t begin, struct frame_header header)
{
	uint8_t *frame = to->data + begin;

	if (buffer_failed(to))
		return;
	header.size = (uint32_t)(to->size - begin - FRAME_HEADER_SIZE);
	header.content_crc = crc32c(0, frame + FRAME_HEADER_SIZE, header.size);
	frame_header_put(frame, &header);
}

/* The frame, and its definitions once more for the .series file. */
static void pack_frame(struct writer *writer, struct journal_append *append)
{
	const struct journal_source *source = append->source;
	const struct part *part = append->part;
	struct frame_header header = {
		.epoch = writer->epoch,
		.sequence = writer->next_sequence,
		.observed_ns = append->observed_ns,
		.n_samples = part->n_samples,
		.n_events = part->n_events,
	};
	size_t begin = writer->frames.size;

	frame_begin(&writer->frames);
	pack_definitions(writer, source, &writer->frames);
	frame_pack_part(&writer->frames, part);
	frame_end(&writer->frames, begin, header);
	if (source->mark == writer->mark && writer->section.size == 0)
		return;
	header.n_samples = header.n_events = 0;
	begin = writer->definitions.size;
	frame_begin(&writer->definitions);
	pack_definitions(writer, source, &writer->definitions);
	frame_end(&writer->definitions, begin, header);
}

int framing_add(struct writer *writer, struct journal_append *append)
{
	size_t frames_size = writer->frames.size;
	size_t definitions_size = writer->definitions.size;
	int r = adopt_definitions(append->source, append->part);

	if (r == 0)
		r = pack_missing_series(writer, append);
	if (r == 0)
		pack_frame(writer, append);
	if (r == 0 &&
		(buffer_failed(&writer->frames) || buffer_failed(&writer->definitions)))
		r = -ENOMEM;
	if (r < 0) {
		/* What was marked as defined is not: define all anew from here on. */
		writer->mark++;
		writer->frames.failed = writer->definitions.failed = false;
		buffer_cut(&writer->frames, frames_size);
		buffer_cut(&writer->definitions, definitions_size);
		return r;
	}
	append->source->mark = writer->mark;
	append->position = (struct position){ writer->epoch, writer->next_sequence, 0 };
	writer->next_sequence++;
	return 0;
}

void framing_forget_source(struct journal_source *source)
{
	for (size_t i = 0; i < source->n_series; i++)
		free(source->series[i].packed);
	free(source->series);
	buffer_finish(&source->packed);
	free(source);
}
