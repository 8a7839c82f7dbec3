/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The states of a delivery:
 *
 *	          readable,                 filled, noted
 *	          batch full or old         and recorded            safe
 *	  IDLE ---------------------> JOB ----------------> SENDING ----> IDLE or JOB
 *	   ^                        |  ^ |                      |
 *	   |   nothing there        |  | | failed               | failed
 *	   +------------------------+  | v                      v
 *	                               RESTING <----------------+
 *	                                 (back-off; then the same batch again)
 *
 * A job runs on a thread of the pool: it fills a batch from the journal, has the
 * transport prepare it, and writes one record into the cursor, which acknowledges
 * the batch before and freezes this one. After a restart, the recorded batch is
 * filled again with exactly as many records and so has the same bytes.
 */
#include "delivery.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "base/units.h"
#include "internal.h"
#include "model/secrets.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMERS_EACH 1

static int64_t monotonic_ns(const struct delivery *delivery)
{
	return clock_monotonic_ns(delivery->options.timers->clock);
}

void delivery_enter(struct delivery *delivery, enum delivery_state state)
{
	delivery->state = state;
	timers_unset(delivery->options.timers, &delivery->timer);
}

/* ---- failures ---------------------------------------------------------- */

static int64_t rest_span(struct delivery *delivery)
{
	const struct sink_settings *settings = delivery->options.settings;
	int64_t window_ns = settings->retry.first.ns;

	for (unsigned int i = 1;
		i < delivery->n_failures && window_ns < settings->retry.most.ns; i++)
		window_ns *= 2;
	window_ns = MIN(window_ns, settings->retry.most.ns);
	return 1 + (int64_t)random_below(delivery->options.random, (uint64_t)window_ns);
}

/* after_ns: not before that; 0: as the back-off says. */
static void delivery_fails(struct delivery *delivery, int r, const char *what,
	const char *why, int64_t after_ns)
{
	int64_t span_ns;
	char span[UNIT_TEXT_SIZE];

	delivery->status.failures++;
	delivery->n_failures++;
	span_ns = MAX(rest_span(delivery), after_ns);
	duration_to_text(span, MAX(span_ns / NS_PER_MS, 1) * NS_PER_MS);
	if (complaint_fails(&delivery->failing, monotonic_ns(delivery)))
		log_error(delivery_id(delivery),
			"%s: %s (failed %llu times); next try in %s", what,
			why ? why : strerror(-r),
			(unsigned long long)delivery->failing.failures, span);
	delivery_end_replay(delivery, r, why);
	delivery_enter(delivery, DELIVERY_RESTING);
	delivery->rest_end_ns =
		monotonic_ns(delivery) + (delivery->closing ? 0 : span_ns);
	timers_set(delivery->options.timers, &delivery->timer, delivery->rest_end_ns);
}

static void delivery_works(struct delivery *delivery)
{
	uint64_t failures;
	int64_t span_ns;
	char span[UNIT_TEXT_SIZE];

	delivery->n_failures = 0;
	delivery->status.locked_out = false;
	if (!complaint_recovers(
		    &delivery->failing, monotonic_ns(delivery), &failures, &span_ns))
		return;
	duration_to_text(span, MAX(span_ns / NS_PER_SECOND, 1) * NS_PER_SECOND);
	log_notice(delivery_id(delivery), "delivers again after %llu failures in %s",
		(unsigned long long)failures, span);
}

/* ---- on the loop ------------------------------------------------------- */

static void job_on_work(uv_work_t *work)
{
	struct delivery *delivery = container_of(work, struct delivery, work);

	job_run(&delivery->job, delivery->sink);
}

static void job_on_done(uv_work_t *work, int status);

void delivery_start_job(struct delivery *delivery, enum job_kind kind)
{
	struct job *job = &delivery->job;
	int r;

	delivery_enter(delivery, DELIVERY_JOB);
	job->from = delivery->end;
	job->kind = kind;
	r = uv_queue_work(
		delivery->options.loop, &delivery->work, job_on_work, job_on_done);
	if (r < 0)
		delivery_fails(delivery, r, "cannot start a job", NULL, 0);
}

/* Where to read on; false: there is nothing. */
static bool find_work(struct delivery *delivery)
{
	struct job *job = &delivery->job;
	struct position before = delivery->end;
	uint64_t lost;
	bool found = journal_locate(
		delivery->options.journal, &delivery->end, &job->extent, &lost);

	delivery_count_lost(delivery, lost);
	if (before.epoch != delivery->end.epoch ||
		before.sequence != delivery->end.sequence) {
		delivery->end_is_recorded = false;
		delivery->split = (struct split){ 0 };
		job->bounds.exactly = 0;
		job->n_refused = 0;
	}
	return found && job_take_extent(job) == 0;
}

/* Whether to wait for more before the next batch. */
static bool batch_can_wait(const struct delivery *delivery)
{
	const struct job *job = &delivery->job;
	uint64_t unread = feed_unread(&job->feed, &job->extent);

	if (delivery->flushing || delivery->options.settings->batch.max_age.ns == 0)
		return false;
	/* One of the last life is full as it is, and nothing goes between it and the
	 * cursor that records it. */
	if (job->bounds.exactly > 0)
		return false;
	/* As text, frames are ten to thirty times as large: this much is a batch. */
	return !job->extent.sealed && !job->feed.in_frame &&
	       unread < delivery->options.settings->batch.max_bytes.bytes / 16;
}

static void delivery_is_idle(struct delivery *delivery)
{
	if (delivery->flushing && delivery->options.on_idle && delivery_is_done(delivery))
		delivery->options.on_idle(delivery->options.context, delivery);
}

/* Makes a batch now, or waits for more. */
static void delivery_make_batch(struct delivery *delivery, bool waited)
{
	if (waited || !batch_can_wait(delivery)) {
		delivery_start_job(delivery, JOB_FILL);
		return;
	}
	if (delivery->state == DELIVERY_IDLE && timer_is_set(&delivery->timer))
		return;
	if (!delivery->end_is_recorded) {
		delivery_start_job(delivery, JOB_ACKNOWLEDGE);
		return;
	}
	delivery_enter(delivery, DELIVERY_IDLE);
	timers_set_after(delivery->options.timers, &delivery->timer,
		delivery->options.settings->batch.max_age.ns);
}

/* As many records as the receiver may take at once. */
static void bound_batch(struct delivery *delivery)
{
	uint32_t most = (uint32_t)delivery->options.settings->batch.max_count;

	if (delivery->job.encoder.type->max_records > 0)
		most = MIN(most, delivery->job.encoder.type->max_records);
	if (delivery->most_records > 0)
		most = MIN(most, delivery->most_records);
	if (delivery->split.left > 0)
		most = MIN(most, delivery->split.next);
	delivery->job.bounds.max_records = most;
}

void delivery_go_on(struct delivery *delivery, bool waited)
{
	bool found;

	if (delivery_goes_on_replaying(delivery))
		return;
	if (delivery->closing) {
		delivery_enter(delivery, DELIVERY_CLOSING);
		delivery->sink->ops->close(delivery->sink);
		return;
	}
	found = find_work(delivery);
	if (found && delivery_overtakes(delivery))
		return;
	if (!found) {
		if (!delivery->end_is_recorded ||
			feed_must_leave(&delivery->job.feed, &delivery->job.extent)) {
			delivery_start_job(delivery, JOB_ACKNOWLEDGE);
			return;
		}
		delivery_enter(delivery, DELIVERY_IDLE);
		delivery_watch_loss(delivery);
		delivery_is_idle(delivery);
		return;
	}
	if (delivery->split.buries > 0)
		delivery->job.buries = delivery->split.buries;
	if (delivery->split.buries > 0 || delivery->job.n_refused > 0) {
		delivery_start_job(delivery, JOB_BURY);
		return;
	}
	bound_batch(delivery);
	delivery_make_batch(delivery, waited || delivery->split.left > 0);
}

void delivery_rest_or_go_on(struct delivery *delivery)
{
	if (delivery->n_failures == 0 || delivery->closing) {
		delivery_go_on(delivery, false);
		return;
	}
	delivery_enter(delivery, DELIVERY_RESTING);
	timers_set(delivery->options.timers, &delivery->timer, delivery->rest_end_ns);
}

static void send_batch(struct delivery *delivery)
{
	delivery_enter(delivery, DELIVERY_SENDING);
	delivery->sink->ops->send(delivery->sink, &delivery->job.batch);
}

/* The batch that was recorded before the restart must be the same again. */
static void check_redone(struct delivery *delivery)
{
	struct job *job = &delivery->job;

	if (job->bounds.exactly == 0)
		return;
	if (job->batch.n_records != job->bounds.exactly)
		log_warning(delivery_id(delivery),
			"a batch of %u records cannot be made again as it was: its "
			"records may be doubled",
			job->bounds.exactly);
	delivery->status.redone++;
	job->bounds.exactly = 0;
}

static void job_on_done(uv_work_t *work, int status)
{
	struct delivery *delivery = container_of(work, struct delivery, work);
	struct job *job = &delivery->job;

	(void)status;
	if (job->result < 0 && job->kind != JOB_REPLAY) {
		delivery_fails(delivery, job->result, job->failed_at, NULL, 0);
		return;
	}
	if (job->kind == JOB_SKIP) {
		delivery_has_overtaken(delivery);
		return;
	}
	if (job->kind == JOB_BURY) {
		delivery_has_buried(delivery);
		return;
	}
	if (job->result == 0) {
		delivery->end_is_recorded = true;
		journal_acknowledge(
			delivery->options.journal, &delivery->consumer, &job->from);
	}
	if (job->kind == JOB_REPLAY) {
		delivery_has_replay_step(delivery);
		return;
	}
	if (job->kind == JOB_ACKNOWLEDGE) {
		delivery_go_on(delivery, false);
		return;
	}
	check_redone(delivery);
	if (job->batch.n_records > 0) {
		delivery->batch_is_ready = true;
		if (delivery->closing)
			delivery_go_on(delivery, true);
		else
			send_batch(delivery);
		return;
	}
	delivery->status.left_out += job->batch.n_left_out;
	/* Nothing to deliver there: go on behind it. What comes behind records that the
	 * sink does not take waits for more, or each of them would cost a job. */
	delivery->end = job->batch.end;
	delivery->end_is_recorded = false;
	delivery_go_on(delivery, job->batch.n_passed == 0);
}

static void batch_is_taken(struct delivery *delivery, const struct sink_answer *answer)
{
	struct batch *batch = &delivery->job.batch;

	delivery_works(delivery);
	delivery->batch_is_ready = false;
	delivery->status.batches++;
	delivery->status.records += batch->n_records;
	delivery->status.bytes += batch->bytes.size;
	if (delivery_has_refused(delivery, answer)) {
		delivery_go_on(delivery, true);
		return;
	}
	delivery->status.left_out += batch->n_left_out;
	delivery->end = batch->end;
	delivery->end_is_recorded = false;
	split_taken(&delivery->split, batch->n_records);
	delivery_go_on(delivery, false);
}

/* Who is locked out is tried again as slowly as one that failed for long. */
static void send_failed(struct delivery *delivery, const struct sink_answer *answer)
{
	int64_t after_ns = answer->after_ns;

	if (answer->is_locked_out)
		after_ns = MAX(after_ns, delivery->options.settings->retry.most.ns);
	delivery->status.locked_out = answer->is_locked_out;
	delivery_fails(delivery, answer->error, "cannot send", answer->why, after_ns);
}

/* A receiver may say what it was sent. */
static struct sink_answer without_secrets(
	struct delivery *delivery, const struct sink_answer *answer)
{
	struct sink_answer clean = *answer;

	if (!answer->why)
		return clean;
	snprintf(delivery->why, sizeof(delivery->why), "%s", answer->why);
	values_hide_secrets(delivery->options.settings->options, delivery->why);
	values_hide_secrets(delivery->options.settings->format_options, delivery->why);
	clean.why = delivery->why;
	return clean;
}

static void listener_on_sent(
	struct sink_listener *listener, const struct sink_answer *answer)
{
	struct delivery *delivery = container_of(listener, struct delivery, listener);
	struct sink_answer clean;

	if (answer->error == -ECANCELED && delivery->closing) {
		delivery_go_on(delivery, true);
		return;
	}
	clean = without_secrets(delivery, answer);
	answer = &clean;
	if (delivery->job.replay && delivery->job.kind == JOB_REPLAY) {
		delivery_on_replay_answer(delivery, answer);
		return;
	}
	switch (answer->verdict) {
	case SINK_TAKEN:
		batch_is_taken(delivery, answer);
		break;
	case SINK_FAILED:
		send_failed(delivery, answer);
		break;
	case SINK_TOO_LARGE:
	case SINK_REFUSED:
		delivery_on_refusal(delivery, answer);
		break;
	}
}

static void delivery_on_timer(struct timer *timer)
{
	struct delivery *delivery = container_of(timer, struct delivery, timer);

	if (delivery->state == DELIVERY_RESTING && delivery->batch_is_ready &&
		!delivery->closing)
		send_batch(delivery);
	else
		delivery_go_on(delivery, true);
}

static void delivery_on_readable(struct journal_consumer *consumer)
{
	struct delivery *delivery = container_of(consumer, struct delivery, consumer);

	if (delivery->state == DELIVERY_IDLE)
		delivery_go_on(delivery, false);
	else if (delivery->state == DELIVERY_RESTING && !delivery->closing)
		delivery_overtakes(delivery);
	delivery_watch_loss(delivery);
}

void delivery_flush(struct delivery *delivery)
{
	delivery->flushing = true;
	if (delivery->state == DELIVERY_IDLE)
		delivery_go_on(delivery, true);
}

bool delivery_is_done(const struct delivery *delivery)
{
	return delivery->state == DELIVERY_IDLE && delivery->end_is_recorded &&
	       !journal_is_behind(delivery->options.journal, &delivery->end);
}

/* ---- opening and closing ----------------------------------------------- */

static void delivery_free(struct delivery *delivery)
{
	job_finish(&delivery->job);
	free(delivery);
}

static void listener_on_closed(struct sink_listener *listener)
{
	struct delivery *delivery = container_of(listener, struct delivery, listener);

	delivery_enter(delivery, DELIVERY_CLOSED);
	timers_release(delivery->options.timers, TIMERS_EACH);
	journal_remove_consumer(delivery->options.journal, &delivery->consumer);
	delivery->on_closed(delivery->closed_context, delivery);
	delivery_free(delivery);
}

void delivery_close(struct delivery *delivery,
	void (*on_closed)(void *context, struct delivery *delivery), void *context)
{
	delivery->closing = true;
	delivery->on_closed = on_closed;
	delivery->closed_context = context;
	if (delivery->state == DELIVERY_SENDING)
		delivery->sink->ops->cancel(delivery->sink);
	else if (delivery->state != DELIVERY_JOB)
		delivery_go_on(delivery, true);
}

/* A batch of the last life is made again: exactly as it was recorded. */
static void take_up(struct delivery *delivery)
{
	struct job *job = &delivery->job;

	delivery->end = delivery->consumer.position = job->record.acknowledged;
	delivery->end_is_recorded = true;
	if (job->record.has_batch &&
		job->record.shape == feed_shape(&job->feed, &job->encoder))
		job->bounds.exactly = job->record.n_records;
	else if (job->record.has_batch)
		log_warning(delivery_id(delivery),
			"the format, or what the sink takes, changed while a batch was "
			"under way: its records may be doubled");
}

static int delivery_start(struct delivery *delivery, struct buffer *why)
{
	const struct delivery_options *options = &delivery->options;
	struct sink_options sink_options = {
		.loop = options->loop,
		.settings = options->settings,
		.curl = options->curl,
		.listener = &delivery->listener,
	};
	int r = job_init(&delivery->job, options, why);

	sink_options.format = delivery->job.encoder.type;
	if (r == 0)
		r = options->transport->create(&sink_options, &delivery->sink, why);
	if (r == 0)
		r = timers_reserve(options->timers, TIMERS_EACH);
	if (r == 0 && options->transport->tune)
		options->transport->tune(delivery->sink, &delivery->job.encoder);
	return r;
}

int delivery_open(const struct delivery_options *options, struct delivery **ret_delivery,
	struct buffer *why)
{
	struct delivery *delivery = calloc(1, sizeof(*delivery));
	int r;

	if (!delivery)
		return -ENOMEM;
	delivery->options = *options;
	delivery->consumer.on_readable = delivery_on_readable;
	delivery->consumer.max_size = options->settings->max_size.bytes;
	delivery->consumer.max_age_ns = options->settings->max_age.ns;
	delivery->consumer.blocks = options->settings->when_full.index == SINK_BLOCK;
	delivery->listener.on_sent = listener_on_sent;
	delivery->listener.on_closed = listener_on_closed;
	delivery->timer.on_due = delivery_on_timer;
	delivery->status.id = options->settings->id;
	r = delivery_start(delivery, why);
	if (r < 0) {
		delivery_free(delivery);
		return r;
	}
	take_up(delivery);
	journal_add_consumer(options->journal, &delivery->consumer);
	*ret_delivery = delivery;
	delivery_go_on(delivery, false);
	return 0;
}

void delivery_status(const struct delivery *delivery, struct delivery_status *ret_status)
{
	const struct job *job = &delivery->job;
	struct position position = delivery->end;
	struct journal_extent extent;
	uint64_t lost;

	*ret_status = delivery->status;
	ret_status->failing = delivery->failing.failures > 0;
	/* While a job has the feed, what it has read is not known. */
	if (journal_locate(delivery->options.journal, &position, &extent, &lost)) {
		ret_status->backlog_bytes =
			journal_bytes_behind(delivery->options.journal, &extent);
		if (delivery->state != DELIVERY_JOB)
			ret_status->backlog_bytes += feed_unread(&job->feed, &extent);
	}
	if (delivery->state != DELIVERY_JOB) {
		ret_status->damaged_frames =
			job->feed.n_damaged + job->feed.tail.n_damaged;
		ret_status->unknown_records = job->feed.n_unknown;
	}
}
