/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens to a batch that a receiver will never take as it is: it is halved, by the
 * plan of split.h, and what cannot be halved goes to the dead letters. One that is only
 * too large is halved for good: the next batches are as small.
 */
#include "internal.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/macros.h"
#include "encode/store_answer.h"

#include <stdio.h>

static void note_reason(struct job *job, const struct sink_answer *answer)
{
	job->refused_status = answer->status;
	snprintf(job->refused_why, sizeof(job->refused_why), "%s",
		answer->why ? answer->why : "");
}

static void begin_refusal(struct delivery *delivery, const struct sink_answer *answer)
{
	uint32_t n = delivery->job.batch.n_records;

	if (delivery->split.left == 0 && n > 1)
		log_warning(delivery_id(delivery),
			"a batch of %u records was refused: %s; looking for the record "
			"that it is about",
			n, answer->why ? answer->why : "no reason was given");
}

static void make_smaller(struct delivery *delivery, const struct sink_answer *answer)
{
	uint32_t n = delivery->job.batch.n_records;

	delivery->most_records = n / 2;
	log_notice(delivery_id(delivery),
		"a batch of %u records was too large: %s; batches have %u at most from "
		"now on",
		n, answer->why ? answer->why : "no reason was given", n / 2);
}

void delivery_on_refusal(struct delivery *delivery, const struct sink_answer *answer)
{
	uint32_t n = delivery->job.batch.n_records;

	delivery->batch_is_ready = false;
	note_reason(&delivery->job, answer);
	if (answer->verdict == SINK_TOO_LARGE && n > 1) {
		make_smaller(delivery, answer);
	} else {
		begin_refusal(delivery, answer);
		split_refused(&delivery->split, n);
	}
	delivery_go_on(delivery, true);
}

/* ---- what is taken but for some ------------------------------------------ */

void delivery_count_outdated(struct delivery *delivery, const struct sink_answer *answer)
{
	uint32_t n_records = delivery->job.batch.n_records;
	uint32_t n = MIN(answer->n_outdated, n_records);
	int64_t now_ns = clock_monotonic_ns(delivery->options.timers->clock), span_ns;
	uint64_t failures;

	delivery->status.outdated += n;
	if (n == 0) {
		if (complaint_recovers(&delivery->outdated, now_ns, &failures, &span_ns))
			log_notice(delivery_id(delivery),
				"all records of a batch are taken again");
		return;
	}
	if (complaint_fails(&delivery->outdated, now_ns))
		log_warning(delivery_id(delivery),
			"%u of %u records were not taken, since the receiver has them "
			"already, has newer ones, or finds them too old (%llu in all): "
			"%s",
			n, n_records, (unsigned long long)delivery->status.outdated,
			answer->why ? answer->why : "no reason was given");
}

bool delivery_has_refused(struct delivery *delivery, const struct sink_answer *answer)
{
	struct job *job = &delivery->job;
	struct sink_answer first = *answer;

	delivery_count_outdated(delivery, answer);
	if (answer->n_refused == 0)
		return false;
	first.status = answer->refused->status;
	first.why = answer->refused->why;
	note_reason(job, &first);
	job->buries = job->batch.n_records;
	job->refused = answer->refused;
	job->n_refused = answer->n_refused;
	delivery->status.records -= answer->n_refused;
	return true;
}

/* ---- what is given up ---------------------------------------------------- */

static void pass_in_split(struct delivery *delivery)
{
	struct job *job = &delivery->job;

	if (job->n_refused > 0)
		split_taken(&delivery->split, job->buries);
	else
		split_buried(&delivery->split);
	job->n_refused = 0;
}

void delivery_has_buried(struct delivery *delivery)
{
	struct job *job = &delivery->job;

	log_error(delivery_id(delivery),
		"%u record%s went to the dead letters, since the receiver refuses %s: %s",
		job->n_buried, job->n_buried == 1 ? "" : "s",
		job->n_buried == 1 ? "it" : "them", job->refused_why);
	if (job->n_dropped > 0)
		log_warning(delivery_id(delivery),
			"%llu of the oldest dead letters were dropped to make room",
			(unsigned long long)job->n_dropped);
	delivery->status.dead_letters += job->n_buried;
	delivery->status.left_out += job->n_left_out;
	delivery->status.dropped_letters += job->n_dropped;
	pass_in_split(delivery);
	delivery->end = job->skip_to;
	delivery->end_is_recorded = true;
	journal_acknowledge(
		delivery->options.journal, &delivery->consumer, &delivery->end);
	delivery_go_on(delivery, true);
}
