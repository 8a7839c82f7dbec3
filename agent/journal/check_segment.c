/* SPDX-License-Identifier: Apache-2.0 */
/* One segment from its first frame to its last, with the .series file in step. */
#include "check_internal.h"

#include "base/cleanup.h"
#include "base/macros.h"
#include "model/record.h"
#include "quarantine.h"
#include "segments.h"
#include "series_file.h"
#include "tail.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

struct segment_check {
	struct check *check;
	struct segment_info *info;
	struct tail tail;
	struct series_file series;
	bool series_told; /* one fault a file: all that follows depends on it */
	uint64_t size;    /* of the segment when it was opened */
	uint64_t limit;   /* frames from here on failed to be committed */
	bool hole;        /* frames up to here are known to be damaged */
	bool is_newest;
};

static struct check_fault fault_at(const struct segment_check *segment,
	enum check_kind kind, uint64_t begin, uint64_t sequence)
{
	return (struct check_fault){
		.kind = kind,
		.path = segment->info->path,
		.begin = begin,
		.end = segment->tail.reader.offset,
		.sequence = sequence,
	};
}

static void segment_on_damage(void *context, const struct tail *tail, uint64_t begin,
	uint64_t end, const char *why)
{
	struct segment_check *segment = context;
	struct check *check = segment->check;

	segment->hole = true;
	/* What an agent is writing now ends anywhere. */
	if (segment->is_newest && end == segment->size && check_agent_runs(check))
		return;
	if (quarantine_has_piece(check->folder, segment->info->path, begin)) {
		check->result.n_set_aside++;
		return;
	}
	check_tell(check, fault_at(segment, CHECK_DAMAGED, begin, tail->next_sequence),
		"%s%s", why,
		end == segment->size && segment->is_newest
			? "; a torn tail, which the next start cuts off"
			: "");
}

/* ---- one frame --------------------------------------------------------- */

static void check_sequence(
	struct segment_check *segment, const struct frame *frame, uint64_t expected)
{
	uint64_t sequence = frame->header.sequence;

	if (sequence != expected && !(sequence > expected && segment->hole))
		check_tell(segment->check,
			fault_at(segment, CHECK_MISSING, frame->offset, expected),
			"expected frame %" PRIu64 ", and frame %" PRIu64 " stands here",
			expected, sequence);
	segment->hole = false;
}

/* Decodes the records; each sample's series must be known by now. */
static void check_records(struct segment_check *segment, const struct frame *frame,
	const struct frame_view *view)
{
	struct known_source *source =
		dictionary_source(&segment->tail.dictionary, view->source);
	struct record_reader reader;
	uint64_t n_undefined = 0;
	struct record record;

	record_reader_begin(&reader, view);
	while (record_reader_next(&reader, &record)) {
		if (!source || (!record.is_event && !known_source_series(source,
							    record.sample.series)))
			n_undefined++;
	}
	if (frame->header.n_samples != view->n_samples ||
		frame->header.n_events != view->n_events ||
		record_reader_left(&reader) > 0)
		check_tell(segment->check,
			fault_at(segment, CHECK_CONTENT, frame->offset,
				frame->header.sequence),
			"expected %u samples and %u events, and holds %u and %u, of "
			"which %u cannot be read",
			frame->header.n_samples, frame->header.n_events, view->n_samples,
			view->n_events, record_reader_left(&reader));
	if (n_undefined > 0)
		check_tell(segment->check,
			fault_at(segment, CHECK_UNDEFINED, frame->offset,
				frame->header.sequence),
			"%" PRIu64 " of its records are of a source or series that no "
			"frame and no .series file defines",
			n_undefined);
}

static void tell_series(struct segment_check *segment, uint64_t offset, uint64_t sequence,
	const char *what)
{
	segment->series_told = true;
	check_tell(segment->check,
		(struct check_fault){ .kind = CHECK_SERIES,
			.path = segment->series.path ? segment->series.path
						     : segment->info->path,
			.begin = offset,
			.end = offset,
			.sequence = sequence },
		"%s", what);
}

static int check_definitions(struct segment_check *segment, const struct frame *frame,
	const struct frame_view *view)
{
	int r;

	if (segment->series_told ||
		(view->source_definition.n == 0 && view->definitions.n == 0))
		return 0;
	r = series_file_agrees(&segment->series, frame->header.sequence, view);
	if (r == 0)
		tell_series(segment, segment->series.frame.offset, frame->header.sequence,
			"expected the definitions of this frame, as it has them itself");
	return r < 0 ? r : 0;
}

/* ---- the whole segment ------------------------------------------------- */

/* 0 or a negative errno. */
static int check_frames(struct segment_check *segment)
{
	struct check_result *result = &segment->check->result;
	struct tail *tail = &segment->tail;
	struct frame_view view;
	struct frame frame;
	int r = 0;

	while (r == 0) {
		uint64_t expected = tail->next_sequence;

		r = tail_next(tail, segment->size, &frame, &view);
		if (r <= 0 || frame.header.sequence >= segment->limit)
			return MIN(r, 0);
		check_sequence(segment, &frame, expected);
		check_records(segment, &frame, &view);
		r = check_definitions(segment, &frame, &view);
		result->n_frames++;
		result->n_samples += view.n_samples;
		result->n_events += view.n_events;
	}
	return r;
}

static int open_both(struct segment_check *segment)
{
	int64_t size;
	int r = tail_open(&segment->tail, segment->info->path);

	if (r < 0)
		return r;
	/* In this order: definitions are written before the frames that need them. */
	size = reader_file_size(&segment->tail.reader);
	if (size < 0)
		return (int)size;
	segment->size = (uint64_t)size;
	r = series_file_open(
		&segment->series, segment->info->path, &segment->tail.reader.header);
	if (r == -EBADMSG)
		tell_series(segment, 0, 0,
			"its header is damaged, or is that of another file");
	else if (r == -ENOENT && !check_agent_runs(segment->check))
		tell_series(segment, 0, 0, "expected this file beside its segment");
	else if (r < 0 && r != -ENOENT)
		return r;
	if (r < 0)
		segment->series_told = true;
	return 0;
}

/* What is missing at the end of a segment that has a next one. */
static uint64_t check_end(struct segment_check *segment)
{
	uint64_t end = MIN(segment->tail.next_sequence, segment->limit);
	uint64_t expected = segment->info->extent.end_sequence;

	/* Damage at the end, told of already, reaches up to the next segment. */
	if (!segment->is_newest && segment->hole && end < expected)
		end = expected;
	segment->info->latest.end_sequence = end;
	return end;
}

/* After a write that failed the journal goes on in a new epoch, with the sequence of
 * what failed: that stands in front of it where it could not be cut off. */
static uint64_t limit_of(const struct check *check, const struct segment_info *info)
{
	const struct segment_info *next;

	if (info->link.next == &check->segments)
		return UINT64_MAX;
	next = container_of(info->link.next, struct segment_info, link);
	return next->epoch == info->epoch ? UINT64_MAX : next->first_sequence;
}

int check_segment(struct check *check, struct segment_info *info, uint64_t *ret_end)
{
	struct segment_check segment = {
		.check = check,
		.info = info,
		.tail = { .reader.fd = -1, .on_damage = segment_on_damage },
		.series.reader.fd = -1,
		.limit = limit_of(check, info),
		.is_newest = info->link.next == &check->segments,
	};
	int r;

	segment.tail.context = &segment;
	r = open_both(&segment);
	if (r == 0)
		r = check_frames(&segment);
	if (r == 0) {
		check->result.n_segments++;
		check->result.n_bytes += segment.size + segment.series.size;
		*ret_end = check_end(&segment);
	}
	tail_close(&segment.tail);
	series_file_close(&segment.series);
	if (r == -ENOENT && check_agent_runs(check))
		return 0;
	return r < 0 ? r : 1;
}
