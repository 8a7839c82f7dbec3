/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a sink that lags behind gives up. Beyond its own bounds the delivery goes on
 * with the next segment, one job each, which counts what is given up and records
 * where it goes on. A batch that is being sent is finished before; one that rests
 * until it is sent again is given up with its segment, and may have arrived all the
 * same. What goes by the journal's bounds is gone when it is noticed.
 *
 * That is told when it begins and when it is over: when what waits is within half of
 * the bounds.
 */
#include "internal.h"

#include "base/log.h"

static void begin_losing(struct delivery *delivery)
{
	if (delivery->status.losing)
		return;
	delivery->status.losing = true;
	delivery->losing_frames = delivery->losing_samples = 0;
	log_error(delivery_id(delivery),
		"begins to lose what it has not taken yet: more waits for it than "
		"max_size or max_age of the sink or the journal allow");
	if (delivery->options.on_losing)
		delivery->options.on_losing(delivery->options.context, delivery, true);
}

static void add_loss(struct delivery *delivery, uint64_t frames, uint64_t samples)
{
	begin_losing(delivery);
	delivery->losing_frames += frames;
	delivery->losing_samples += samples;
	delivery->status.lost_frames += frames;
	delivery->status.lost_samples += samples;
}

static void end_losing(struct delivery *delivery)
{
	delivery->status.losing = false;
	log_notice(delivery_id(delivery),
		"loses no more; it has lost %llu frames, %llu samples at least",
		(unsigned long long)delivery->losing_frames,
		(unsigned long long)delivery->losing_samples);
	if (delivery->options.on_losing)
		delivery->options.on_losing(delivery->options.context, delivery, false);
}

void delivery_count_lost(struct delivery *delivery, uint64_t frames)
{
	if (frames == 0)
		return;
	delivery->job.record.lost_frames += frames;
	add_loss(delivery, frames, 0);
}

/* What the journal's own bounds took from a sink that rests. */
static bool has_lost(const struct delivery *delivery)
{
	struct position position =
		delivery->batch_is_ready ? delivery->job.batch.end : delivery->end;
	struct journal_extent extent;
	uint64_t lost;

	journal_locate(delivery->options.journal, &position, &extent, &lost);
	return lost > 0;
}

void delivery_watch_loss(struct delivery *delivery)
{
	if (delivery->state == DELIVERY_RESTING && has_lost(delivery))
		begin_losing(delivery);
	else if (delivery->status.losing && delivery->n_failures == 0 &&
		 journal_has_caught_up(delivery->options.journal, &delivery->consumer))
		end_losing(delivery);
}

static void give_up_batch(struct delivery *delivery)
{
	struct job *job = &delivery->job;

	if (!delivery->batch_is_ready && job->bounds.exactly == 0)
		return;
	log_warning(delivery_id(delivery),
		"a batch of %u records that was under way is given up: it may have "
		"arrived all the same",
		delivery->batch_is_ready ? job->batch.n_records : job->bounds.exactly);
	delivery->status.given_up++;
	delivery->batch_is_ready = false;
	job->bounds.exactly = 0;
}

bool delivery_overtakes(struct delivery *delivery)
{
	struct journal_extent extent;
	struct position to;

	if (!journal_overtake(delivery->options.journal, &delivery->consumer,
		    &delivery->end, &extent, &to))
		return false;
	delivery->job.extent = extent;
	delivery->job.skip_to = to;
	if (job_take_extent(&delivery->job) < 0)
		return false;
	give_up_batch(delivery);
	delivery_start_job(delivery, JOB_SKIP);
	return true;
}

void delivery_has_overtaken(struct delivery *delivery)
{
	struct job *job = &delivery->job;

	add_loss(delivery, job->skipped_frames, job->skipped_samples);
	/* What was refused in there is not to be looked for behind it. */
	delivery->split = (struct split){ 0 };
	job->n_refused = 0;
	delivery->end = job->skip_to;
	delivery->end_is_recorded = true;
	journal_acknowledge(
		delivery->options.journal, &delivery->consumer, &delivery->end);
	delivery_rest_or_go_on(delivery);
}
