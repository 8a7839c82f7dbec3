/* SPDX-License-Identifier: Apache-2.0 */
#include "letter.h"

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/hex.h"
#include "json_record.h"
#include "model/part.h"
#include "pieces.h"

/* ---- the frame --------------------------------------------------------- */

static struct slice slice_of_buffer(const struct buffer *buffer)
{
	return (struct slice){ (const char *)buffer->data, buffer->size };
}

/* The number and the definition of the source: what the frame begins with. */
static void append_source(struct buffer *to, const struct known_source *source)
{
	CLEANUP(buffer_finish) struct buffer definition = { 0 };

	source_pack(&definition, &source->view);
	frame_pack_source_number(to, 0);
	frame_pack_section(to, FRAME_SOURCE, slice_of_buffer(&definition));
	to->failed |= definition.failed;
}

static void append_series(struct buffer *to, const struct series_view *series)
{
	CLEANUP(buffer_finish) struct buffer definition = { 0 };
	CLEANUP(buffer_finish) struct buffer packed = { 0 };

	series_pack(&packed, series);
	pack_unsigned(&definition, 0);
	pack_slice(&definition, slice_of_buffer(&packed));
	frame_pack_section(to, FRAME_SERIES, slice_of_buffer(&definition));
	to->failed |= packed.failed || definition.failed;
}

/* Ends the letter behind its record: definitions and part are the frame's content. */
static void append_frame(struct buffer *to, struct slice definitions,
	const struct part *part, int64_t observed_ns)
{
	CLEANUP(buffer_finish) struct buffer frame = { 0 };
	uint8_t number[8];

	put_u64(number, (uint64_t)observed_ns);
	buffer_append(&frame, number, LETTER_FRAME_HEAD);
	buffer_append(&frame, definitions.at, definitions.n);
	frame_pack_part(&frame, part);
	put_u32(number, crc32c(0, frame.data, frame.size));
	buffer_append(&frame, number, LETTER_FRAME_TAIL);
	/* The object has ended its line. */
	if (!buffer_failed(to))
		buffer_cut(to, to->size - 1);
	buffer_append_text(to, ",\"frame\":\"");
	hex_append(to, frame.data, frame.size);
	buffer_append_text(to, "\"\n");
	to->failed |= frame.failed || part->samples.failed || part->events.failed;
}

/* ---- records ----------------------------------------------------------- */

/* The rest of the pieces are the definitions. */
static void *letter_make(struct encoder *encoder, const struct known_source *source,
	const struct known_series *series)
{
	struct buffer out = { 0 };
	struct pieces *pieces;
	size_t middle, tail, end;

	(void)encoder;
	json_record_begin(&out, source, series, &middle, &tail);
	end = out.size;
	append_source(&out, source);
	append_series(&out, &series->view);
	pieces = pieces_end(&out, middle, tail);
	if (pieces)
		pieces_split(pieces, out.size - end);
	return pieces;
}

static void letter_sample(struct encoder *encoder, struct buffer *to,
	const struct known_series *series, const struct rk_sample *sample,
	int64_t observed_ns)
{
	const struct pieces *text = series->made;
	struct part part = {
		.base_ns = sample->time_ns,
		.codec = sample_codec_start(sample->time_ns),
	};
	struct rk_sample alone = *sample;

	alone.series = 0;
	part_add_sample(&part, &alone);
	buffer_append_text(to, "\"record\":");
	json_record_sample(encoder, to, series, sample, observed_ns);
	append_frame(to, (struct slice){ text->bytes + pieces_size(text), text->rest },
		&part, observed_ns);
	buffer_finish(&part.samples);
}

static void letter_event(struct encoder *encoder, struct buffer *to,
	const struct known_source *source, const struct event_view *event,
	int64_t observed_ns)
{
	CLEANUP(buffer_finish) struct buffer definition = { 0 };
	struct part part = { 0 };

	append_source(&definition, source);
	part_add_event(&part, event);
	buffer_append_text(to, "\"record\":");
	json_record_event(encoder, to, source, event, observed_ns);
	append_frame(to, slice_of_buffer(&definition), &part, observed_ns);
	to->failed |= definition.failed;
	buffer_finish(&part.events);
}

const struct encoder_type encoder_letter = {
	.name = "letter",
	.summary = "What a dead letter keeps.",
	.version = 1,
	.media_type = "application/x-ndjson",
	.make = letter_make,
	.sample = letter_sample,
	.event = letter_event,
};
