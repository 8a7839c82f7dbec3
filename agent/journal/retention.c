/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which segments are not needed any more, and whose bounds are reached: the
 * journal's, whose oldest segment then goes, or a consumer's, which then goes on
 * further ahead or lets appends wait. All of it counts in whole segments.
 */
#include "internal.h"

#include "base/clock.h"
#include "base/log.h"

#include <inttypes.h>
#include <stdlib.h>

/* Bounds on what is kept; 0: none. */
struct bounds {
	uint64_t size;
	int64_t age_ns;
};

static uint64_t size_from(const struct journal *journal, const struct segment_info *info)
{
	uint64_t size = 0;

	for (const struct list *link = &info->link; link != &journal->segments;
		link = link->next)
		size += container_of_const(link, struct segment_info, link)->extent.size;
	return size;
}

/* Which bound the segments from this one on exceed; NULL: none. */
static const char *exceeded(const struct journal *journal,
	const struct segment_info *info, const struct bounds *bounds)
{
	int64_t now_ns = clock_wall_ns(journal->clock);

	if (bounds->size > 0 && size_from(journal, info) > bounds->size)
		return "max_size";
	/* What follows was created after the last frame of this one. */
	if (bounds->age_ns > 0 && info != newest_segment(journal) &&
		now_ns - segment_of(info->link.next)->created_ns > bounds->age_ns)
		return "max_age";
	return NULL;
}

void journal_set_bounds(struct journal *journal, const struct journal_settings *settings)
{
	journal->max_size = settings->max_size.bytes;
	journal->max_age_ns = settings->max_age.ns;
}

/* ---- bounds of consumers ----------------------------------------------- */

/* The segment in which something waits for the consumer; NULL: nothing does. */
static struct segment_info *waiting_segment(
	const struct journal *journal, const struct journal_consumer *consumer)
{
	struct position position = consumer->position;
	struct segment_info *info;
	uint64_t lost;

	info = journal_settle(journal, &position, &lost);
	return segment_has(info, &position, info->extent.end_sequence) ? info : NULL;
}

static struct bounds bounds_of(const struct journal_consumer *consumer)
{
	return (struct bounds){ consumer->max_size, consumer->max_age_ns };
}

bool journal_overtake(const struct journal *journal,
	const struct journal_consumer *consumer, const struct position *from,
	struct journal_extent *ret_extent, struct position *ret_to)
{
	struct bounds bounds = bounds_of(consumer);
	struct position position = *from;
	struct segment_info *info;
	uint64_t lost;

	if (consumer->blocks || (bounds.size == 0 && bounds.age_ns == 0))
		return false;
	info = journal_settle(journal, &position, &lost);
	if (lost > 0 || !segment_has(info, &position, info->extent.end_sequence) ||
		!info->extent.sealed || info == newest_segment(journal) ||
		!exceeded(journal, info, &bounds))
		return false;
	*ret_extent = journal_extent_of(info);
	info = segment_of(info->link.next);
	*ret_to = (struct position){ info->epoch, info->first_sequence, 0 };
	return true;
}

bool journal_has_caught_up(
	const struct journal *journal, const struct journal_consumer *consumer)
{
	struct bounds half = bounds_of(consumer);
	struct segment_info *info = waiting_segment(journal, consumer);

	if (half.size == 0 || half.size > journal->max_size)
		half.size = journal->max_size;
	if (half.age_ns == 0 || half.age_ns > journal->max_age_ns)
		half.age_ns = journal->max_age_ns;
	half.size /= 2;
	half.age_ns /= 2;
	return !info || !exceeded(journal, info, &half);
}

/* Whether the consumer must not lose anything and reads in this segment. */
static bool is_blocker_in(const struct journal *journal,
	const struct journal_consumer *consumer, const struct segment_info *info)
{
	return consumer->blocks && waiting_segment(journal, consumer) == info;
}

static bool is_needed_by_blocker(
	const struct journal *journal, const struct segment_info *info)
{
	list_each(link, &journal->consumers)
	{
		if (is_blocker_in(journal,
			    container_of(link, struct journal_consumer, link), info))
			return true;
	}
	return false;
}

static bool is_blocked_by(
	const struct journal *journal, const struct journal_consumer *consumer)
{
	struct bounds bounds = bounds_of(consumer);
	const struct segment_info *info = waiting_segment(journal, consumer);

	return consumer->blocks && info && exceeded(journal, info, &bounds);
}

static bool is_blocked(const struct journal *journal)
{
	const struct segment_info *oldest = oldest_segment(journal);

	list_each(link, &journal->consumers)
	{
		if (is_blocked_by(
			    journal, container_of(link, struct journal_consumer, link)))
			return true;
	}
	return size_from(journal, oldest) > journal->max_size &&
	       is_needed_by_blocker(journal, oldest);
}

/* ---- removal ----------------------------------------------------------- */

/* Whether every consumer reads on behind this segment, the oldest, or at its end: it
 * may be that nothing follows yet. */
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

		if (journal_settle(journal, &position, &lost) == info &&
			segment_has(info, &position, info->extent.end_sequence))
			return false;
	}
	return true;
}

/* Why the oldest segment may go although a consumer still needs it; NULL: it may
 * not. */
static const char *is_beyond_bounds(
	const struct journal *journal, const struct segment_info *info)
{
	struct bounds bounds = { journal->max_size, journal->max_age_ns };
	struct bounds age = { 0, journal->max_age_ns };

	if (is_needed_by_blocker(journal, info))
		return exceeded(journal, info, &age);
	return exceeded(journal, info, &bounds);
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

/* Whether the states no longer need a segment. Its turn comes with the snapshots of
 * the next segments; where bounds are reached or nothing can be written, at once. */
static bool states_let_go(
	struct journal *journal, const struct segment_info *info, bool at_once)
{
	if (keeping_covers(journal, info))
		return true;
	if (at_once)
		keeping_take_snapshot(journal, true);
	return false;
}

static bool may_go(struct journal *journal, const struct segment_info *info)
{
	const char *bound;
	bool passed;

	/* The newest one is never removed: positions continue from it. */
	if (info == newest_segment(journal) || !info->extent.sealed)
		return false;
	bound = is_beyond_bounds(journal, info);
	passed = all_have_passed(journal, info);
	if ((!passed && !bound) ||
		!states_let_go(journal, info, bound || journal->health < 0))
		return false;
	if (!passed)
		log_warning("journal",
			"removing frames %" PRIu64 " to %" PRIu64
			" that not every sink has taken: beyond journal.%s",
			info->first_sequence, info->extent.end_sequence - 1, bound);
	return true;
}

static void note_blocked(struct journal *journal, bool blocked)
{
	if (blocked && !journal->is_blocked &&
		complaint_fails(&journal->blocked, clock_monotonic_ns(journal->clock)))
		log_warning("journal",
			"a sink with when_full: block is at its bound: collectors wait "
			"until it has caught up (%llu times so far)",
			(unsigned long long)journal->blocked.failures);
	journal->is_blocked = blocked;
}

void journal_trim(struct journal *journal)
{
	while (may_go(journal, oldest_segment(journal)) && remove_oldest(journal))
		;
	note_blocked(journal, is_blocked(journal));
}
