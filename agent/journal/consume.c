/* SPDX-License-Identifier: Apache-2.0 */
/* The journal's side of its consumers: where they read on, and which segments are
 * not needed any more. */
#include "internal.h"

#include "base/clock.h"
#include "base/log.h"

#include <inttypes.h>
#include <stdlib.h>

static struct segment_info *segment_of(struct list *link)
{
	return container_of(link, struct segment_info, link);
}

static struct segment_info *oldest_segment(const struct journal *journal)
{
	return segment_of(journal->segments.next);
}

static struct segment_info *newest_segment(const struct journal *journal)
{
	return segment_of(journal->segments.previous);
}

void journal_tell_consumers(struct journal *journal)
{
	list_each(link, &journal->consumers)
	{
		struct journal_consumer *consumer =
			container_of(link, struct journal_consumer, link);

		consumer->on_readable(consumer);
	}
}

void journal_add_consumer(struct journal *journal, struct journal_consumer *consumer)
{
	list_append(&journal->consumers, &consumer->link);
}

void journal_remove_consumer(struct journal *journal, struct journal_consumer *consumer)
{
	list_remove(&consumer->link);
	journal_trim(journal);
}

void journal_acknowledge(struct journal *journal, struct journal_consumer *consumer,
	const struct position *position)
{
	consumer->position = *position;
	journal_trim(journal);
}

/* ---- places ------------------------------------------------------------ */

/* The last segment of the position's epoch that begins at it or before. */
static struct segment_info *find_own(
	const struct journal *journal, const struct position *position)
{
	for (struct list *link = journal->segments.previous; link != &journal->segments;
		link = link->previous) {
		struct segment_info *info = segment_of(link);

		if (info->epoch == position->epoch &&
			info->first_sequence <= position->sequence)
			return info;
	}
	return NULL;
}

/* Sets the position to the first frame of a segment. */
static struct segment_info *begin_of(struct segment_info *info, struct position *position)
{
	*position = (struct position){ info->epoch, info->first_sequence, 0 };
	return info;
}

/* The next segment in which there is something to read; NULL where there is none. */
static struct segment_info *next_filled(
	const struct journal *journal, const struct segment_info *info)
{
	for (struct list *link = info->link.next; link != &journal->segments;
		link = link->next) {
		struct segment_info *next = segment_of(link);

		if (next->extent.readable_end > next->first_sequence)
			return next;
	}
	return NULL;
}

/* The segment in which to read on at a position, which is moved to where that is.
 * ret_lost: frames that were there once and are gone. */
static struct segment_info *settle(
	const struct journal *journal, struct position *position, uint64_t *ret_lost)
{
	struct segment_info *info = find_own(journal, position);

	*ret_lost = 0;
	if (!info) {
		/* Its segment is gone, or was never in this folder. */
		info = oldest_segment(journal);
		if (info->first_sequence > position->sequence)
			*ret_lost = info->first_sequence - position->sequence;
		begin_of(info, position);
	}
	/* All of a sealed segment was read: the next one, also of another epoch. A
	 * position past the end is one that power loss took back: clamped. No position
	 * is ever in an empty segment, since the next start may remove that. */
	while (info->extent.sealed && position->sequence >= info->extent.end_sequence) {
		struct segment_info *next = next_filled(journal, info);

		if (!next)
			break;
		info = begin_of(next, position);
	}
	return info;
}

bool journal_locate(struct journal *journal, struct position *position,
	struct journal_extent *ret_extent, uint64_t *ret_lost)
{
	struct segment_info *info = settle(journal, position, ret_lost);

	*ret_extent = (struct journal_extent){
		.path = info->path,
		.epoch = info->epoch,
		.first_sequence = info->first_sequence,
		.end_sequence = info->extent.readable_end,
		.size = info->extent.readable_size,
		.sealed = info->extent.sealed,
	};
	return position->sequence < info->extent.readable_end;
}

struct position journal_oldest(const struct journal *journal)
{
	struct position position;

	begin_of(oldest_segment(journal), &position);
	return position;
}

struct position journal_end(const struct journal *journal)
{
	const struct segment_info *info = newest_segment(journal);

	/* As everywhere, not in a segment that the next start may remove. */
	while (info->extent.end_sequence == info->first_sequence &&
		&info->link != journal->segments.next)
		info = segment_of(info->link.previous);
	return (struct position){ info->epoch, info->extent.end_sequence, 0 };
}

uint64_t journal_bytes_behind(
	const struct journal *journal, const struct journal_extent *extent)
{
	uint64_t bytes = 0;

	for (struct list *link = journal->segments.previous; link != &journal->segments;
		link = link->previous) {
		struct segment_info *info = segment_of(link);

		if (info->epoch == extent->epoch &&
			info->first_sequence == extent->first_sequence)
			break;
		bytes += info->extent.size - SEGMENT_HEADER_SIZE;
	}
	return bytes;
}

/* ---- retention --------------------------------------------------------- */

/* Whether every consumer reads on behind this segment, the oldest. */
static bool all_have_passed(
	const struct journal *journal, const struct segment_info *info)
{
	if (list_is_empty(&journal->consumers))
		return false;
	list_each(link, &journal->consumers)
	{
		struct position position =
			container_of(link, struct journal_consumer, link)->position;
		uint64_t lost;

		if (settle(journal, &position, &lost) == info)
			return false;
	}
	return true;
}

static uint64_t total_size(const struct journal *journal)
{
	uint64_t size = 0;

	list_each(link, &journal->segments) size += segment_of(link)->extent.size;
	return size;
}

/* Why the oldest segment may go although a consumer still needs it; NULL: it may
 * not. */
static const char *is_beyond_bounds(
	const struct journal *journal, const struct segment_info *info)
{
	int64_t now_ns = clock_wall_ns(journal->clock);

	if (total_size(journal) > journal->max_size)
		return "max_size";
	/* What follows was created after the last frame of this one. */
	if (now_ns - segment_of(info->link.next)->created_ns > journal->max_age_ns)
		return "max_age";
	return NULL;
}

static bool remove_oldest(struct journal *journal)
{
	struct removal *removal = calloc(1, sizeof(*removal));

	if (!removal)
		return false;
	removal->task.kind = TASK_REMOVE_SEGMENT;
	removal->segment = oldest_segment(journal);
	list_remove(&removal->segment->link);
	writer_post(&journal->writer, &removal->task);
	return true;
}

void journal_trim(struct journal *journal)
{
	for (;;) {
		struct segment_info *info = oldest_segment(journal);
		const char *bound = NULL;

		/* The newest one is never removed: positions continue from it. */
		if (info == newest_segment(journal) || !info->extent.sealed)
			return;
		if (!all_have_passed(journal, info)) {
			bound = is_beyond_bounds(journal, info);
			if (!bound)
				return;
			log_warning("journal",
				"removing frames %" PRIu64 " to %" PRIu64
				" that not every sink has taken: beyond journal.%s",
				info->first_sequence, info->extent.end_sequence - 1,
				bound);
		}
		if (!remove_oldest(journal))
			return;
	}
}
