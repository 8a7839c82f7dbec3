/* SPDX-License-Identifier: Apache-2.0 */
/* Where each of the segments ends that were found: what a life that was killed left at
 * the end is settled here. */
#include "segments_internal.h"

#include "base/cleanup.h"
#include "base/macros.h"
#include "reader.h"
#include "segment.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where the last whole frame of a segment ends, and its sequence. Frames from limit on
 * failed to be committed: what was written in their place follows. */
static int find_end(const struct segment_info *info, uint64_t limit,
	struct segment_extent *extent, int64_t *last_observed_ns)
{
	struct reader reader;
	struct frame frame;
	int r = reader_open(&reader, info->path);

	extent->end_sequence = info->first_sequence;
	extent->size = SEGMENT_HEADER_SIZE;
	while (r >= 0) {
		r = reader_next(&reader, info->extent.size, &frame);
		if (r == READER_END)
			break;
		if (r != READER_FRAME || frame.header.sequence >= limit)
			continue;
		extent->end_sequence = frame.header.sequence + 1;
		extent->size = reader.offset;
		*last_observed_ns = MAX(*last_observed_ns, frame.header.observed_ns);
	}
	reader_close(&reader);
	return r < 0 ? r : 0;
}

static int remove_segment(struct segment_info *info, const char *folder)
{
	CLEANUP_FREE char *definitions = segment_path(
		folder, info->first_sequence, info->epoch, SEGMENT_DEFINITIONS);

	if (!definitions)
		return -ENOMEM;
	if (unlink(info->path) < 0 || (unlink(definitions) < 0 && errno != ENOENT))
		return -errno;
	list_remove(&info->link);
	segment_info_destroy(info);
	return 0;
}

/* fdatasync of what may not be open. */
static int sync_path(const char *path)
{
	CLEANUP_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 || fdatasync(fd) < 0 ? -errno : 0;
}

/* Cuts off what follows the last whole frame and makes the rest durable: a life that
 * was killed may have written it and not synced, and what is read from here on is
 * given to sinks. */
static int repair_end(const struct segment_info *last, const char *folder, uint64_t size)
{
	CLEANUP_FREE char *definitions = segment_path(
		folder, last->first_sequence, last->epoch, SEGMENT_DEFINITIONS);
	int r;

	if (!definitions)
		return -ENOMEM;
	if (last->extent.size > size) {
		/* Torn, or damaged: nobody can tell. */
		segments_set_aside(folder, last->path, size, last->extent.size,
			"no whole frame stands here, at the end");
		if (truncate(last->path, (off_t)size) < 0)
			return -errno;
	}
	r = sync_path(definitions);
	return r == 0 || r == -ENOENT ? sync_path(last->path) : r;
}

/* Settles where a segment ends: the newest one, whose end decides what comes next. */
static int settle_end(struct segment_info *last, uint64_t limit, const char *folder,
	bool repair, struct segments_scan *scan)
{
	struct segment_extent extent = { 0 };
	int r = find_end(last, limit, &extent, &scan->last_observed_ns);

	if (r == -ENOENT && !repair)
		return 0; /* a running agent removed it meanwhile */
	if (r < 0)
		return r;
	scan->next_sequence = extent.end_sequence;
	scan->cut_bytes += last->extent.size - extent.size;
	if (repair)
		r = repair_end(last, folder, extent.size);
	if (r < 0)
		return r;
	last->extent.end_sequence = extent.end_sequence;
	last->extent.size = last->extent.readable_size = extent.size;
	return 0;
}

/* Empty segments at the end, of lives in which nothing was committed, are removed:
 * the one before them is the newest. */
static int settle_last(const char *folder, bool repair, struct list *segments,
	struct segments_scan *scan)
{
	uint64_t limit = UINT64_MAX;

	while (!list_is_empty(segments)) {
		struct segment_info *last =
			container_of(segments->previous, struct segment_info, link);
		int r = settle_end(last, limit, folder, repair, scan);

		limit = last->first_sequence;
		scan->last_observed_ns = MAX(scan->last_observed_ns, last->created_ns);
		if (r < 0 || !repair || last->extent.end_sequence > last->first_sequence)
			return r;
		r = remove_segment(last, folder);
		if (r < 0)
			return r;
	}
	/* All that was before it was delivered and removed. */
	if (limit != UINT64_MAX)
		scan->next_sequence = limit;
	return 0;
}

/* A segment ends where the next one begins. An agent may have written to it after it
 * was opened here, but not after it created the next one. */
static void settle_sealed(struct segment_info *info, const struct segment_info *next)
{
	struct stat status;

	info->extent.end_sequence = next->first_sequence;
	if (stat(info->path, &status) == 0)
		info->extent.size = info->extent.readable_size = (uint64_t)status.st_size;
}

static void settle_others(struct list *segments)
{
	list_each(link, segments)
	{
		struct segment_info *info = container_of(link, struct segment_info, link);

		if (link->next != segments)
			settle_sealed(info,
				container_of(link->next, struct segment_info, link));
		info->extent.readable_end = info->extent.end_sequence;
		info->latest = info->extent;
	}
}

int segments_settle_ends(const char *folder, bool repair, struct list *segments,
	struct segments_scan *scan)
{
	int r = settle_last(folder, repair, segments, scan);

	if (r == 0)
		settle_others(segments);
	return r;
}
