/* SPDX-License-Identifier: Apache-2.0 */
/* What the files behind delivery.h share. */
#ifndef DELIVER_INTERNAL_H
#define DELIVER_INTERNAL_H

#include "base/complaint.h"
#include "delivery.h"
#include "job.h"
#include "split.h"

enum delivery_state {
	DELIVERY_IDLE,
	DELIVERY_JOB,
	DELIVERY_SENDING,
	DELIVERY_RESTING,
	DELIVERY_CLOSING,
	DELIVERY_CLOSED,
};

struct delivery {
	struct delivery_options options;
	struct journal_consumer consumer;
	struct sink_listener listener;
	struct sink *sink;
	struct job job;
	uv_work_t work;
	enum delivery_state state;
	struct timer timer; /* the age of a batch, or the end of a rest */
	int64_t rest_end_ns;
	struct position end; /* acknowledged up to here */
	bool end_is_recorded;
	bool batch_is_ready; /* filled, recorded, not acknowledged */
	bool flushing, closing;
	struct split split;
	uint32_t most_records;   /* that the receiver takes at once, as it has shown */
	unsigned int n_failures; /* in a row */
	struct complaint failing, outdated;
	char why[512]; /* of the last answer, without secrets */
	/* Since it began to lose: */
	uint64_t losing_frames, losing_samples;
	struct delivery_status status;
	void (*on_closed)(void *context, struct delivery *delivery);
	void *closed_context;
};

static inline const char *delivery_id(const struct delivery *delivery)
{
	return delivery->options.settings->id;
}

void delivery_enter(struct delivery *delivery, enum delivery_state state);

/* Orders a job from delivery->end on. */
void delivery_start_job(struct delivery *delivery, enum job_kind kind);

/* Makes and sends the next batch, or does what else there is to do; waited: also one
 * that is not full. */
void delivery_go_on(struct delivery *delivery, bool waited);

/* Ends a rest for now, or goes on where it is to go on. */
void delivery_rest_or_go_on(struct delivery *delivery);

/* ---- refusal.c --------------------------------------------------------- */

/* The receiver will not take the batch as it is, ever. */
void delivery_on_refusal(struct delivery *delivery, const struct sink_answer *answer);

/* It has taken the batch, but for records that it never will take, which the job is to
 * put to the dead letters, or that it has already. Whether there is such a job. */
bool delivery_has_refused(struct delivery *delivery, const struct sink_answer *answer);

/* Counts and tells what the receiver had already of a batch that it has taken. */
void delivery_count_outdated(struct delivery *delivery, const struct sink_answer *answer);

/* What was to be given up is in the dead letters. */
void delivery_has_buried(struct delivery *delivery);

/* ---- replay.c ---------------------------------------------------------- */

/* Where letters are to be sent again: orders the next job. Whether it does. */
bool delivery_goes_on_replaying(struct delivery *delivery);

/* That job has ended, well or not. */
void delivery_has_replay_step(struct delivery *delivery);

/* What became of a batch of letters. */
void delivery_on_replay_answer(
	struct delivery *delivery, const struct sink_answer *answer);

/* Tells whoever waits for it, with a negative errno where it ends early (why: NULL, or
 * what to say of that). Does nothing where there is none. */
void delivery_end_replay(struct delivery *delivery, int r, const char *why);

/* ---- overtake.c -------------------------------------------------------- */

/* Where more waits than the sink's bounds allow: gives up the rest of a segment, by a
 * job. Whether it does. */
bool delivery_overtakes(struct delivery *delivery);

/* The job that did so has ended. */
void delivery_has_overtaken(struct delivery *delivery);

/* Frames were removed by the journal's own bounds; 0: none. */
void delivery_count_lost(struct delivery *delivery, uint64_t frames);

/* Sees whether it has begun to lose while it rests, and whether it loses no more. */
void delivery_watch_loss(struct delivery *delivery);

#endif
