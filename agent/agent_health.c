/* SPDX-License-Identifier: Apache-2.0 */
/* What the agent has to say about itself: to its log, and as events to every sink. */
#include "agent_internal.h"

#include "base/log.h"
#include "base/macros.h"

#include <errno.h>
#include <string.h>

void agent_on_journal_health(void *context, int result)
{
	struct agent *agent = context;
	bool is_full = result == -ENOSPC || result == -EDQUOT;
	const struct own_detail details[] = { { "errno", (uint64_t)-result } };

	if (result < 0) {
		log_error("journal",
			"cannot write: %s; nothing is kept until it works again",
			strerror(-result));
		own_events_begin(agent->events,
			is_full ? OWN_JOURNAL_FULL : OWN_JOURNAL_FAILING, "journal",
			details, LENGTH(details));
		return;
	}
	log_notice("journal", "writes again");
	own_events_end(agent->events, OWN_JOURNAL_FULL, "journal", NULL, 0);
	own_events_end(agent->events, OWN_JOURNAL_FAILING, "journal", NULL, 0);
}

static void tell_losing(
	struct agent *agent, const struct delivery_status *status, bool losing)
{
	const struct own_detail details[] = {
		{ "lost_frames", status->lost_frames },
		{ "lost_samples", status->lost_samples },
		{ "backlog_bytes", status->backlog_bytes },
	};

	if (losing)
		own_events_begin(agent->events, OWN_SINK_LOSING, status->id, details,
			LENGTH(details));
	else
		own_events_end(agent->events, OWN_SINK_LOSING, status->id, details,
			LENGTH(details));
}

void agent_on_delivery_losing(void *context, struct delivery *delivery, bool losing)
{
	struct delivery_status status;

	delivery_status(delivery, &status);
	tell_losing(context, &status, losing);
}
