/* SPDX-License-Identifier: Apache-2.0 */
#include "commit.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/random.h"
#include "framing.h"

#include <errno.h>
#include <string.h>

/* As much as goes out in one write; a frame may exceed it alone. */
#define GROUP_MAX_SIZE (2u << 20)

#define RETRY_FIRST_NS (250 * NS_PER_MS)
#define RETRY_MOST_NS  (10 * NS_PER_SECOND)

static int64_t monotonic_ns(const struct writer *writer)
{
	return clock_monotonic_ns(writer->options.clock);
}

static void settle(struct writer *writer, struct list *appends, int result)
{
	list_each(link, appends) container_of(link, struct journal_append, task.link)
		->result = result;
	list_splice(&writer->settled, appends);
}

/* ---- segments ---------------------------------------------------------- */

static int open_segment(struct writer *writer)
{
	struct segment_header header = {
		.version = JOURNAL_VERSION,
		.kind = SEGMENT_FRAMES,
		.epoch = writer->epoch,
		.first_sequence = writer->next_sequence,
		/* Never back: an empty segment and its successor are in order of it. */
		.created_ns = MAX(clock_wall_ns(writer->options.clock),
			writer->last_created_ns + 1),
	};
	struct segment_info *info = segment_info_create(writer->options.folder,
		header.first_sequence, header.epoch, header.created_ns);
	int r;

	if (!info)
		return -ENOMEM;
	r = segment_create(&writer->segment, writer->options.folder, &header);
	if (r < 0) {
		segment_info_destroy(info);
		writer->epoch = random_u64(); /* its name may be in use by now */
		return r;
	}
	writer->mark++;
	writer->last_created_ns = header.created_ns;
	writer->info = info;
	writer->extent = info->extent;
	writer->safe_definitions = writer->segment.definitions.size;
	pthread_mutex_lock(&writer->lock);
	list_append(&writer->created, &info->link);
	pthread_mutex_unlock(&writer->lock);
	return 0;
}

void commit_seal(struct writer *writer)
{
	writer->extent.sealed = true;
	pthread_mutex_lock(&writer->lock);
	writer->info->latest = writer->extent;
	pthread_mutex_unlock(&writer->lock);
	segment_close(&writer->segment);
	writer->info = NULL;
	writer->unsynced_since_ns = INT64_MAX;
}

static void make_readable(struct writer *writer)
{
	writer->extent.readable_end = writer->extent.end_sequence;
	writer->extent.readable_size = writer->extent.size;
	writer->safe_definitions = writer->segment.definitions.size;
}

/* The segment that the next group goes into. */
static int ready_segment(struct writer *writer)
{
	if (writer->info && writer->extent.size >= writer->options.segment_size) {
		commit_sync(writer);
		if (writer->info)
			commit_seal(writer);
	}
	return writer->info ? 0 : open_segment(writer);
}

/* ---- failing ----------------------------------------------------------- */

static bool is_full(int r)
{
	return r == -ENOSPC || r == -EDQUOT;
}

/* What failed may yet be found on the disk, under positions that are used again. */
static void leave_segment(struct writer *writer)
{
	commit_seal(writer);
	writer->epoch = random_u64();
	writer->next_sequence = writer->extent.end_sequence;
}

static void wait_for_retry(struct writer *writer)
{
	writer->retry_span_ns = writer->retry_span_ns
					? MIN(2 * writer->retry_span_ns, RETRY_MOST_NS)
					: RETRY_FIRST_NS;
	writer->retry_ns = monotonic_ns(writer) + writer->retry_span_ns;
}

/* A new segment is opened at once, also on a full disk: it bounds the one before,
 * which can go only when it is not the newest any more. */
static void fail(struct writer *writer, int r)
{
	writer->failure = r;
	if (is_full(r))
		reserve_release(&writer->reserve);
	if (!writer->info && open_segment(writer) == 0 && !is_full(r))
		return;
	writer->paused = true;
	wait_for_retry(writer);
}

static void works(struct writer *writer)
{
	writer->failure = 0;
	writer->retry_span_ns = 0;
}

void commit_retry(struct writer *writer)
{
	int r = reserve_fill(&writer->reserve, true);

	if (!writer->info) {
		int opened = open_segment(writer);

		r = r < 0 ? r : opened;
	}
	writer->paused = r < 0;
	writer->retry_ns = INT64_MAX;
	if (writer->paused)
		wait_for_retry(writer);
}

int commit_begin(struct writer *writer)
{
	int r = reserve_fill(&writer->reserve, false), opened = open_segment(writer);

	if (is_full(opened)) {
		r = opened;
		reserve_release(&writer->reserve);
		opened = open_segment(writer);
	}
	if (opened == 0 && is_full(r))
		fail(writer, r);
	else if (opened == 0 && r < 0)
		log_warning(
			"journal", "keeps no reserve for a full disk: %s", strerror(-r));
	return opened;
}

/* ---- syncs ------------------------------------------------------------- */

/* Takes back what was written since the last sync: nobody was told of it. */
static void cut_unsafe(struct writer *writer)
{
	writer->extent.end_sequence = writer->extent.readable_end;
	writer->extent.size = writer->extent.readable_size;
	segment_cut(
		&writer->segment, writer->extent.readable_size, writer->safe_definitions);
}

/* The kernel may have dropped the pages and marked them clean, so a second try would
 * prove nothing: it goes on in a new segment. */
static void sync_failed(struct writer *writer, int r)
{
	bool was_told = list_is_empty(&writer->written);

	if (was_told) {
		writer->n_failed_syncs++;
		writer->sync_failure = r;
		make_readable(writer);
	} else {
		cut_unsafe(writer);
	}
	settle(writer, &writer->written, r);
	leave_segment(writer);
	if (!was_told)
		fail(writer, r);
}

void commit_sync(struct writer *writer)
{
	bool never = writer->options.sync == JOURNAL_SYNC_NEVER;
	int r;

	if (!writer->info || writer->unsynced_since_ns == INT64_MAX)
		return;
	r = never ? 0 : segment_sync(&writer->segment);
	writer->unsynced_since_ns = INT64_MAX;
	if (r < 0) {
		sync_failed(writer, r);
		return;
	}
	writer->sync_failure = 0;
	make_readable(writer);
	if (!list_is_empty(&writer->written))
		works(writer);
	settle(writer, &writer->written, 0);
}

/* ---- groups of frames -------------------------------------------------- */

/* Nothing of the group is in the segment: its definitions are not either. What came
 * before it is made safe. */
static void write_failed(struct writer *writer, int r)
{
	writer->next_sequence = writer->extent.end_sequence;
	settle(writer, &writer->group, r);
	commit_sync(writer);
	if (writer->info)
		leave_segment(writer);
	fail(writer, r);
}

void commit_write(struct writer *writer)
{
	int r;

	if (list_is_empty(&writer->group))
		return;
	r = segment_append(&writer->segment, &writer->frames, &writer->definitions);
	buffer_clear(&writer->frames);
	buffer_clear(&writer->definitions);
	if (r < 0) {
		write_failed(writer, r);
		return;
	}
	writer->extent.end_sequence = writer->next_sequence;
	writer->extent.size = writer->segment.frames.size;
	if (writer->unsynced_since_ns == INT64_MAX)
		writer->unsynced_since_ns = monotonic_ns(writer);
	if (writer->options.sync == JOURNAL_SYNC_COMMIT) {
		list_splice(&writer->written, &writer->group);
		return;
	}
	works(writer);
	settle(writer, &writer->group, 0);
}

static void settle_one(struct writer *writer, struct journal_append *append, int result)
{
	append->result = result;
	list_append(&writer->settled, &append->task.link);
}

void commit_add(struct writer *writer, struct journal_append *append)
{
	int r;

	if (!writer->paused && list_is_empty(&writer->group)) {
		r = ready_segment(writer);
		if (r < 0)
			fail(writer, r);
	}
	if (writer->paused) {
		settle_one(writer, append, writer->failure);
		return;
	}
	r = framing_add(writer, append);
	if (r < 0) {
		/* This part's own fault, or memory ran out. */
		settle_one(writer, append, r);
		return;
	}
	list_append(&writer->group, &append->task.link);
	if (writer->frames.size >= GROUP_MAX_SIZE)
		commit_write(writer);
}
