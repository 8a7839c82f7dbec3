/* SPDX-License-Identifier: Apache-2.0 */
/* How segments are found again at the start: the files of the folder and their
 * headers. */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/macros.h"
#include "quarantine.h"
#include "reader.h"
#include "segment.h"
#include "segments_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LIST_TRIES = 10 };

/* ---- the files of the folder ------------------------------------------- */

static int note_damaged(struct segments_scan *scan, const char *path)
{
	struct damaged_header *grown =
		reallocarray(scan->damaged, scan->n_damaged + 1, sizeof(*scan->damaged));

	if (!grown)
		return -ENOMEM;
	scan->damaged = grown;
	grown[scan->n_damaged] = (struct damaged_header){ .path = strdup(path) };
	if (!grown[scan->n_damaged].path)
		return -ENOMEM;
	scan->n_damaged++;
	return 0;
}

/* What a segment's header and size tell. -EBADMSG: it is damaged, or of a file of
 * another name. */
static int read_info(
	const struct reader *reader, const char *folder, struct segment_info **ret_info)
{
	int64_t size = reader_file_size(reader);
	struct segment_info *info =
		segment_info_create(folder, reader->header.first_sequence,
			reader->header.epoch, reader->header.created_ns);
	int r = size < 0 ? (int)size : 0;

	if (!info)
		return -ENOMEM;
	if (reader->header.kind != SEGMENT_FRAMES ||
		strcmp(info->path, reader->path) != 0)
		r = -EBADMSG;
	if (r < 0) {
		segment_info_destroy(info);
		return r;
	}
	info->extent.size = info->extent.readable_size = (uint64_t)size;
	info->extent.sealed = true;
	*ret_info = info;
	return 0;
}

static int open_segment(
	const char *folder, const char *path, struct segment_info **ret_info)
{
	struct reader reader;
	int r = reader_open(&reader, path);

	if (r == 0)
		r = read_info(&reader, folder, ret_info);
	reader_close(&reader);
	return r;
}

/* Of definitions only the version counts here. */
static int read_version(const char *path)
{
	struct reader reader;
	int r = reader_open(&reader, path);

	reader_close(&reader);
	return r;
}

static int add_file(const char *folder, const char *name, struct list *segments,
	struct segments_scan *scan)
{
	CLEANUP_FREE char *path = path_join(folder, name);
	struct segment_info *info = NULL;
	uint64_t first, epoch;
	int kind = segment_kind_of_name(name, &first, &epoch);
	int r;

	if (!path)
		return -ENOMEM;
	r = kind == SEGMENT_FRAMES ? open_segment(folder, path, &info)
				   : read_version(path);
	if (r == -EPROTONOSUPPORT)
		scan->newer = take_pointer(path);
	else if (r == -EBADMSG)
		r = kind == SEGMENT_FRAMES ? note_damaged(scan, path) : 0;
	if (info)
		segments_insert(segments, info);
	return r;
}

/* 1 where an agent removed a file before it could be opened, else 0 or an errno. */
static int list_folder(
	const char *folder, struct list *segments, struct segments_scan *scan)
{
	CLEANUP_CLOSEDIR DIR *directory = opendir(folder);
	struct dirent *entry;
	bool vanished = false;
	uint64_t first, epoch;
	int r = 0;

	if (!directory)
		return -errno;
	while (r == 0 && (entry = readdir(directory))) {
		if (!segment_kind_of_name(entry->d_name, &first, &epoch))
			continue;
		r = add_file(folder, entry->d_name, segments, scan);
		vanished |= r == -ENOENT;
		r = r == -ENOENT ? 0 : r;
	}
	return r < 0 ? r : vanished;
}

/* Where an agent removes the oldest, it creates others, which the list may lack: a
 * list of files that were all there is wanted. */
static int list_segments(
	const char *folder, struct list *segments, struct segments_scan *scan)
{
	int r = 1;

	for (int i = 0; r > 0 && i < LIST_TRIES; i++) {
		segments_free(segments);
		segments_scan_finish(scan);
		*scan = (struct segments_scan){ .next_sequence = 1 };
		r = list_folder(folder, segments, scan);
	}
	return MIN(r, 0);
}

/* ---- damaged headers --------------------------------------------------- */

bool segment_is_unfinished(const char *path)
{
	struct reader reader;
	struct stat status;
	int r = 0;

	/* In this order: what is long enough now has its header by now. */
	if (stat(path, &status) < 0 || status.st_size < SEGMENT_HEADER_SIZE)
		return true;
	r = reader_open(&reader, path);
	reader_close(&reader);
	return r == 0 || r == -ENOENT;
}

void segments_set_aside(const char *folder, const char *path, uint64_t begin,
	uint64_t end, const char *reason)
{
	int r = quarantine_piece(folder, path, begin, end, reason);

	if (r < 0)
		log_error("journal", "cannot set aside what is damaged of '%s': %s", path,
			strerror(-r));
}

/* Writes a damaged header anew, of what the name says: the frames behind it are whole.
 * Where there are none, the file was never finished, and nothing is lost. */
static int restore_header(
	const char *folder, const char *path, struct segments_scan *scan)
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
	segment_kind_of_name(
		strrchr(path, '/') + 1, &header.first_sequence, &header.epoch);
	/* No earlier than it was, as bounds on age want it. */
	header.created_ns =
		status.st_mtim.tv_sec * NS_PER_SECOND + status.st_mtim.tv_nsec;
	segment_header_put(bytes, &header);
	if (status.st_size > SEGMENT_HEADER_SIZE) {
		scan->n_restored++;
		segments_set_aside(folder, path, 0, sizeof(bytes),
			"the segment's header is damaged");
	}
	return file_write_at(fd, bytes, sizeof(bytes), 0);
}

/* What is sound and of another file is left as it is, and moved away; so is what cannot
 * be written. */
static int mend_header(const char *folder, struct damaged_header *damaged,
	struct list *segments, struct segments_scan *scan)
{
	struct segment_info *info = NULL;
	int r = read_version(damaged->path);

	if (r == 0)
		r = -EBADMSG;
	else if (r == -EBADMSG && restore_header(folder, damaged->path, scan) == 0)
		r = open_segment(folder, damaged->path, &info);
	if (r == -EBADMSG) {
		scan->n_set_aside++;
		return quarantine_file(folder, damaged->path,
			"its header is damaged, or is that of another file");
	}
	if (!info)
		return r;
	damaged->restored = true;
	segments_insert(segments, info);
	return 0;
}

/* Only once all files were looked at: where one is of a newer version, nothing may
 * be touched. */
static int mend_headers(
	const char *folder, struct list *segments, struct segments_scan *scan)
{
	int r = 0;

	for (uint64_t i = 0; r == 0 && i < scan->n_damaged; i++)
		r = mend_header(folder, &scan->damaged[i], segments, scan);
	return r;
}

/* ---- all of it --------------------------------------------------------- */

int segments_find(const char *folder, bool repair, struct list *segments,
	struct segments_scan *ret_scan)
{
	int r;

	*ret_scan = (struct segments_scan){ 0 };
	r = list_segments(folder, segments, ret_scan);
	if (r == 0 && repair)
		r = mend_headers(folder, segments, ret_scan);
	return r < 0 ? r : segments_settle_ends(folder, repair, segments, ret_scan);
}

void segments_tell_failure(
	int r, const char *folder, const struct segments_scan *scan, struct buffer *why)
{
	if (r == -EPROTONOSUPPORT)
		buffer_append_format(why,
			"'%s' was written by a newer version of rookery; nothing was "
			"changed",
			scan->newer ? scan->newer : folder);
	else if (r < 0)
		buffer_append_format(
			why, "cannot read the journal in '%s': %s", folder, strerror(-r));
}

void segments_scan_finish(struct segments_scan *scan)
{
	for (uint64_t i = 0; scan->damaged && i < scan->n_damaged; i++)
		free(scan->damaged[i].path);
	free(scan->damaged);
	free(scan->newer);
	scan->damaged = NULL;
	scan->newer = NULL;
}
