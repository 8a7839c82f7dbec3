/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A replay of the dead letters in a delivery. It begins between two batches and has the
 * sink for itself until it ends:
 *
 *	            batch of letters          taken, or refused
 *	  wanted ---------------------> sent -------------------> next batch
 *	     |    noted in the cursor    |    (split.h)               | no letter waits
 *	     | cannot deliver now        | failed                     v
 *	     v                           v                         files written anew
 *	   ended                 files written anew
 *
 * Nothing is tried again: who fails ends the replay, and the letters that were not
 * answered stay. One that was taken is marked in its file before the next batch is sent;
 * what is sent between the receiver's answer and the mark comes twice after a crash.
 */
#include "replay.h"

#include "base/clock.h"
#include "base/log.h"
#include "encode/store_answer.h"
#include "internal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the end ----------------------------------------------------------- */

static void count(struct replay *replay)
{
	struct replay_result *result = &replay->result;

	for (size_t i = 0; i < replay->letters.n; i++) {
		switch (replay->letters.items[i].state) {
		case LETTER_WAITS:
		case LETTER_SENT:
			result->waiting++;
			break;
		case LETTER_REFUSED:
			result->refused++;
			break;
		case LETTER_UNREADABLE:
			result->unreadable++;
			break;
		case LETTER_GONE:
			result->delivered++;
			break;
		}
	}
}

static void note_error(struct replay *replay, int r, const char *why)
{
	if (replay->result.error < 0)
		return;
	replay->result.error = r;
	snprintf(replay->result.why, sizeof(replay->result.why), "%s",
		why ? why : strerror(-r));
}

static void tell(struct delivery *delivery, const struct replay_result *result)
{
	log_notice(delivery_id(delivery),
		"replayed dead letters: %" PRIu64 " delivered, %" PRIu64
		" refused again, %" PRIu64 " not tried, %" PRIu64 " cannot be sent%s%s",
		result->delivered, result->refused, result->waiting, result->unreadable,
		*result->why ? ": " : "", result->why);
}

void delivery_end_replay(struct delivery *delivery, int r, const char *why)
{
	struct replay *replay = delivery->job.replay;

	if (!replay)
		return;
	delivery->job.replay = NULL;
	if (r < 0)
		note_error(replay, r, why);
	count(replay);
	delivery->status.replayed += replay->result.delivered;
	tell(delivery, &replay->result);
	replay->on_done(replay->context, &replay->result);
	replay_destroy(replay);
}

/* ---- batches ----------------------------------------------------------- */

bool delivery_is_replaying(const struct delivery *delivery)
{
	return delivery->job.replay != NULL;
}

/* What was taken is noted also where the sink is about to close. */
static bool ends_for_closing(struct delivery *delivery)
{
	struct replay *replay = delivery->job.replay;

	if (!replay->begins) {
		delivery_end_replay(delivery, -ECANCELED, "the sink is closed");
		return false;
	}
	note_error(replay, -ECANCELED, "the sink is closed");
	replay->ends = true;
	return true;
}

bool delivery_goes_on_replaying(struct delivery *delivery)
{
	struct replay *replay = delivery->job.replay;

	if (!replay || (delivery->closing && !ends_for_closing(delivery)))
		return false;
	/* What was refused of a batch is buried first: the transport has it only until it
	 * sends again. */
	if (delivery->job.n_refused > 0 && !delivery->closing)
		return false;
	replay->begins = true;
	delivery_start_job(delivery, JOB_REPLAY);
	return true;
}

void delivery_has_replay_step(struct delivery *delivery)
{
	struct job *job = &delivery->job;

	if (job->result < 0)
		delivery_end_replay(delivery, job->result, NULL);
	else if (job->batch.n_records == 0)
		delivery_end_replay(delivery, 0, NULL);
	if (!job->replay || delivery->closing) {
		delivery_go_on(delivery, false);
		return;
	}
	delivery_enter(delivery, DELIVERY_SENDING);
	delivery->sink->ops->send(delivery->sink, &job->batch);
}

/* ---- answers ----------------------------------------------------------- */

static void turn_back(struct replay *replay)
{
	for (size_t i = 0; i < replay->letters.n; i++) {
		if (replay->letters.items[i].state == LETTER_SENT)
			replay->letters.items[i].state = LETTER_WAITS;
	}
}

static void keep_letter(
	struct delivery *delivery, struct letter *letter, int status, const char *why)
{
	struct replay_result *result = &delivery->job.replay->result;

	letter->state = LETTER_REFUSED;
	letter->status = status;
	letter->when_ns = clock_wall_ns(delivery->options.timers->clock);
	letter->why = why ? strdup(why) : NULL;
	snprintf(result->why, sizeof(result->why), "%s",
		why ? why : "no reason was given");
}

/* All that was sent was taken, but for those that the answer names. */
static void is_taken(struct delivery *delivery, const struct sink_answer *answer)
{
	struct replay *replay = delivery->job.replay;
	const struct refused_record *refused = answer->refused;
	uint32_t index = 0, n = 0;

	delivery_count_outdated(delivery, answer);
	for (size_t i = 0; i < replay->letters.n; i++) {
		struct letter *letter = &replay->letters.items[i];

		if (letter->state != LETTER_SENT)
			continue;
		letter->state = LETTER_GONE;
		if (n < answer->n_refused && refused[n].index == index) {
			keep_letter(delivery, letter, refused[n].status, refused[n].why);
			n++;
		}
		index++;
	}
	split_taken(&replay->split, index);
}

/* The next n letters that wait stay for good, with the answer. */
static void keep(struct delivery *delivery, uint32_t n, const struct sink_answer *answer)
{
	struct replay *replay = delivery->job.replay;

	for (size_t i = 0; n > 0 && i < replay->letters.n; i++) {
		struct letter *letter = &replay->letters.items[i];

		if (letter->state != LETTER_WAITS)
			continue;
		keep_letter(delivery, letter, answer->status, answer->why);
		n--;
	}
}

static void is_refused(struct delivery *delivery, const struct sink_answer *answer)
{
	struct replay *replay = delivery->job.replay;
	uint32_t n = delivery->job.batch.n_records;

	turn_back(replay);
	if (answer->verdict == SINK_TOO_LARGE && n > 1) {
		replay->most = n / 2;
		return;
	}
	split_refused(&replay->split, n);
	if (replay->split.buries == 0)
		return;
	keep(delivery, replay->split.buries, answer);
	split_buried(&replay->split);
}

void delivery_on_replay_answer(
	struct delivery *delivery, const struct sink_answer *answer)
{
	struct replay *replay = delivery->job.replay;

	switch (answer->verdict) {
	case SINK_TAKEN:
		is_taken(delivery, answer);
		break;
	case SINK_TOO_LARGE:
	case SINK_REFUSED:
		is_refused(delivery, answer);
		break;
	case SINK_FAILED:
		turn_back(replay);
		note_error(replay, answer->error, answer->why);
		replay->ends = true;
		break;
	}
	delivery_go_on(delivery, true);
}

/* ---- the beginning ----------------------------------------------------- */

int delivery_replay(struct delivery *delivery,
	void (*on_done)(void *context, const struct replay_result *result), void *context)
{
	struct replay *replay;

	if (delivery->closing)
		return -ECANCELED;
	if (delivery->job.replay)
		return -EBUSY;
	if (delivery->state == DELIVERY_RESTING)
		return -EAGAIN;
	replay = calloc(1, sizeof(*replay));
	if (!replay)
		return -ENOMEM;
	replay->letters = (struct letters)LETTERS_NONE;
	replay->on_done = on_done;
	replay->context = context;
	delivery->job.replay = replay;
	/* Not from inside this call. */
	if (delivery->state == DELIVERY_IDLE)
		timers_set_after(delivery->options.timers, &delivery->timer, 0);
	return 0;
}
