/* SPDX-License-Identifier: Apache-2.0 */
/* The list of segments, and what a segment's name tells. */
#include "segments.h"

#include "base/macros.h"
#include "segment.h"
#include "segments_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

void segments_insert(struct list *segments, struct segment_info *info)
{
	struct list *before = segments->previous;

	while (before != segments &&
		comes_before(info, container_of(before, struct segment_info, link)))
		before = before->previous;
	/* Behind before: in front of what follows it. */
	list_append(before->next, &info->link);
}

struct segment_info *segments_holding(
	const struct list *segments, const struct position *position)
{
	for (struct list *link = segments->previous; link != segments;
		link = link->previous) {
		struct segment_info *info = container_of(link, struct segment_info, link);

		if (info->epoch == position->epoch &&
			info->first_sequence <= position->sequence)
			return info;
	}
	return NULL;
}

int segment_kind_of_name(const char *name, uint64_t *ret_first, uint64_t *ret_epoch)
{
	int n = 0;

	if (sscanf(name, "%20" SCNu64 "-%16" SCNx64 "%n", ret_first, ret_epoch, &n) !=
			2 ||
		n == 0)
		return 0;
	if (strcmp(name + n, ".segment") == 0)
		return SEGMENT_FRAMES;
	return strcmp(name + n, ".series") == 0 ? SEGMENT_DEFINITIONS : 0;
}
