/* SPDX-License-Identifier: Apache-2.0 */
#include "writer.h"

#include "base/checksum.h"
#include "base/clock.h"
#include "base/macros.h"
#include "framing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* As much as goes out in one write; a frame may exceed it alone. */
#define GROUP_MAX_SIZE (2u << 20)

static void append_settle(
	struct writer *writer, struct journal_append *append, int result)
{
	append->result = result;
	list_append(&writer->settled, &append->task.link);
}

/* ---- segments ---------------------------------------------------------- */

static int writer_open_segment(struct writer *writer)
{
	struct segment_header header = {
		.version = JOURNAL_VERSION,
		.kind = SEGMENT_FRAMES,
		.epoch = writer->options.epoch,
		.first_sequence = writer->next_sequence,
		.created_ns = clock_wall_ns(writer->options.clock),
	};
	struct segment_info *info = segment_info_create(writer->options.folder,
		header.first_sequence, header.epoch, header.created_ns);
	int r;

	if (!info)
		return -ENOMEM;
	r = segment_create(&writer->segment, writer->options.folder, &header);
	if (r < 0) {
		segment_info_destroy(info);
		return r;
	}
	writer->mark++;
	writer->info = info;
	writer->extent = info->extent;
	pthread_mutex_lock(&writer->lock);
	list_append(&writer->created, &info->link);
	pthread_mutex_unlock(&writer->lock);
	return 0;
}

/* Tells how far the current segment has got. */
static void writer_publish_extent(struct writer *writer)
{
	pthread_mutex_lock(&writer->lock);
	writer->info->latest = writer->extent;
	pthread_mutex_unlock(&writer->lock);
}

static void writer_make_readable(struct writer *writer)
{
	writer->extent.readable_end = writer->extent.end_sequence;
	writer->extent.readable_size = writer->extent.size;
}

static void writer_seal(struct writer *writer)
{
	writer->extent.sealed = true;
	writer_publish_extent(writer);
	segment_close(&writer->segment);
	writer->info = NULL;
	writer->unsynced_since_ns = INT64_MAX;
}

static void writer_sync(struct writer *writer)
{
	int r = 0;

	if (!writer->info || writer->unsynced_since_ns == INT64_MAX)
		return;
	if (writer->options.sync != JOURNAL_SYNC_NEVER)
		r = segment_sync(&writer->segment);
	writer->unsynced_since_ns = INT64_MAX;
	writer_make_readable(writer);
	if (r < 0) {
		/* The kernel may have dropped the pages and marked them clean, so a
		 * second try would prove nothing: go on in a new segment. */
		writer->failure = r;
		writer_seal(writer);
	}
}

/* The segment that the next group goes into. */
static int writer_ready_segment(struct writer *writer)
{
	if (writer->info && writer->extent.size >= writer->options.segment_size) {
		writer_sync(writer);
		if (writer->info)
			writer_seal(writer);
	}
	return writer->info ? 0 : writer_open_segment(writer);
}

/* ---- groups of frames -------------------------------------------------- */

static void group_forget(struct writer *writer)
{
	buffer_clear(&writer->frames);
	buffer_clear(&writer->definitions);
}

/* Nothing of the group is in the segment: its definitions are not either. */
static void group_fails(struct writer *writer, int r)
{
	writer->failure = r;
	writer->next_sequence = writer->extent.end_sequence;
	writer->mark++;
	list_each(link, &writer->group)
		container_of(link, struct journal_append, task.link)
			->result = r;
	list_splice(&writer->settled, &writer->group);
	if (r == -EIO && writer->info)
		writer_seal(writer);
}

static void group_write(struct writer *writer)
{
	int r;

	if (list_is_empty(&writer->group))
		return;
	r = segment_append(&writer->segment, &writer->frames, &writer->definitions);
	group_forget(writer);
	if (r < 0) {
		group_fails(writer, r);
		return;
	}
	list_splice(&writer->settled, &writer->group);
	writer->extent.end_sequence = writer->next_sequence;
	writer->extent.size = writer->segment.frames.size;
	writer->failure = 0;
	if (writer->unsynced_since_ns == INT64_MAX)
		writer->unsynced_since_ns = clock_monotonic_ns(writer->options.clock);
}

static void group_add(struct writer *writer, struct journal_append *append)
{
	int r = 0;

	if (list_is_empty(&writer->group))
		r = writer_ready_segment(writer);
	if (r == 0)
		r = framing_add(writer, append);
	if (r < 0) {
		writer->failure = r;
		append_settle(writer, append, r);
		return;
	}
	list_append(&writer->group, &append->task.link);
	if (writer->frames.size >= GROUP_MAX_SIZE)
		group_write(writer);
}

/* ---- tasks ------------------------------------------------------------- */

static void remove_segment(struct removal *removal)
{
	size_t stem = strlen(removal->segment->path) - strlen("segment");
	char *path = removal->segment->path;

	/* A file that cannot be removed is found again at the next start. */
	unlink(path);
	memcpy(path + stem, "series", sizeof("series"));
	unlink(path);
	segment_info_destroy(removal->segment);
	free(removal);
}

static void writer_do(struct writer *writer, struct task *task)
{
	switch (task->kind) {
	case TASK_APPEND:
		group_add(writer, container_of(task, struct journal_append, task));
		break;
	case TASK_FORGET_SOURCE:
		group_write(writer);
		framing_forget_source(container_of(task, struct journal_source, forget));
		break;
	case TASK_REMOVE_SEGMENT:
		remove_segment(container_of(task, struct removal, task));
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
	group_write(writer);
	if (sync_is_due(writer, clock_monotonic_ns(writer->options.clock)))
		writer_sync(writer);
	writer->sync_asked = false;
}

/* Waits for tasks, at most until the next sync is due. Under the lock. */
static void writer_wait(struct writer *writer)
{
	int64_t due_ns;
	struct timespec until;

	if (!list_is_empty(&writer->tasks) || writer->stopping)
		return;
	if (writer->unsynced_since_ns == INT64_MAX) {
		pthread_cond_wait(&writer->wake, &writer->lock);
		return;
	}
	due_ns = writer->unsynced_since_ns + writer->options.sync_interval_ns;
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
			writer_seal(writer);
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
		.next_sequence = options->next_sequence,
		.unsynced_since_ns = INT64_MAX,
	};
	list_init(&writer->tasks);
	list_init(&writer->done);
	list_init(&writer->created);
	list_init(&writer->group);
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
	r = writer_open_segment(writer);
	if (r < 0)
		return r;
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
	pthread_cond_destroy(&writer->wake);
	pthread_mutex_destroy(&writer->lock);
}
