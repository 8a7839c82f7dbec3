/* SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

#include "base/log.h"
#include "base/macros.h"
#include "base/units.h"

#include <string.h>

static const char *reason_of(const struct collector *collector, int result)
{
	if (*collector->why)
		return collector->why;
	return result < 0 ? strerror(-result) : "it gave no reason";
}

void collector_tell_failure(struct collector *collector, int result, int64_t delay_ns)
{
	int64_t now_ns = collector_now(collector).monotonic_ns;
	char delay[UNIT_TEXT_SIZE];

	if (!complaint_fails(&collector->failing, now_ns))
		return;
	duration_to_text(delay, delay_ns / NS_PER_MS * NS_PER_MS);
	if (collector->failing.failures == 1)
		log_error(collector->options.id, "run failed: %s; next try in %s",
			reason_of(collector, result), delay);
	else
		log_error(collector->options.id,
			"run failed %llu times in a row: %s; next try in %s",
			(unsigned long long)collector->failing.failures,
			reason_of(collector, result), delay);
}

static void tell_recovery(
	struct collector *collector, struct complaint *complaint, const char *what)
{
	int64_t now_ns = collector_now(collector).monotonic_ns;
	char span[UNIT_TEXT_SIZE];
	uint64_t failures;
	int64_t span_ns;

	if (!complaint_recovers(complaint, now_ns, &failures, &span_ns))
		return;
	duration_to_text(span, MAX(span_ns / NS_PER_SECOND, 1) * NS_PER_SECOND);
	log_notice(collector->options.id, "%s after %llu %s in %s", what,
		(unsigned long long)failures, failures == 1 ? "failure" : "failures",
		span);
}

static void tell_partial(struct collector *collector)
{
	if (complaint_fails(&collector->partial, collector_now(collector).monotonic_ns))
		log_warning(collector->options.id,
			"some parts of a run failed (%llu times): %s",
			(unsigned long long)collector->partial.failures,
			reason_of(collector, RK_PARTIAL));
}

void collector_tell_success(struct collector *collector)
{
	tell_recovery(collector, &collector->failing, "works again");
	if (collector->result == RK_PARTIAL) {
		collector->counts.partial++;
		tell_partial(collector);
	} else {
		tell_recovery(collector, &collector->partial, "all parts work again");
	}
}

void collector_tell_skipped(struct collector *collector, uint64_t skipped)
{
	int64_t now_ns = collector_now(collector).monotonic_ns;

	if (skipped == 0)
		return;
	collector->counts.skipped += skipped;
	if (complaint_fails(&collector->overrun, now_ns))
		log_warning(collector->options.id,
			"a run took longer than the interval: %llu runs skipped so far",
			(unsigned long long)collector->counts.skipped);
}
