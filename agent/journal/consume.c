/* SPDX-License-Identifier: Apache-2.0 */
/* The journal's side of its consumers: where they read on. */
#include "internal.h"

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

struct segment_info *journal_settle(
	const struct journal *journal, struct position *position, uint64_t *ret_lost)
{
	struct segment_info *info = segments_holding(&journal->segments, position);

	*ret_lost = 0;
	if (!info) {
		/* Its segment is gone, or was never in this folder. */
		info = oldest_segment(journal);
		if (info->extent.readable_end == info->first_sequence)
			return info;
		if (info->first_sequence > position->sequence)
			*ret_lost = info->first_sequence - position->sequence;
		begin_of(info, position);
	}
	/* All of a sealed segment was read: the next one, also of another epoch. A
	 * position past the end is one that power loss took back: clamped. No position
	 * is ever in an empty segment, since the next start may remove that, and may
	 * find the one before it, whose removal had only been asked for. */
	while (info->extent.sealed && position->sequence >= info->extent.end_sequence) {
		struct segment_info *next = next_filled(journal, info);

		if (!next)
			break;
		info = begin_of(next, position);
	}
	return info;
}

struct journal_extent journal_extent_of(const struct segment_info *info)
{
	return (struct journal_extent){
		.path = info->path,
		.epoch = info->epoch,
		.first_sequence = info->first_sequence,
		.end_sequence = info->extent.readable_end,
		.size = info->extent.readable_size,
		.sealed = info->extent.sealed,
	};
}

bool journal_locate(struct journal *journal, struct position *position,
	struct journal_extent *ret_extent, uint64_t *ret_lost)
{
	struct segment_info *info = journal_settle(journal, position, ret_lost);

	*ret_extent = journal_extent_of(info);
	return segment_has(info, position, info->extent.readable_end);
}

bool journal_is_behind(const struct journal *journal, const struct position *position)
{
	struct position own = *position;
	uint64_t lost;
	struct segment_info *info = journal_settle(journal, &own, &lost);

	if (segment_has(info, &own, info->extent.end_sequence))
		return true;
	for (struct list *link = info->link.next; link != &journal->segments;
		link = link->next) {
		info = segment_of(link);
		if (info->extent.end_sequence > info->first_sequence)
			return true;
	}
	return false;
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
