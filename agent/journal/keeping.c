/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What collectors remember, kept: the states follow the frames that are committed, and
 * snapshots of them are taken so that neither a removed segment takes a state with it
 * nor a start has to read the whole journal.
 *
 * A snapshot is taken when a segment was sealed, when the journal closes, and at a start
 * that had to read frames. A segment
 * that changed a state goes once the last two snapshots cover it: one of them may be
 * damaged. Where the bounds want it gone before, snapshots are taken at once.
 */
#include "internal.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/macros.h"
#include "snapshot.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SNAPSHOT_RETRY_NS (5 * NS_PER_SECOND)

void keeping_init(struct keeping *keeping, struct recovery *recovery)
{
	*keeping = (struct keeping){
		.states = recovery->states,
		.applied = recovery->end,
		.next_number = recovery->highest_number + 1,
		.newest_number = recovery->newest_number,
		.newest_covers = recovery->newest_covers,
		.other_covers = recovery->other_covers,
	};
	recovery->states = (struct states){ 0 };
}

static void snapshot_task_destroy(struct snapshot_task *task)
{
	if (!task)
		return;
	buffer_finish(&task->bytes);
	free(task);
}

void keeping_finish(struct keeping *keeping)
{
	snapshot_task_destroy(keeping->snapshot);
	states_finish(&keeping->states);
}

/* ---- the states -------------------------------------------------------- */

static void note_change(struct journal *journal, const struct position *position)
{
	for (struct list *link = journal->segments.previous; link != &journal->segments;
		link = link->previous) {
		struct segment_info *info = container_of(link, struct segment_info, link);

		if (info->first_sequence > position->sequence)
			continue;
		info->states_end = position->sequence + 1;
		return;
	}
}

/* What is beyond the state's bounds is so for the next start, too. What memory lacked
 * for is not: a snapshot without it would hide it from that. */
static void apply_failed(
	struct journal *journal, const struct journal_append *append, int result)
{
	bool was_whole = !journal->keeping.failed;

	if (result == -ENOMEM)
		journal->keeping.failed = true;
	if (was_whole)
		log_error("journal", "the state of '%s' could not be changed: %s%s",
			append->state->id, strerror(-result),
			result == -ENOMEM ? "; no snapshot of states is taken until the "
					    "next start"
					  : "");
}

int keeping_apply(struct journal *journal, const struct journal_append *append)
{
	const struct buffer *operations = &append->part->state;
	struct keeping *keeping = &journal->keeping;
	int r;

	keeping->applied = append->position;
	keeping->applied.sequence++;
	if (operations->size == 0)
		return 0;
	note_change(journal, &append->position);
	r = state_apply(&append->state->state,
		(struct slice){ (char *)operations->data, operations->size });
	if (r < 0)
		apply_failed(journal, append, r);
	return r;
}

const struct state *journal_state(const struct journal *journal, const char *collector)
{
	const struct kept_state *found =
		states_find(&journal->keeping.states, slice_of(collector));

	return found ? &found->state : NULL;
}

const struct states *journal_states(const struct journal *journal)
{
	return &journal->keeping.states;
}

int journal_change_state(struct journal *journal, const char *collector,
	const struct buffer *operations, journal_on_done *on_done, void *context)
{
	struct source_view source = {
		.collector = slice_of(collector),
		.identity = slice_of(collector),
		.host = slice_of(""),
		.plugin = slice_of(""),
		.tenant = slice_of(""),
	};
	struct journal_source *author;
	struct part *part;
	int r = -ENOMEM;

	if (operations->size > PART_MAX_SIZE)
		return -E2BIG;
	author = journal_source_create(journal, &source);
	part = part_create(clock_wall_ns(journal->clock));
	if (part)
		buffer_append(&part->state, operations->data, operations->size);
	if (author && part && !part_failed(part))
		r = journal_append(journal, author, part, on_done, context);
	if (r < 0)
		part_destroy(part);
	journal_source_destroy(journal, author);
	return r;
}

/* ---- snapshots --------------------------------------------------------- */

bool keeping_covers(const struct journal *journal, const struct segment_info *info)
{
	const struct keeping *keeping = &journal->keeping;

	if (info->extent.end_sequence == info->first_sequence)
		return true;
	/* While the fate of its last frames is not told, nobody knows what they
	 * change. */
	return info->extent.end_sequence <= keeping->applied.sequence &&
	       info->states_end <= keeping->other_covers;
}

static struct snapshot_task *snapshot_task_create(const struct journal *journal)
{
	const struct keeping *keeping = &journal->keeping;
	struct snapshot_task *task = calloc(1, sizeof(*task));

	if (!task)
		return NULL;
	task->task.kind = TASK_SNAPSHOT;
	task->number = keeping->next_number;
	task->keep = keeping->newest_number;
	task->covers = keeping->applied.sequence;
	snapshot_pack(&task->bytes, &keeping->states, &keeping->applied,
		clock_wall_ns(journal->clock));
	if (buffer_failed(&task->bytes)) {
		snapshot_task_destroy(task);
		return NULL;
	}
	return task;
}

static void snapshot_failed(struct journal *journal, int result)
{
	struct keeping *keeping = &journal->keeping;
	int64_t now_ns = clock_monotonic_ns(journal->clock);

	keeping->retry_ns = now_ns + SNAPSHOT_RETRY_NS;
	if (complaint_fails(&keeping->failing, now_ns))
		log_error("journal",
			"cannot write a snapshot of states to '%s': %s; segments that "
			"it would cover stay",
			journal->folder, strerror(-result));
}

bool keeping_take_snapshot(struct journal *journal, bool again)
{
	struct keeping *keeping = &journal->keeping;

	if (keeping->snapshot)
		return true;
	if (keeping->failed ||
		(!again && keeping->applied.sequence <= keeping->newest_covers) ||
		clock_monotonic_ns(journal->clock) < keeping->retry_ns)
		return false;
	keeping->snapshot = snapshot_task_create(journal);
	if (!keeping->snapshot) {
		snapshot_failed(journal, -ENOMEM);
		return false;
	}
	keeping->next_number++;
	writer_post(&journal->writer, &keeping->snapshot->task);
	return true;
}

void keeping_on_snapshot(struct journal *journal, struct snapshot_task *task)
{
	struct keeping *keeping = &journal->keeping;
	uint64_t failures;
	int64_t span_ns;

	if (!task)
		return;
	if (task->result < 0) {
		snapshot_failed(journal, task->result);
	} else {
		keeping->other_covers = keeping->newest_covers;
		keeping->newest_covers = task->covers;
		keeping->newest_number = task->number;
		if (complaint_recovers(&keeping->failing,
			    clock_monotonic_ns(journal->clock), &failures, &span_ns))
			log_notice("journal", "snapshots of states are written again");
	}
	snapshot_task_destroy(keeping->snapshot);
	keeping->snapshot = NULL;
}
