/* SPDX-License-Identifier: Apache-2.0 */
#include "tail.h"

#include "base/cleanup.h"
#include "base/macros.h"
#include "segment.h"

#include <errno.h>
#include <stdlib.h>

int tail_open(struct tail *tail, const char *path)
{
	int r = reader_open(&tail->reader, path);

	tail->next_sequence = tail->reader.header.first_sequence;
	return r;
}

void tail_close(struct tail *tail)
{
	reader_close(&tail->reader);
	dictionary_clear(&tail->dictionary);
}

/* Learns what the .series file says of the frames that are missing. */
static int learn_missing(struct tail *tail, struct reader *reader, uint64_t end_sequence)
{
	int64_t size = reader_file_size(reader);
	struct frame_view view;
	struct frame frame;
	int r;

	if (size < 0)
		return (int)size;
	while ((r = reader_next(reader, (uint64_t)size, &frame)) != READER_END &&
		r >= 0) {
		if (r != READER_FRAME || frame.header.sequence < tail->next_sequence)
			continue;
		if (frame.header.sequence >= end_sequence)
			break;
		if (frame_unpack(frame.content, frame.header.size, &view) == 0 &&
			dictionary_learn(&tail->dictionary, &view) == -ENOMEM)
			return -ENOMEM;
	}
	return r == READER_END ? 0 : MIN(r, 0);
}

/* Whether a file is not what it should be, now and later; else it could not be read
 * just now. */
static bool is_damage(int r)
{
	return r == -ENOENT || r == -EBADMSG || r == -EPROTONOSUPPORT;
}

/* Frames up to end_sequence are lost: what they defined stands in the .series
 * file. Where that is damaged as well, their series' samples are unknown. Where it
 * cannot be read now, nothing may be passed over: the caller tries again. */
static int catch_up(struct tail *tail, uint64_t end_sequence)
{
	CLEANUP_FREE char *path = segment_series_path(tail->reader.path);
	struct reader reader;
	int r;

	if (!path)
		return -ENOMEM;
	r = reader_open(&reader, path);
	if (r == 0)
		r = learn_missing(tail, &reader, end_sequence);
	reader_close(&reader);
	if (r < 0 && !is_damage(r))
		return r;
	tail->n_damaged += end_sequence - tail->next_sequence;
	tail->next_sequence = end_sequence;
	return 0;
}

static void tell_damage(
	const struct tail *tail, const struct frame *frame, const char *why)
{
	if (tail->on_damage)
		tail->on_damage(
			tail->context, tail, frame->offset, tail->reader.offset, why);
}

int tail_next(struct tail *tail, uint64_t limit, struct frame *ret_frame,
	struct frame_view *ret_view)
{
	for (;;) {
		int r = reader_next(&tail->reader, limit, ret_frame);

		if (r < 0 || r == READER_END)
			return r < 0 ? r : 0;
		if (r == READER_DAMAGED) {
			tell_damage(tail, ret_frame, "no undamaged frame stands here");
			continue;
		}
		if (ret_frame->header.sequence > tail->next_sequence)
			r = catch_up(tail, ret_frame->header.sequence);
		if (r < 0)
			return r;
		tail->next_sequence = ret_frame->header.sequence + 1;
		r = frame_unpack(ret_frame->content, ret_frame->header.size, ret_view);
		if (r == 0)
			r = dictionary_learn(&tail->dictionary, ret_view);
		if (r == -ENOMEM)
			return r;
		if (r == 0)
			return 1;
		tell_damage(tail, ret_frame,
			"its checksum holds, but what it says cannot be understood");
		tail->n_damaged++;
	}
}
