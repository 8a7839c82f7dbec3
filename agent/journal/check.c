/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/macros.h"
#include "check_internal.h"
#include "cursors.h"
#include "lock.h"
#include "quarantine.h"
#include "segments.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

const char *check_kind_name(enum check_kind kind)
{
	static const char *const names[] = { "header", "damaged", "missing", "content",
		"undefined", "series", "cursor" };

	return names[kind];
}

void check_tell(struct check *check, struct check_fault fault, const char *format, ...)
{
	CLEANUP(buffer_finish) struct buffer what = { 0 };
	va_list list;

	va_start(list, format);
	buffer_append_format_list(&what, format, list);
	va_end(list);
	fault.what = buffer_text(&what);
	if (!fault.what)
		fault.what = "out of memory";
	check->result.n_faults++;
	if (check->options->on_fault)
		check->options->on_fault(check->options->context, &fault);
}

/* Asked again each time: the agent may have started meanwhile. */
bool check_agent_runs(struct check *check)
{
	int holder;

	if (!check->options->lock_is_ours &&
		lock_probe(check->options->state_dir, &holder) > 0)
		check->result.agent_runs = true;
	return check->result.agent_runs;
}

/* ---- headers ----------------------------------------------------------- */

static void check_headers(struct check *check, const struct segments_scan *scan)
{
	for (uint64_t i = 0; i < scan->n_damaged; i++) {
		const char *path = scan->damaged[i].path;

		if (check_agent_runs(check) && segment_is_unfinished(path))
			continue;
		check_tell(check,
			(struct check_fault){ .kind = CHECK_HEADER, .path = path },
			"its header is damaged, or is that of another file");
	}
}

/* ---- between segments -------------------------------------------------- */

/* Where one ends, the next begins: frames lie in between neither twice nor never. */
static void check_seam(struct check *check, const struct segment_info *info, uint64_t end)
{
	const struct segment_info *next;

	if (info->link.next == &check->segments)
		return;
	next = container_of(info->link.next, struct segment_info, link);
	if (end < next->first_sequence &&
		quarantine_has_segment(check->folder, end, next->first_sequence))
		check->result.n_set_aside++;
	else if (end != next->first_sequence)
		check_tell(check,
			(struct check_fault){ .kind = CHECK_MISSING,
				.path = next->path,
				.sequence = end },
			"expected to begin with frame %" PRIu64
			", and begins with frame %" PRIu64,
			end, next->first_sequence);
}

static int check_segments(struct check *check)
{
	int r = 0;

	list_each(link, &check->segments)
	{
		struct segment_info *info = container_of(link, struct segment_info, link);
		uint64_t end;

		r = check_segment(check, info, &end);
		if (r < 0)
			break;
		if (r > 0)
			check_seam(check, info, end);
	}
	return MIN(r, 0);
}

/* ---- cursors ----------------------------------------------------------- */

/* A position may be of a segment that is gone, if what follows is still there. */
static void check_position(
	struct check *check, const char *path, const struct position *position)
{
	const struct segment_info *info = segments_holding(&check->segments, position);
	struct check_fault fault = {
		.kind = CHECK_CURSOR,
		.path = path,
		.sequence = position->sequence,
	};

	if (list_is_empty(&check->segments))
		return;
	if (!info) {
		info = container_of(check->segments.next, struct segment_info, link);
		if (position->sequence > info->first_sequence)
			check_tell(check, fault,
				"points to frame %" PRIu64 " of epoch %016" PRIx64
				", which this journal does not have",
				position->sequence, position->epoch);
		return;
	}
	if (position->sequence > info->latest.end_sequence)
		check_tell(check, fault,
			"points to frame %" PRIu64 " of epoch %016" PRIx64
			", which ends before frame %" PRIu64,
			position->sequence, position->epoch, info->latest.end_sequence);
}

static void check_cursors(struct check *check, const struct cursors *cursors)
{
	for (size_t i = 0; i < cursors->n; i++) {
		const struct known_cursor *cursor = &cursors->items[i];
		CLEANUP(buffer_finish) struct buffer path = { 0 };
		const char *text;

		buffer_append_format(&path, "%s/cursors/%s.cursor",
			check->options->state_dir, cursor->id);
		text = buffer_text(&path);
		check->result.n_cursors++;
		if (cursor->result == 0)
			check_position(check, text ? text : cursor->id,
				&cursor->record.acknowledged);
		else
			check_tell(check,
				(struct check_fault){ .kind = CHECK_CURSOR,
					.path = text ? text : cursor->id },
				"%s",
				cursor->result == -EBADMSG ? "both its slots are damaged"
							   : strerror(-cursor->result));
	}
}

/* ---- all of it --------------------------------------------------------- */

static int check_all(
	struct check *check, const struct cursors *cursors, struct segments_scan *scan)
{
	int r = segments_find(check->folder, false, &check->segments, scan);

	if (r < 0)
		return r;
	check_headers(check, scan);
	r = check_segments(check);
	if (r == 0)
		check_cursors(check, cursors);
	return r;
}

int journal_check(const struct check_options *options, struct check_result *ret_result,
	struct buffer *why)
{
	CLEANUP_FREE char *cursor_folder = path_join(options->state_dir, "cursors");
	CLEANUP_FREE char *folder = path_join(options->state_dir, "journal");
	CLEANUP(cursors_finish) struct cursors cursors = { 0 };
	struct check check = { .options = options, .folder = folder };
	struct segments_scan scan = { 0 };
	int r;

	if (!cursor_folder || !folder)
		return -ENOMEM;
	list_init(&check.segments);
	check_agent_runs(&check);
	/* Before the segments: what a cursor points to is there by then. */
	r = cursors_load(&cursors, cursor_folder);
	if (r == 0)
		r = check_all(&check, &cursors, &scan);
	segments_tell_failure(r, folder, &scan, why);
	segments_free(&check.segments);
	segments_scan_finish(&scan);
	*ret_result = check.result;
	return r;
}
