/* SPDX-License-Identifier: Apache-2.0 */
#include "frame.h"

#include <errno.h>

void frame_pack_source_number(struct buffer *to, uint32_t source)
{
	pack_unsigned(to, source);
}

void frame_pack_section(struct buffer *to, enum frame_section tag, struct slice content)
{
	if (content.n == 0)
		return;
	pack_unsigned(to, tag);
	pack_slice(to, content);
}

/* A section with numbers in front of its content. */
static void pack_numbered(struct buffer *to, enum frame_section tag, struct slice numbers,
	const struct buffer *content)
{
	pack_unsigned(to, tag);
	pack_unsigned(to, numbers.n + content->size);
	buffer_append(to, numbers.at, numbers.n);
	buffer_append(to, content->data, content->size);
}

void frame_pack_part(struct buffer *to, const struct part *part)
{
	uint8_t numbers[2 * VARINT_MAX_SIZE];
	uint8_t *end;

	if (part->n_samples > 0) {
		end = varint_put(numbers, zigzag_encode(part->base_ns));
		end = varint_put(end, part->n_samples);
		pack_numbered(to, FRAME_SAMPLES,
			(struct slice){ (char *)numbers, (size_t)(end - numbers) },
			&part->samples);
	}
	if (part->n_events > 0) {
		end = varint_put(numbers, part->n_events);
		pack_numbered(to, FRAME_EVENTS,
			(struct slice){ (char *)numbers, (size_t)(end - numbers) },
			&part->events);
	}
	frame_pack_section(to, FRAME_STATE,
		(struct slice){ (char *)part->state.data, part->state.size });
}

static struct slice rest_of(const struct unpack *from)
{
	return (struct slice){ (const char *)from->at, (size_t)(from->end - from->at) };
}

static void unpack_section(
	uint64_t tag, struct slice content, struct frame_view *view, bool *failed)
{
	struct unpack from = unpack_start(content.at, content.n);

	switch (tag) {
	case FRAME_SOURCE:
		view->source_definition = content;
		break;
	case FRAME_SERIES:
		view->definitions = content;
		break;
	case FRAME_SAMPLES:
		view->base_ns = unpack_signed(&from);
		view->n_samples = (uint32_t)unpack_up_to(&from, PART_MAX_SAMPLES);
		view->samples = rest_of(&from);
		break;
	case FRAME_EVENTS:
		view->n_events = (uint32_t)unpack_up_to(&from, PART_MAX_SAMPLES);
		view->events = rest_of(&from);
		break;
	case FRAME_STATE:
		view->state = content;
		break;
	default:
		*failed = true;
	}
	*failed |= from.failed;
}

int frame_unpack(const void *content, size_t n, struct frame_view *ret_view)
{
	struct unpack from = unpack_start(content, n);
	struct frame_view view = { 0 };
	uint64_t last_tag = 0;

	view.source = (uint32_t)unpack_up_to(&from, SOURCE_MAX_NUMBER - 1);
	while (!unpack_is_done(&from)) {
		uint64_t tag = unpack_unsigned(&from);
		struct slice section = unpack_slice(&from);

		if (from.failed || tag <= last_tag)
			return -EBADMSG;
		last_tag = tag;
		unpack_section(tag, section, &view, &from.failed);
	}
	if (from.failed)
		return -EBADMSG;
	*ret_view = view;
	return 0;
}

bool frame_next_definition(
	struct unpack *from, uint32_t *ret_series, struct slice *ret_packed)
{
	if (unpack_is_done(from))
		return false;
	*ret_series = (uint32_t)unpack_up_to(from, SERIES_MAX_NUMBER - 1);
	*ret_packed = unpack_slice(from);
	return !from->failed;
}
