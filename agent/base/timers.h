/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Timers in a binary heap, ordered by due time. They know no event loop: a
 * driver asks when the next is due and runs what is due by then, on the real
 * clock (loop/ticker.h) or on a virtual one (tests/sim).
 */
#ifndef BASE_TIMERS_H
#define BASE_TIMERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct clock;

/* Embedded by its user; a zeroed struct is a timer that is not set. */
struct timer {
	void (*on_due)(struct timer *timer);
	int64_t due_ns; /* monotonic */
	size_t slot;    /* 1 + place in the heap; 0: not set */
};

struct timers {
	const struct clock *clock;
	struct timer **heap; /* owned array of borrowed timers */
	size_t n, capacity;
	int64_t running_ns; /* the time that timers_run works off; INT64_MIN: not in it */
	/* Told when the earliest due time changed; may be NULL. */
	void (*on_earlier)(struct timers *timers);
};

void timers_init(struct timers *timers, const struct clock *clock);

/* No timer may be set any more. */
void timers_finish(struct timers *timers);

/* Makes room for n timers, so that timers_set cannot fail for want of memory.
 * Each owner of timers asks for its own share once. 0 or -ENOMEM. */
int timers_reserve(struct timers *timers, size_t n);

/* Gives back what timers_reserve took. */
void timers_release(struct timers *timers, size_t n);

/* Sets the timer, or sets it anew, for a monotonic time or for a span from now. */
void timers_set(struct timers *timers, struct timer *timer, int64_t due_ns);
void timers_set_after(struct timers *timers, struct timer *timer, int64_t span_ns);
void timers_unset(struct timers *timers, struct timer *timer);

static inline bool timer_is_set(const struct timer *timer)
{
	return timer->slot > 0;
}

/* When the earliest timer is due; INT64_MAX where none is set. */
int64_t timers_next_ns(const struct timers *timers);

/* Runs every timer that is due now, each once; one that is set again meanwhile
 * waits for the next call. */
void timers_run(struct timers *timers);

#endif
