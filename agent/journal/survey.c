/* SPDX-License-Identifier: Apache-2.0 */
#include "survey.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/macros.h"
#include "lock.h"
#include "reader.h"
#include "segment.h"
#include "segments.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What goes on while the segments are read in their order. */
struct scan {
	struct survey *survey;
	struct list segments;
	/* By cursor: the first sequence of this segment that is still to come. */
	uint64_t *from;
};

static uint64_t size_of_series(const char *segment)
{
	CLEANUP_FREE char *path = segment_series_path(segment);
	struct stat status;

	return path && stat(path, &status) == 0 ? (uint64_t)status.st_size : 0;
}

/* Where in a segment each cursor goes on: at its beginning once the cursor's own one
 * was passed, and nowhere before that. */
static void place_cursors(struct scan *scan, const struct segment_info *info)
{
	const struct cursors *cursors = &scan->survey->cursors;

	for (size_t i = 0; i < cursors->n; i++) {
		const struct position *position = &cursors->items[i].record.acknowledged;
		const struct segment_info *own =
			segments_holding(&scan->segments, position);

		if (scan->from[i] != UINT64_MAX || !own)
			scan->from[i] = 0;
		else if (own == info)
			scan->from[i] = position->sequence;
		if (!own && info->link.previous == &scan->segments &&
			info->first_sequence > position->sequence)
			scan->survey->lags[i].frames_lost +=
				info->first_sequence - position->sequence;
	}
}

static void count_frame(struct scan *scan, struct survey_segment *segment,
	const struct frame_header *frame)
{
	if (segment->frames++ == 0)
		segment->oldest_ns = frame->observed_ns;
	segment->newest_ns = frame->observed_ns;
	segment->samples += frame->n_samples;
	segment->events += frame->n_events;
	segment->end_sequence = frame->sequence + 1;
	for (size_t i = 0; i < scan->survey->cursors.n; i++) {
		if (frame->sequence < scan->from[i])
			continue;
		scan->survey->lags[i].frames_behind++;
		scan->survey->lags[i].bytes_behind += FRAME_HEADER_SIZE + frame->size;
	}
}

/* Frames from limit on failed to be committed. */
static int read_frames(struct scan *scan, struct reader *reader, uint64_t limit,
	struct survey_segment *to)
{
	int64_t size = reader_file_size(reader);
	struct frame frame;
	int r = 0;

	if (size < 0)
		return (int)size;
	to->size = (uint64_t)size;
	while ((r = reader_next(reader, to->size, &frame)) >= 0 && r != READER_END) {
		if (r == READER_FRAME && frame.header.sequence < limit)
			count_frame(scan, to, &frame.header);
	}
	return MIN(r, 0);
}

/* A segment may be removed while a running agent is looked at. */
static int survey_segment(struct scan *scan, const struct segment_info *info)
{
	bool is_newest = info->link.next == &scan->segments;
	struct survey *survey = scan->survey;
	struct survey_segment segment = {
		.epoch = info->epoch,
		.first_sequence = info->first_sequence,
		.end_sequence = info->first_sequence,
		.created_ns = info->created_ns,
		.series_size = size_of_series(info->path),
		.sealed = !is_newest || !survey->agent_runs,
	};
	struct reader reader;
	int r = reader_open(&reader, info->path);

	place_cursors(scan, info);
	if (r == 0)
		r = read_frames(scan, &reader,
			is_newest ? UINT64_MAX : info->extent.end_sequence, &segment);
	reader_close(&reader);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	if (!is_newest)
		segment.end_sequence =
			MAX(segment.end_sequence, info->extent.end_sequence);
	segment.damaged = segment.end_sequence - segment.first_sequence - segment.frames;
	survey->segments[survey->n_segments++] = segment;
	return 0;
}

static int scan_segments(struct scan *scan)
{
	struct survey *survey = scan->survey;
	size_t n = 0;
	int r = 0;

	list_each(link, &scan->segments) n++;
	survey->segments = calloc(n + 1, sizeof(*survey->segments));
	survey->lags = calloc(survey->cursors.n + 1, sizeof(*survey->lags));
	scan->from = calloc(survey->cursors.n + 1, sizeof(*scan->from));
	if (!survey->segments || !survey->lags || !scan->from)
		r = -ENOMEM;
	for (size_t i = 0; r == 0 && i < survey->cursors.n; i++) {
		scan->from[i] = UINT64_MAX;
		survey->lags[i].frames_lost = survey->cursors.items[i].record.lost_frames;
	}
	list_each(link, &scan->segments)
	{
		if (r == 0)
			r = survey_segment(
				scan, container_of(link, struct segment_info, link));
	}
	free(scan->from);
	return r;
}

int survey_make(struct survey *survey, const char *state_dir, struct buffer *why)
{
	CLEANUP_FREE char *cursor_folder = path_join(state_dir, "cursors");
	CLEANUP_FREE char *folder = path_join(state_dir, "journal");
	struct segments_scan found = { 0 };
	struct scan scan = { .survey = survey };
	int r;

	*survey = (struct survey){ 0 };
	if (!cursor_folder || !folder)
		return -ENOMEM;
	list_init(&scan.segments);
	survey->agent_runs = lock_probe(state_dir, &survey->holder) > 0;
	r = cursors_load(&survey->cursors, cursor_folder);
	if (r == 0)
		r = segments_find(folder, false, &scan.segments, &found);
	if (r == 0)
		r = scan_segments(&scan);
	segments_tell_failure(r, folder, &found, why);
	segments_free(&scan.segments);
	segments_scan_finish(&found);
	return r;
}

void survey_finish(struct survey *survey)
{
	cursors_finish(&survey->cursors);
	free(survey->segments);
	free(survey->lags);
	*survey = (struct survey){ 0 };
}
