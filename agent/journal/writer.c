/* SPDX-License-Identifier: Apache-2.0 */
#include "writer.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/macros.h"
#include "commit.h"
#include "framing.h"
#include "snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* ---- tasks ------------------------------------------------------------- */

/* Older segments are gone for certain before newer ones are removed: a cursor whose
 * segment is gone begins with the oldest one, and power loss must not bring back what
 * it had passed. */
static void remove_segment(struct writer *writer, struct removal *removal)
{
	size_t stem = strlen(removal->segment->path) - strlen("segment");
	char *path = removal->segment->path;

	/* A file that cannot be removed is found again at the next start. */
	unlink(path);
	memcpy(path + stem, "series", sizeof("series"));
	unlink(path);
	if (writer->options.sync != JOURNAL_SYNC_NEVER)
		(void)folder_sync(writer->options.folder);
	segment_info_destroy(removal->segment);
	free(removal);
}

/* What a snapshot has must not outlive the samples that it stands for: they are
 * synced before it. Where a sync failed after they were told committed, there is none
 * until syncs work again. */
static void take_snapshot(struct writer *writer, struct snapshot_task *snapshot)
{
	commit_write(writer);
	commit_sync(writer);
	snapshot->result = writer->sync_failure;
	if (snapshot->result == 0)
		snapshot->result = snapshot_write(writer->options.folder,
			snapshot->number, snapshot->keep, &snapshot->bytes);
	pthread_mutex_lock(&writer->lock);
	writer->snapshot = snapshot;
	pthread_mutex_unlock(&writer->lock);
}

static void writer_do(struct writer *writer, struct task *task)
{
	switch (task->kind) {
	case TASK_APPEND:
		commit_add(writer, container_of(task, struct journal_append, task));
		break;
	case TASK_FORGET_SOURCE:
		commit_write(writer);
		framing_forget_source(container_of(task, struct journal_source, forget));
		break;
	case TASK_REMOVE_SEGMENT:
		remove_segment(writer, container_of(task, struct removal, task));
		if (writer->paused) /* there is more space now */
			writer->retry_ns = clock_monotonic_ns(writer->options.clock);
		break;
	case TASK_SNAPSHOT:
		take_snapshot(writer, container_of(task, struct snapshot_task, task));
		break;
	case TASK_SYNC:
		writer->sync_asked = true;
		free(task);
		break;
	}
}

static bool sync_is_due(const struct writer *writer, int64_t now_ns)
{
	if (writer->unsynced_since_ns == INT64_MAX)
		return false;
	return writer->sync_asked || writer->options.sync != JOURNAL_SYNC_INTERVAL ||
	       now_ns - writer->unsynced_since_ns >= writer->options.sync_interval_ns;
}

static void writer_work(struct writer *writer, struct list *tasks)
{
	while (!list_is_empty(tasks)) {
		struct task *task = container_of(tasks->next, struct task, link);

		list_remove(&task->link);
		writer_do(writer, task);
	}
	commit_write(writer);
	if (writer->paused &&
		clock_monotonic_ns(writer->options.clock) >= writer->retry_ns)
		commit_retry(writer);
	if (sync_is_due(writer, clock_monotonic_ns(writer->options.clock)))
		commit_sync(writer);
	writer->sync_asked = false;
}

/* Waits for tasks, at most until the next sync or the next try is due. Under the
 * lock. */
static void writer_wait(struct writer *writer)
{
	int64_t due_ns = writer->paused ? writer->retry_ns : INT64_MAX;
	struct timespec until;

	if (!list_is_empty(&writer->tasks) || writer->stopping)
		return;
	if (writer->unsynced_since_ns < INT64_MAX)
		due_ns = MIN(due_ns,
			writer->unsynced_since_ns + writer->options.sync_interval_ns);
	if (due_ns == INT64_MAX) {
		pthread_cond_wait(&writer->wake, &writer->lock);
		return;
	}
	until.tv_sec = due_ns / NS_PER_SECOND;
	until.tv_nsec = due_ns % NS_PER_SECOND;
	pthread_cond_timedwait(&writer->wake, &writer->lock, &until);
}

/* Hands back what is known now. Under the lock. */
static void writer_tell(struct writer *writer)
{
	list_splice(&writer->done, &writer->settled);
	if (writer->info)
		writer->info->latest = writer->extent;
	writer->takes_nothing = writer->paused;
	if (!writer->mail_posted) {
		writer->mail_posted = true;
		mailbox_post(writer->mailbox, &writer->mail);
	}
}

static void *writer_run(void *context)
{
	struct writer *writer = context;
	struct list tasks;
	bool stopping = false;

	prctl(PR_SET_NAME, "journal");
	list_init(&tasks);
	while (!stopping) {
		pthread_mutex_lock(&writer->lock);
		writer_wait(writer);
		list_splice(&tasks, &writer->tasks);
		stopping = writer->stopping;
		pthread_mutex_unlock(&writer->lock);

		writer->sync_asked |= stopping;
		writer_work(writer, &tasks);

		if (stopping && writer->info)
			commit_seal(writer);
		pthread_mutex_lock(&writer->lock);
		writer->ended = stopping;
		writer_tell(writer);
		pthread_mutex_unlock(&writer->lock);
	}
	return NULL;
}

static void writer_init(struct writer *writer, const struct writer_options *options)
{
	pthread_condattr_t attributes;

	*writer = (struct writer){
		.options = *options,
		.epoch = options->epoch,
		.next_sequence = options->next_sequence,
		.unsynced_since_ns = INT64_MAX,
		.retry_ns = INT64_MAX,
	};
	list_init(&writer->tasks);
	list_init(&writer->done);
	list_init(&writer->created);
	list_init(&writer->group);
	list_init(&writer->written);
	list_init(&writer->settled);
	pthread_mutex_init(&writer->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&writer->wake, &attributes);
	pthread_condattr_destroy(&attributes);
}

int writer_start(struct writer *writer, const struct writer_options *options,
	struct mailbox *mailbox, void (*deliver)(struct mail *mail))
{
	int r;

	writer_init(writer, options);
	writer->mailbox = mailbox;
	writer->mail.deliver = deliver;
	r = reserve_init(&writer->reserve, options->folder, options->reserve_size);
	if (r == 0)
		r = commit_begin(writer);
	if (r < 0)
		return r;
	writer->takes_nothing = writer->paused;
	r = -pthread_create(&writer->thread, NULL, writer_run, writer);
	writer->started = r == 0;
	return r;
}

void writer_post(struct writer *writer, struct task *task)
{
	pthread_mutex_lock(&writer->lock);
	list_append(&writer->tasks, &task->link);
	pthread_cond_signal(&writer->wake);
	pthread_mutex_unlock(&writer->lock);
}

void writer_ask_stop(struct writer *writer)
{
	pthread_mutex_lock(&writer->lock);
	writer->stopping = true;
	pthread_cond_signal(&writer->wake);
	pthread_mutex_unlock(&writer->lock);
}

void writer_finish(struct writer *writer)
{
	if (writer->started)
		pthread_join(writer->thread, NULL);
	buffer_finish(&writer->frames);
	buffer_finish(&writer->definitions);
	buffer_finish(&writer->section);
	reserve_finish(&writer->reserve);
	pthread_cond_destroy(&writer->wake);
	pthread_mutex_destroy(&writer->lock);
}
