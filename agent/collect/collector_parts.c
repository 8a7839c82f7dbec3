/* SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

#include "base/log.h"
#include "base/macros.h"

#include <errno.h>
#include <string.h>

#define HELD_RETRY_NS (50 * NS_PER_MS)

void collector_drop_held(struct collector *collector)
{
	timers_unset(collector->options.timers, &collector->held_timer);
	while (collector->n_held > 0)
		part_destroy(collector->held[--collector->n_held]);
}

static void part_lost(struct collector *collector, struct part *part, int r)
{
	if (collector->failing.failures == 0)
		log_error(collector->options.id, "%u samples could not be kept: %s",
			part->n_samples, strerror(-r));
	collector->counts.parts_lost++;
	collector->part_lost = true;
	part_destroy(part);
}

/* Appends one part: whether it is on its way or lost; false: the journal takes
 * nothing now. */
static bool part_append(struct collector *collector, struct part *part)
{
	const struct collector_services *services = collector->options.services;
	int r;

	if (collector->part_lost) {
		/* What follows a lost part must not be kept either. */
		part_destroy(part);
		r = -ECANCELED;
	} else {
		r = services->append(services->context, collector, part);
		if (r == -EAGAIN)
			return false;
		if (r < 0)
			part_lost(collector, part, r);
	}
	if (r < 0)
		collector_part_settled(collector, r, NULL);
	return true;
}

void collector_on_held_due(struct timer *timer)
{
	struct collector *collector = container_of(timer, struct collector, held_timer);

	while (collector->n_held > 0) {
		struct part *part = collector->held[0];

		memmove(collector->held, collector->held + 1,
			--collector->n_held * sizeof(*collector->held));
		if (part_append(collector, part))
			continue;
		memmove(collector->held + 1, collector->held,
			collector->n_held++ * sizeof(*collector->held));
		collector->held[0] = part;
		timers_set_after(
			collector->options.timers, &collector->held_timer, HELD_RETRY_NS);
		return;
	}
}

void collector_on_part(struct runner_listener *listener, struct part *part)
{
	struct collector *collector = container_of(listener, struct collector, listener);

	collector->n_unsettled++;
	if (collector->n_held == 0 && part_append(collector, part))
		return;
	if (collector->n_held == COLLECTOR_MAX_HELD) {
		part_lost(collector, part, -EAGAIN);
		collector_part_settled(collector, -EAGAIN, NULL);
		return;
	}
	collector->held[collector->n_held++] = part;
	if (!timer_is_set(&collector->held_timer))
		timers_set_after(
			collector->options.timers, &collector->held_timer, HELD_RETRY_NS);
}

void collector_part_settled(
	struct collector *collector, int result, const struct part *part)
{
	collector->n_unsettled--;
	if (collector->runner)
		collector->runner->ops->part_settled(collector->runner);
	if (result < 0) {
		collector->part_lost = true;
		collector_parts_lost(collector);
	}
	if (result == 0 && part) {
		collector->counts.parts++;
		collector->counts.samples += part->n_samples;
		collector->counts.events += part->n_events;
	}
	if (collector->n_unsettled == 0)
		collector_parts_settled(collector);
}
