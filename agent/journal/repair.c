/* SPDX-License-Identifier: Apache-2.0 */
#include "repair.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "check.h"
#include "format.h"
#include "quarantine.h"
#include "segment.h"
#include "segments.h"
#include "series_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

struct repair {
	const struct repair_options *options;
	const char *folder;
	struct repair_result result;
};

__attribute__((format(printf, 3, 0))) static void tell(
	void (*on_text)(void *context, const char *text), void *context,
	const char *format, va_list list)
{
	CLEANUP(buffer_finish) struct buffer text = { 0 };

	buffer_append_format_list(&text, format, list);
	if (on_text && buffer_text(&text))
		on_text(context, buffer_text(&text));
}

__attribute__((format(printf, 2, 3))) static void tell_step(
	struct repair *repair, const char *format, ...)
{
	va_list list;

	repair->result.n_steps++;
	va_start(list, format);
	tell(repair->options->on_step, repair->options->context, format, list);
	va_end(list);
}

__attribute__((format(printf, 2, 3))) static void tell_left(
	struct repair *repair, const char *format, ...)
{
	va_list list;

	repair->result.n_left++;
	va_start(list, format);
	tell(repair->options->on_left, repair->options->context, format, list);
	va_end(list);
}

/* ---- as an agent does at its start ------------------------------------- */

static int repair_segments(struct repair *repair, struct buffer *why)
{
	struct segments_scan scan = { 0 };
	struct list segments;
	int r;

	list_init(&segments);
	r = segments_find(repair->folder, true, &segments, &scan);
	segments_tell_failure(r, repair->folder, &scan, why);
	if (r == 0 && scan.cut_bytes > 0)
		tell_step(repair,
			"cut a tail of %" PRIu64
			" bytes in which no frame is whole: set aside",
			scan.cut_bytes);
	for (uint64_t i = 0; r == 0 && i < scan.n_damaged; i++)
		tell_step(repair, "%s: %s", scan.damaged[i].path,
			scan.damaged[i].restored
				? "its header is damaged: written anew from its name"
				: "its header is that of another file: set aside");
	segments_free(&segments);
	segments_scan_finish(&scan);
	return r;
}

/* ---- fault by fault ---------------------------------------------------- */

static void repair_damage(struct repair *repair, const struct check_fault *fault)
{
	int r = quarantine_piece(
		repair->folder, fault->path, fault->begin, fault->end, fault->what);

	if (r < 0)
		tell_left(repair,
			"%s: bytes %" PRIu64 " to %" PRIu64
			" are damaged and cannot be set aside: %s",
			fault->path, fault->begin, fault->end, strerror(-r));
	else
		tell_step(repair,
			"%s: bytes %" PRIu64 " to %" PRIu64
			" are damaged: a copy is set aside",
			fault->path, fault->begin, fault->end);
}

static void repair_series(struct repair *repair, const struct check_fault *fault)
{
	CLEANUP_FREE char *segment = segment_of_series_path(fault->path);
	int r = segment ? series_file_rebuild(repair->folder, segment, fault->what)
			: -ENOMEM;

	if (r < 0)
		tell_left(
			repair, "%s: cannot be made anew: %s", fault->path, strerror(-r));
	else
		tell_step(repair, "%s: made anew from its segment", fault->path);
}

static void on_fault(void *context, const struct check_fault *fault)
{
	struct repair *repair = context;

	if (fault->kind == CHECK_DAMAGED)
		repair_damage(repair, fault);
	else if (fault->kind == CHECK_SERIES)
		repair_series(repair, fault);
	else
		tell_left(repair, "%s: frame %" PRIu64 ": %s", fault->path,
			fault->sequence, fault->what);
}

static int repair_faults(struct repair *repair, struct buffer *why)
{
	struct check_options options = {
		.state_dir = repair->options->state_dir,
		.lock_is_ours = true,
		.on_fault = on_fault,
		.context = repair,
	};
	struct check_result result;

	return journal_check(&options, &result, why);
}

/* ---- what is left over ------------------------------------------------- */

/* Definitions without their segment: a crash came between the creation or the removal
 * of the two, or the segment was set aside. */
static void set_lone_aside(struct repair *repair, const char *path)
{
	CLEANUP_FREE char *segment = segment_of_series_path(path);
	int r;

	if (!segment || access(segment, F_OK) == 0)
		return;
	r = quarantine_file(repair->folder, path, "its segment is gone");
	if (r < 0)
		tell_left(repair, "%s: cannot be set aside: %s", path, strerror(-r));
	else
		tell_step(repair, "%s: its segment is gone: set aside", path);
}

static int repair_left_over(struct repair *repair)
{
	CLEANUP_CLOSEDIR DIR *directory = opendir(repair->folder);
	struct dirent *entry;
	uint64_t first, epoch;

	if (!directory)
		return -errno;
	while ((entry = readdir(directory))) {
		CLEANUP_FREE char *path = NULL;

		if (segment_kind_of_name(entry->d_name, &first, &epoch) !=
			SEGMENT_DEFINITIONS)
			continue;
		path = path_join(repair->folder, entry->d_name);
		if (!path)
			return -ENOMEM;
		set_lone_aside(repair, path);
	}
	return 0;
}

int journal_repair(const struct repair_options *options, struct repair_result *ret_result,
	struct buffer *why)
{
	CLEANUP_FREE char *folder = path_join(options->state_dir, "journal");
	struct repair repair = { .options = options, .folder = folder };
	int r = folder ? repair_segments(&repair, why) : -ENOMEM;

	if (r == 0)
		r = repair_faults(&repair, why);
	if (r == 0)
		r = repair_left_over(&repair);
	*ret_result = repair.result;
	if (r < 0 && why->size == 0)
		buffer_append_text(why, strerror(-r));
	return r;
}
