/* SPDX-License-Identifier: Apache-2.0 */
/* What the files behind collector.h share. */
#ifndef COLLECT_INTERNAL_H
#define COLLECT_INTERNAL_H

#include "collector.h"

struct instant collector_now(const struct collector *collector);

/* collector_tell.c: what the operator is told, the first time, at growing intervals
 * and when it is over. */
void collector_tell_failure(struct collector *collector, int result, int64_t delay_ns);
void collector_tell_success(struct collector *collector);
void collector_tell_skipped(struct collector *collector, uint64_t skipped);

/* collector_parts.c: parts on their way to the journal. */
void collector_on_part(struct runner_listener *listener, struct part *part);
void collector_on_held_due(struct timer *timer);
void collector_drop_held(struct collector *collector);

/* collector.c: told when the last part on its way was settled, and when one was
 * lost. */
void collector_parts_settled(struct collector *collector);
void collector_parts_lost(struct collector *collector);

#endif
