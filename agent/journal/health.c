/* SPDX-License-Identifier: Apache-2.0 */
/* What the journal tells of writes and syncs that fail, and when it lets appends
 * wait. */
#include "internal.h"

#include "base/clock.h"
#include "base/log.h"

#include <string.h>

static void tell_syncs(struct journal *journal)
{
	uint64_t n = atomic_load(&journal->writer.n_failed_syncs), failures;
	int failure = atomic_load(&journal->writer.sync_failure);
	int64_t now_ns = clock_monotonic_ns(journal->clock), span_ns;

	if (n > journal->n_failed_syncs) {
		journal->n_failed_syncs = n;
		if (complaint_fails(&journal->sync_failing, now_ns))
			log_error("journal",
				"a sync failed (%llu since the start): %s; what was "
				"written since the one before may not survive power "
				"loss",
				(unsigned long long)n, strerror(-failure));
	} else if (failure == 0 && complaint_recovers(&journal->sync_failing, now_ns,
					   &failures, &span_ns)) {
		log_notice("journal", "syncs again");
	}
}

void journal_tell_health(struct journal *journal)
{
	int health = atomic_load(&journal->writer.failure);

	tell_syncs(journal);
	if (health == journal->health)
		return;
	journal->health = health;
	if (journal->on_health)
		journal->on_health(journal->health_context, health);
}

void journal_status(const struct journal *journal, struct journal_status *ret_status)
{
	*ret_status = (struct journal_status){
		.failure = journal->health,
		.n_failed_syncs = journal->n_failed_syncs,
		.is_blocked = journal->is_blocked,
	};
}

bool journal_makes_wait(const struct journal *journal)
{
	return !journal->is_hurried && (journal->is_paused || journal->is_blocked);
}

void journal_hurry(struct journal *journal)
{
	journal->is_hurried = true;
}
