/* SPDX-License-Identifier: Apache-2.0 */
#include "passed.h"

#include "base/macros.h"
#include "journal/reader.h"
#include "journal/tail.h"
#include "model/match.h"

/* How many records of a frame were delivered; all of them, where it is not counted. */
static uint32_t delivered_of(const struct frame *frame,
	const struct journal_extent *extent, const struct position *position)
{
	uint64_t sequence = frame->header.sequence;

	if (sequence < position->sequence || sequence >= extent->end_sequence)
		return UINT32_MAX;
	return sequence == position->sequence ? position->index : 0;
}

/* Where all samples are taken, the headers tell how many there are. */
static uint64_t count_samples(
	const struct journal_extent *extent, const struct position *position)
{
	uint64_t samples = 0;
	struct reader reader;
	struct frame frame;
	int r = reader_open(&reader, extent->path);

	while (r >= 0 && (r = reader_next(&reader, extent->size, &frame)) != READER_END) {
		uint32_t n = frame.header.n_samples;

		if (r == READER_FRAME)
			samples += n - MIN(n, delivered_of(&frame, extent, position));
	}
	reader_close(&reader);
	return samples;
}

static uint64_t count_in_frame(const struct rk_table *match,
	const struct known_source *source, const struct frame_view *view,
	uint32_t delivered)
{
	struct record_reader records;
	struct record record;
	uint64_t samples = 0;

	record_reader_begin(&records, view);
	while (!record_reader_is_at_event(&records) &&
		record_reader_next(&records, &record)) {
		if (records.index > delivered)
			samples += match_takes_record(match, source, &record);
	}
	return samples;
}

/* Else their series do. */
static uint64_t count_taken_samples(const struct rk_table *match,
	const struct journal_extent *extent, const struct position *position)
{
	struct tail tail = { 0 };
	struct frame_view view;
	struct frame frame;
	uint64_t samples = 0;
	int r = tail_open(&tail, extent->path);

	while (r >= 0 && (r = tail_next(&tail, extent->size, &frame, &view)) > 0) {
		const struct known_source *source =
			dictionary_source(&tail.dictionary, view.source);

		if (source)
			samples += count_in_frame(match, source, &view,
				delivered_of(&frame, extent, position));
	}
	tail_close(&tail);
	return samples;
}

void passed_count(const struct rk_table *match, const struct journal_extent *extent,
	const struct position *position, uint64_t *ret_frames, uint64_t *ret_samples)
{
	*ret_frames = extent->end_sequence - position->sequence;
	*ret_samples = match->n == 0 ? count_samples(extent, position)
				     : count_taken_samples(match, extent, position);
}
