/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "deadletter.h"
#include "delivery.h"
#include "encode/letter.h"
#include "passed.h"
#include "replay.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int create_cursor(struct job *job, const struct delivery_options *options,
	const char *path, bool oldest)
{
	cursor_close(&job->cursor);
	job->record = (struct cursor_record){
		.acknowledged = oldest ? journal_oldest(options->journal)
				       : journal_end(options->journal),
	};
	return cursor_create(&job->cursor, path, &job->record);
}

static int open_cursor(
	struct job *job, const struct delivery_options *options, struct buffer *why)
{
	const struct sink_settings *settings = options->settings;
	CLEANUP_FREE char *path = NULL;
	int r;

	if (asprintf(&path, "%s/%s.cursor", options->cursor_folder, settings->id) < 0)
		return -ENOMEM;
	r = cursor_open(&job->cursor, path, &job->record);
	if (r == 0 && options->sync) {
		r = cursor_settle(&job->cursor, path);
	} else if (r == -ENOENT) {
		r = create_cursor(
			job, options, path, settings->from.index == SINK_FROM_OLDEST);
	} else if (r == -EBADMSG) {
		log_error(settings->id,
			"'%s' is damaged: all that the journal holds is delivered again",
			path);
		r = create_cursor(job, options, path, true);
	}
	if (r < 0)
		buffer_append_format(
			why, "cannot open the cursor '%s': %s", path, strerror(-r));
	return r;
}

int job_init(struct job *job, const struct delivery_options *options, struct buffer *why)
{
	const struct sink_settings *settings = options->settings;
	int r;

	*job = (struct job){
		.cursor.fd = -1,
		.sync = options->sync,
		.options = options,
	};
	job->bounds.max_bytes = settings->batch.max_bytes.bytes;
	job->bounds.max_records = (uint32_t)settings->batch.max_count;
	encoder_init(&job->encoder, encoder_type_find(settings->format),
		(enum sink_decimals)settings->decimals.index);
	job->encoder.labels = settings->labels;
	job->encoder.prefix = settings->prefix;
	job->encoder.makes_bodies = options->transport->sends_bodies;
	r = feed_init(&job->feed, &settings->match, options->journal_folder);
	if (r == 0)
		r = encoder_configure(
			&job->encoder, &job->arena, settings->format_options);
	return r < 0 ? r : open_cursor(job, options, why);
}

void job_finish(struct job *job)
{
	cursor_close(&job->cursor);
	feed_finish(&job->feed);
	/* Both may hold secrets of the format. */
	if (job->encoder.options && job->batch.bytes.data)
		explicit_bzero(job->batch.bytes.data, job->batch.bytes.capacity);
	buffer_finish(&job->batch.bytes);
	arena_wipe(&job->arena);
	arena_finish(&job->arena);
	free(job->extent_path);
}

int job_take_extent(struct job *job)
{
	char *path = strdup(job->extent.path);

	if (!path)
		return -ENOMEM;
	free(job->extent_path);
	job->extent_path = path;
	job->extent.path = path;
	return 0;
}

static void record_note(struct job *job, const struct sink_note *note)
{
	job->record.note_size = note->size;
	memcpy(job->record.note, note->bytes, note->size);
}

static int job_recover(struct job *job, struct sink *sink)
{
	struct sink_note note = { .size = job->record.note_size };
	int r;

	if (job->recovered)
		return 0;
	job->failed_at = "cannot go on where it stopped";
	memcpy(note.bytes, job->record.note, note.size);
	r = sink->ops->recover(sink, &note, job->record.has_batch);
	job->recovered = r == 0;
	return r;
}

static void job_acknowledge(struct job *job, struct sink *sink)
{
	struct sink_note note = { 0 };

	job->record.acknowledged = job->from;
	job->record.has_batch = false;
	job->record.n_records = 0;
	sink->ops->note(sink, &note);
	record_note(job, &note);
}

static int job_fill(struct job *job, struct sink *sink)
{
	struct sink_note note = { 0 };
	int r;

	job->failed_at = "cannot read the journal";
	r = feed_fill(&job->feed, &job->extent, &job->from, &job->bounds, &job->encoder,
		&job->batch);
	if (r < 0 || job->batch.n_records == 0)
		return r;
	job->failed_at = "cannot prepare a batch";
	r = sink->ops->prepare(sink, &job->batch, &note);
	if (r < 0)
		return r;
	job->record.has_batch = true;
	job->record.n_records = job->batch.n_records;
	job->record.shape = job->batch.shape;
	job->record.end = job->batch.end;
	record_note(job, &note);
	return 0;
}

static void job_skip(struct job *job)
{
	passed_count(job->feed.match, &job->extent, &job->from, &job->skipped_frames,
		&job->skipped_samples);
	job->record.acknowledged = job->skip_to;
	job->record.lost_frames += job->skipped_frames;
	job->record.lost_samples += job->skipped_samples;
}

/* The records as letters, by a reader of its own: what the job's keeps of each series is
 * of its own format. */
static int read_to_bury(struct job *job, struct batch *batch)
{
	const struct batch_bounds bounds = { .exactly = job->buries };
	struct encoder encoder;
	struct feed feed;
	int r = feed_init(&feed, job->feed.match, NULL);

	encoder_init(&encoder, &encoder_letter, SINK_DECIMALS_NUMBER);
	/* It must count as the batch did. */
	encoder.leaves_events = !encoder_takes_events(&job->encoder);
	if (r == 0)
		r = feed_fill(&feed, &job->extent, &job->from, &bounds, &encoder, batch);
	feed_finish(&feed);
	return r;
}

static int job_bury(struct job *job)
{
	struct batch batch = { 0 };
	struct deadletter letter = {
		.only = job->refused,
		.n_only = job->n_refused,
		.folder = job->options->dead_letter_folder,
		.sink = job->options->settings->id,
		.status = job->refused_status,
		.why = job->refused_why,
		.refused_ns = clock_wall_ns(job->options->timers->clock),
		.lines = &batch.bytes,
	};
	int r;

	job->failed_at = "cannot keep a dead letter";
	job->n_dropped = 0;
	r = read_to_bury(job, &batch);
	letter.begin = batch.begin;
	letter.n = batch.n_records;
	if (r == 0 && batch.n_records > 0)
		r = deadletter_write(&letter, &job->n_dropped);
	job->n_buried = job->n_refused > 0 ? job->n_refused : batch.n_records;
	job->n_left_out = batch.n_left_out;
	job->skip_to = job->record.acknowledged = batch.end;
	buffer_finish(&batch.bytes);
	return r;
}

/* The batch has no place in the journal, so the cursor does not record it; the note that
 * the transport may need is there. */
static int job_replay(struct job *job, struct sink *sink)
{
	struct sink_note note = { 0 };
	int r;

	job->failed_at = "cannot replay dead letters";
	r = replay_step(job->replay, job->options->settings,
		job->options->dead_letter_folder, &job->encoder, &job->batch);
	if (r < 0 || job->batch.n_records == 0)
		return r;
	r = sink->ops->prepare(sink, &job->batch, &note);
	if (r == 0)
		record_note(job, &note);
	return r;
}

void job_run(struct job *job, struct sink *sink)
{
	job->result = job_recover(job, sink);
	if (job->result < 0)
		return;
	job_acknowledge(job, sink);
	feed_leave(&job->feed, &job->extent);
	job->batch.n_records = 0;
	if (job->kind == JOB_SKIP)
		job_skip(job);
	if (job->kind == JOB_FILL)
		job->result = job_fill(job, sink);
	if (job->kind == JOB_BURY)
		job->result = job_bury(job);
	if (job->kind == JOB_REPLAY)
		job->result = job_replay(job, sink);
	if (job->result < 0)
		return;
	job->failed_at = "cannot write the cursor";
	job->result = cursor_write(&job->cursor, &job->record, job->sync);
	if (job->result < 0 && job->kind == JOB_SKIP) {
		/* It is tried again, and counted then. */
		job->record.lost_frames -= job->skipped_frames;
		job->record.lost_samples -= job->skipped_samples;
	}
}
