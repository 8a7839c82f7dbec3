/* SPDX-License-Identifier: Apache-2.0 */
#include "segments.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/macros.h"
#include "quarantine.h"
#include "reader.h"
#include "segment.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct segment_info *segment_info_create(
	const char *folder, uint64_t first_sequence, uint64_t epoch, int64_t created_ns)
{
	struct segment_info *info = calloc(1, sizeof(*info));

	if (!info)
		return NULL;
	list_init(&info->link);
	info->path = segment_path(folder, first_sequence, epoch, SEGMENT_FRAMES);
	info->first_sequence = first_sequence;
	info->epoch = epoch;
	info->created_ns = created_ns;
	info->extent.end_sequence = info->extent.readable_end = first_sequence;
	info->extent.size = info->extent.readable_size = SEGMENT_HEADER_SIZE;
	info->latest = info->extent;
	if (!info->path) {
		free(info);
		return NULL;
	}
	return info;
}

void segment_info_destroy(struct segment_info *info)
{
	if (!info)
		return;
	free(info->path);
	free(info);
}

void segments_free(struct list *segments)
{
	list_each(link, segments)
	{
		list_remove(link);
		segment_info_destroy(container_of(link, struct segment_info, link));
	}
}

static bool comes_before(const struct segment_info *a, const struct segment_info *b)
{
	if (a->first_sequence != b->first_sequence)
		return a->first_sequence < b->first_sequence;
	return a->created_ns < b->created_ns;
}

static void insert_sorted(struct list *segments, struct segment_info *info)
{
	struct list *before = segments->previous;

	while (before != segments &&
		comes_before(info, container_of(before, struct segment_info, link)))
		before = before->previous;
	/* Behind before: in front of what follows it. */
	list_append(before->next, &info->link);
}

/* A disk that is full must not keep the journal from opening. */
static void set_aside(const char *folder, const char *path, uint64_t begin, uint64_t end,
	const char *reason)
{
	int r = quarantine_piece(folder, path, begin, end, reason);

	if (r < 0)
		log_error("journal", "cannot set aside what is damaged of '%s': %s", path,
			strerror(-r));
}

/* The first sequence and the epoch stand in a segment's name as well. */
static bool read_name(const char *name, uint64_t *ret_sequence, uint64_t *ret_epoch)
{
	int n = 0;

	return sscanf(name, "%20" SCNu64 "-%16" SCNx64 ".segment%n", ret_sequence,
		       ret_epoch, &n) == 2 &&
	       n > 0 && name[n] == '\0';
}

static int open_segment(
	const char *folder, const char *path, struct segment_info **ret_info)
{
	struct segment_info *info = NULL;
	struct reader reader;
	int64_t size = 0;
	int r = reader_open(&reader, path);

	if (r == 0) {
		size = reader_file_size(&reader);
		info = segment_info_create(folder, reader.header.first_sequence,
			reader.header.epoch, reader.header.created_ns);
		r = info ? 0 : -ENOMEM;
	}
	reader_close(&reader);
	if (r < 0 || !info)
		return r;
	info->extent.size = info->extent.readable_size = (uint64_t)size;
	info->extent.sealed = true;
	*ret_info = info;
	return 0;
}

/* Writes a damaged header anew, of what the name says: the frames behind it are whole.
 * Where there are none, the file was never finished, and nothing is lost. */
static int restore_header(const char *folder, const char *path, const char *name,
	struct segments_scan *scan)
{
	struct segment_header header = {
		.version = JOURNAL_VERSION,
		.kind = SEGMENT_FRAMES,
	};
	CLEANUP_CLOSE int fd = open(path, O_WRONLY | O_CLOEXEC);
	uint8_t bytes[SEGMENT_HEADER_SIZE];
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		return -errno;
	read_name(name, &header.first_sequence, &header.epoch);
	/* No earlier than it was, as bounds on age want it. */
	header.created_ns =
		status.st_mtim.tv_sec * NS_PER_SECOND + status.st_mtim.tv_nsec;
	segment_header_put(bytes, &header);
	if (status.st_size > SEGMENT_HEADER_SIZE) {
		scan->n_restored++;
		set_aside(folder, path, 0, sizeof(bytes),
			"the segment's header is damaged");
	}
	return file_write_at(fd, bytes, sizeof(bytes), 0);
}

static int add_segment(const char *folder, const char *name, bool repair,
	struct list *segments, struct segments_scan *scan)
{
	CLEANUP_FREE char *path = path_join(folder, name);
	struct segment_info *info = NULL;
	int r;

	if (!path)
		return -ENOMEM;
	r = open_segment(folder, path, &info);
	if (r == -EBADMSG && repair && restore_header(folder, path, name, scan) == 0)
		r = open_segment(folder, path, &info);
	if (r == -EBADMSG) {
		scan->n_set_aside++;
		return repair ? quarantine_file(folder, path, "its header is damaged")
			      : 0;
	}
	if (r == -EPROTONOSUPPORT && !scan->newer)
		scan->newer = take_pointer(path);
	/* A running agent, beside which this only looks, has removed it meanwhile. */
	if (r == -ENOENT && !repair)
		return 0;
	if (r < 0 || !info)
		return r;
	insert_sorted(segments, info);
	return 0;
}

static int list_folder(const char *folder, bool repair, struct list *segments,
	struct segments_scan *scan)
{
	CLEANUP_CLOSEDIR DIR *directory = opendir(folder);
	struct dirent *entry;
	uint64_t sequence, epoch;
	int r = 0;

	if (!directory)
		return -errno;
	while (r == 0 && (entry = readdir(directory))) {
		if (read_name(entry->d_name, &sequence, &epoch))
			r = add_segment(folder, entry->d_name, repair, segments, scan);
	}
	return r;
}

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
		set_aside(folder, last->path, size, last->extent.size,
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

	if (r < 0 && (r != -ENOENT || repair))
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

/* The others end where the next begins. */
static void settle_others(struct list *segments)
{
	list_each(link, segments)
	{
		struct segment_info *info = container_of(link, struct segment_info, link);

		if (link->next != segments)
			info->extent.end_sequence =
				container_of(link->next, struct segment_info, link)
					->first_sequence;
		info->extent.readable_end = info->extent.end_sequence;
		info->latest = info->extent;
	}
}

int segments_find(const char *folder, bool repair, struct list *segments,
	struct segments_scan *ret_scan)
{
	int r;

	*ret_scan = (struct segments_scan){ .next_sequence = 1 };
	r = list_folder(folder, repair, segments, ret_scan);
	if (r == 0)
		r = settle_last(folder, repair, segments, ret_scan);
	if (r == 0)
		settle_others(segments);
	return r;
}
