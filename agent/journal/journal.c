/* SPDX-License-Identifier: Apache-2.0 */
#include "journal.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/random.h"
#include "framing.h"
#include "internal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Appends that are not written yet may hold this much. */
#define WAITING_MAX_BYTES (16u << 20)

/* ---- what came back from the writer ------------------------------------ */

struct news {
	struct list done;               /* of struct journal_append */
	struct snapshot_task *snapshot; /* that is done with */
	bool sealed, ended;
};

/* Takes over what the writer knows, under its lock. */
static void take_news(struct journal *journal, struct news *news)
{
	struct writer *writer = &journal->writer;

	*news = (struct news){ 0 };
	list_init(&news->done);
	pthread_mutex_lock(&writer->lock);
	writer->mail_posted = false;
	list_splice(&journal->segments, &writer->created);
	list_each(link, &journal->segments)
	{
		struct segment_info *info = container_of(link, struct segment_info, link);

		if (info->extent.sealed)
			continue;
		info->extent = info->latest;
		news->sealed |= info->extent.sealed;
	}
	list_splice(&news->done, &writer->done);
	news->snapshot = writer->snapshot;
	writer->snapshot = NULL;
	news->ended = writer->ended;
	journal->is_paused = writer->takes_nothing;
	pthread_mutex_unlock(&writer->lock);
}

static void settle_appends(struct journal *journal, struct list *done)
{
	while (!list_is_empty(done)) {
		struct journal_append *append =
			container_of(done->next, struct journal_append, task.link);

		list_remove(&append->task.link);
		journal->waiting_bytes -= append->size;
		if (append->result == 0)
			append->result = keeping_apply(journal, append);
		append->on_done(
			append->context, append->result, append->part, &append->position);
		part_destroy(append->part);
		free(append);
	}
}

static void journal_free(struct journal *journal)
{
	segments_free(&journal->segments);
	keeping_finish(&journal->keeping);
	free(journal->folder);
	free(journal);
}

static void journal_on_mailbox_closed(struct mailbox *mailbox)
{
	struct journal *journal = container_of(mailbox, struct journal, mailbox);
	void (*on_closed)(void *context) = journal->on_closed;
	void *context = journal->closed_context;

	writer_finish(&journal->writer);
	journal_free(journal);
	if (on_closed)
		on_closed(context);
}

/* The last snapshot has all that was appended; then the writer ends. */
static void close_on(struct journal *journal)
{
	if (journal->stop_is_asked || journal->waiting_bytes > 0)
		return;
	if (keeping_take_snapshot(journal, false))
		return;
	journal->stop_is_asked = true;
	writer_ask_stop(&journal->writer);
}

static void journal_on_news(struct mail *mail)
{
	struct writer *writer = container_of(mail, struct writer, mail);
	struct journal *journal = container_of(writer, struct journal, writer);
	struct news news;

	take_news(journal, &news);
	settle_appends(journal, &news.done);
	keeping_on_snapshot(journal, news.snapshot);
	if (news.sealed && !journal->closing)
		keeping_take_snapshot(journal, false);
	journal_tell_health(journal);
	journal_trim(journal);
	journal_tell_consumers(journal);
	if (journal->closing)
		close_on(journal);
	if (news.ended)
		mailbox_close(&journal->mailbox, journal_on_mailbox_closed);
}

/* ---- opening and closing ----------------------------------------------- */

/* Finds what is there and tells in words what is wrong with it. */
static int find_segments(
	struct journal *journal, struct segments_scan *scan, struct buffer *why)
{
	int r = segments_find(journal->folder, true, &journal->segments, scan);

	segments_tell_failure(r, journal->folder, scan, why);
	segments_scan_finish(scan);
	if (r == 0 && scan->cut_bytes > 0)
		log_notice("journal",
			"cut a tail of %" PRIu64
			" bytes in which no frame is whole: set aside in '%s/quarantine'",
			scan->cut_bytes, journal->folder);
	if (r == 0 && scan->n_restored > 0)
		log_warning("journal",
			"wrote %" PRIu64
			" damaged headers anew: set aside in '%s/quarantine'",
			scan->n_restored, journal->folder);
	if (r == 0 && scan->n_set_aside > 0)
		log_warning("journal",
			"moved %" PRIu64 " files with damaged headers to '%s/quarantine'",
			scan->n_set_aside, journal->folder);
	return r;
}

/* Before anything is touched. */
static int check_snapshots(const struct journal *journal, struct buffer *why)
{
	CLEANUP_FREE char *newer = recovery_find_newer(journal->folder);

	if (!newer)
		return 0;
	buffer_append_format(why,
		"'%s' was written by a newer version of rookery; nothing was changed",
		newer);
	return -EPROTONOSUPPORT;
}

static int recover_states(
	struct journal *journal, struct segments_scan *scan, struct buffer *why)
{
	struct recovery recovery;
	int r = recovery_read(&recovery, journal->folder, &journal->segments, true);

	if (r < 0) {
		buffer_append_format(why, "cannot read the states in '%s': %s",
			journal->folder, strerror(-r));
		return r;
	}
	if (recovery.n_lost > 0)
		log_warning("journal",
			"%" PRIu64 " frames are damaged or not understood: what they "
			"changed in the states of collectors is lost",
			recovery.n_lost);
	/* Where the disk lost frames that a snapshot has (sync: never), their numbers
	 * are not given out again: the next start would take new frames for old. */
	scan->next_sequence = MAX(scan->next_sequence, recovery.end.sequence);
	keeping_init(&journal->keeping, &recovery);
	return 0;
}

static int start_writer(struct journal *journal, const struct journal_options *options,
	const struct segments_scan *scan, struct buffer *why)
{
	struct writer_options writer_options = {
		.folder = journal->folder,
		.segment_size = options->settings->segment_size.bytes,
		.reserve_size = options->settings->reserve.bytes,
		.sync = options->settings->sync,
		.sync_interval_ns = options->settings->sync_interval.ns,
		.epoch = journal->epoch,
		.next_sequence = scan->next_sequence,
		.clock = options->clock,
	};
	int r = writer_start(
		&journal->writer, &writer_options, &journal->mailbox, journal_on_news);

	if (r < 0)
		buffer_append_format(why, "cannot write to the journal in '%s': %s",
			journal->folder, strerror(-r));
	return r;
}

static int journal_start(struct journal *journal, uv_loop_t *loop,
	const struct journal_options *options, struct buffer *why)
{
	struct segments_scan scan = { 0 };
	struct news news;
	int r = check_snapshots(journal, why);

	if (r == 0)
		r = find_segments(journal, &scan, why);
	if (r == 0)
		r = recover_states(journal, &scan, why);
	if (r == 0)
		r = mailbox_open(&journal->mailbox, loop);
	if (r < 0) {
		journal_free(journal);
		return r;
	}
	journal->last_observed_ns = scan.last_observed_ns;
	r = start_writer(journal, options, &scan, why);
	if (r < 0) {
		mailbox_close(&journal->mailbox, journal_on_mailbox_closed);
		return r;
	}
	/* The first segment is there; it came with the writer. */
	take_news(journal, &news);
	/* Where frames had to be read, the next start need not, however this life ends.
	 */
	keeping_take_snapshot(journal, false);
	return 0;
}

int journal_open(uv_loop_t *loop, const struct journal_options *options,
	struct journal **ret_journal, struct buffer *why)
{
	struct journal *journal = calloc(1, sizeof(*journal));
	int r;

	if (!journal)
		return -ENOMEM;
	list_init(&journal->segments);
	list_init(&journal->consumers);
	journal->clock = options->clock;
	journal->epoch = random_u64();
	journal_set_bounds(journal, options->settings);
	journal->on_health = options->on_health;
	journal->health_context = options->context;
	journal->folder = strdup(options->folder);
	r = journal->folder ? folder_create(journal->folder, 0750) : -ENOMEM;
	if (r < 0) {
		buffer_append_format(
			why, "cannot create '%s': %s", options->folder, strerror(-r));
		journal_free(journal);
		return r;
	}
	r = journal_start(journal, loop, options, why);
	if (r == 0)
		*ret_journal = journal;
	return r;
}

void journal_close(
	struct journal *journal, void (*on_closed)(void *context), void *context)
{
	journal->on_closed = on_closed;
	journal->closed_context = context;
	journal->closing = true;
	journal->keeping.retry_ns = 0;
	close_on(journal);
}

/* ---- appending --------------------------------------------------------- */

struct journal_source *journal_source_create(
	struct journal *journal, const struct source_view *source)
{
	struct journal_source *created = calloc(1, sizeof(*created));

	if (!created)
		return NULL;
	source_pack(&created->packed, source);
	if (buffer_failed(&created->packed)) {
		framing_forget_source(created);
		return NULL;
	}
	if (states_add(&journal->keeping.states, source->collector, &created->state) <
		0) {
		framing_forget_source(created);
		return NULL;
	}
	created->number = journal->next_source++ % SOURCE_MAX_NUMBER;
	return created;
}

void journal_source_destroy(struct journal *journal, struct journal_source *source)
{
	if (!source)
		return;
	source->forget.kind = TASK_FORGET_SOURCE;
	writer_post(&journal->writer, &source->forget);
}

int64_t journal_observe(struct journal *journal)
{
	int64_t now_ns = clock_wall_ns(journal->clock);

	journal->last_observed_ns = MAX(now_ns, journal->last_observed_ns + 1);
	return journal->last_observed_ns;
}

int journal_append(struct journal *journal, struct journal_source *source,
	struct part *part, journal_on_done *on_done, void *context)
{
	struct journal_append *append;

	if (journal->waiting_bytes > WAITING_MAX_BYTES || journal_makes_wait(journal))
		return -EAGAIN;
	append = calloc(1, sizeof(*append));
	if (!append)
		return -ENOMEM;
	append->task.kind = TASK_APPEND;
	append->source = source;
	append->state = source->state;
	append->part = part;
	append->observed_ns = journal_observe(journal);
	append->on_done = on_done;
	append->context = context;
	append->size = sizeof(*append) + part->samples.capacity + part->events.capacity +
		       part->state.capacity + part->definitions.capacity;
	journal->waiting_bytes += append->size;
	writer_post(&journal->writer, &append->task);
	return 0;
}

void journal_sync(struct journal *journal)
{
	struct task *task = calloc(1, sizeof(*task));

	if (!task)
		return; /* the interval does it later */
	task->kind = TASK_SYNC;
	writer_post(&journal->writer, task);
}
