/* SPDX-License-Identifier: Apache-2.0 */
#include "export.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/macros.h"
#include "feed.h"
#include "journal/segments.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* As much is encoded before it is written. */
enum { EXPORT_STEP = 256 << 10 };

struct export
{
	const struct export_options *options;
	struct list segments;
	struct feed feed;
	struct encoder encoder;
	struct batch batch;
	struct export_result result;
};

/* ---- where to begin and to end ----------------------------------------- */

/* Where a frame ends in its segment, so that nothing behind it is read. */
static int find_end(struct journal_extent *extent, uint64_t sequence)
{
	struct reader reader;
	struct frame frame;
	int r = reader_open(&reader, extent->path);

	while (r >= 0 && (r = reader_next(&reader, extent->size, &frame)) >= 0 &&
		r != READER_END) {
		if (r != READER_FRAME || frame.header.sequence <= sequence)
			continue;
		extent->size = frame.offset;
		break;
	}
	reader_close(&reader);
	extent->end_sequence = MIN(extent->end_sequence, sequence + 1);
	return MIN(r, 0);
}

static int refuse(const struct position *position, struct buffer *why)
{
	buffer_append_format(why,
		"there is no segment with frame %" PRIu64 " of epoch %016" PRIx64
		"; 'rookery journal list' tells what there is",
		position->sequence, position->epoch);
	return -ENOENT;
}

/* The segment to begin with, and where in it. NULL: the journal is empty. */
static int find_first(struct export *export, struct segment_info **ret_info,
	struct position *ret_position, struct buffer *why)
{
	const struct position *from = export->options->from;
	struct segment_info *info =
		from ? segments_holding(&export->segments, from) : NULL;

	if (from && !info && !export->options->from_may_be_gone)
		return refuse(from, why);
	*ret_info = info;
	if (info) {
		*ret_position = *from;
		return 0;
	}
	if (list_is_empty(&export->segments))
		return 0;
	info = container_of(export->segments.next, struct segment_info, link);
	if (from && info->first_sequence > from->sequence)
		export->result.n_gone = info->first_sequence - from->sequence;
	*ret_position = (struct position){ info->epoch, info->first_sequence, 0 };
	*ret_info = info;
	return 0;
}

/* ---- one segment ------------------------------------------------------- */

static int export_extent(struct export *export, const struct journal_extent *extent,
	struct position position)
{
	static const struct batch_bounds bounds = {
		.max_bytes = EXPORT_STEP,
		.max_records = UINT32_MAX,
	};
	struct batch *batch = &export->batch;
	int r;

	do {
		r = feed_fill(&export->feed, extent, &position, &bounds, &export->encoder,
			batch);
		if (r == 0)
			r = file_write(export->options->fd, batch->bytes.data,
				batch->bytes.size);
		position = batch->end;
		export->result.n_records += batch->n_records;
	} while (r == 0 && batch->n_records > 0);
	return r;
}

static int export_segment(struct export *export, const struct segment_info *info,
	const struct position *from, const struct segment_info *last)
{
	struct journal_extent extent = {
		.path = info->path,
		.epoch = info->epoch,
		.first_sequence = info->first_sequence,
		.end_sequence = info->extent.end_sequence,
		.size = info->extent.size,
		.sealed = info->link.next != &export->segments,
	};
	int r = 0;

	if (info == last && export->options->to)
		r = find_end(&extent, export->options->to->sequence);
	if (r == 0)
		r = export_extent(export, &extent, *from);
	if (r == -ENOENT) {
		/* A running agent removed it meanwhile. */
		export->result.n_gone += extent.end_sequence - from->sequence;
		r = 0;
	}
	return r;
}

/* ---- all of them ------------------------------------------------------- */

static int export_segments(struct export *export, struct buffer *why)
{
	const struct position *to = export->options->to;
	struct segment_info *last = to ? segments_holding(&export->segments, to) : NULL;
	struct segment_info *info;
	struct position position;
	int r;

	if (to && !last)
		return refuse(to, why);
	r = find_first(export, &info, &position, why);
	if (r < 0 || !info)
		return r;
	for (;;) {
		r = export_segment(export, info, &position, last);
		if (r < 0 || info == last || info->link.next == &export->segments)
			return r;
		info = container_of(info->link.next, struct segment_info, link);
		position = (struct position){ info->epoch, info->first_sequence, 0 };
	}
}

static int export_all(struct export *export, struct buffer *why)
{
	const struct encoder_type *format = export->options->format;
	struct buffer *bytes = &export->batch.bytes;
	int r = 0;

	if (format->header)
		format->header(&export->encoder, bytes);
	if (buffer_failed(bytes))
		return -ENOMEM;
	r = file_write(export->options->fd, bytes->data, bytes->size);
	return r < 0 ? r : export_segments(export, why);
}

/* Files without a sound header: each may have held many frames. */
static uint64_t count_damaged_files(const struct segments_scan *scan)
{
	uint64_t n = 0;

	for (uint64_t i = 0; i < scan->n_damaged; i++)
		n += !segment_is_unfinished(scan->damaged[i].path);
	return n;
}

int journal_export(const struct export_options *options, struct export_result *ret_result,
	struct buffer *why)
{
	CLEANUP_FREE char *folder = path_join(options->state_dir, "journal");
	struct export export = { .options = options };
	struct segments_scan scan = { 0 };
	int r = folder ? feed_init(&export.feed, NULL, NULL) : -ENOMEM;

	list_init(&export.segments);
	encoder_init(&export.encoder, options->format, SINK_DECIMALS_NUMBER);
	if (r == 0) {
		r = segments_find(folder, false, &export.segments, &scan);
		segments_tell_failure(r, folder, &scan, why);
	}
	if (r == 0)
		r = export_all(&export, why);
	export.result.n_damaged = export.feed.n_damaged + export.feed.tail.n_damaged +
				  count_damaged_files(&scan);
	export.result.n_unknown = export.feed.n_unknown;
	feed_finish(&export.feed);
	buffer_finish(&export.batch.bytes);
	segments_free(&export.segments);
	segments_scan_finish(&scan);
	*ret_result = export.result;
	if (r < 0 && why->size == 0)
		buffer_append_format(why, "cannot export: %s", strerror(-r));
	return r;
}
