/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens to a batch that a receiver will never take as it is: it is halved, by the
 * plan of split.h, and what cannot be halved goes to the dead letters. One that is only
 * too large is halved for good: the next batches are as small.
 */
#include "internal.h"

#include "base/log.h"
#include "base/macros.h"

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

void delivery_has_buried(struct delivery *delivery)
{
	struct job *job = &delivery->job;

	log_error(delivery_id(delivery),
		"%u record%s went to the dead letters, since the receiver refuses %s: %s",
		job->n_buried, job->n_buried == 1 ? "" : "s",
		job->n_buried == 1 ? "it" : "them", job->refused_why);
	delivery->status.dead_letters += job->n_buried;
	split_buried(&delivery->split);
	delivery->end = job->skip_to;
	delivery->end_is_recorded = true;
	journal_acknowledge(
		delivery->options.journal, &delivery->consumer, &delivery->end);
	delivery_go_on(delivery, true);
}
