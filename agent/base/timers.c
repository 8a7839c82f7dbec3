/* SPDX-License-Identifier: Apache-2.0 */
#include "timers.h"

#include "clock.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

void timers_init(struct timers *timers, const struct clock *clock)
{
	*timers = (struct timers){ .clock = clock, .running_ns = INT64_MIN };
}

void timers_finish(struct timers *timers)
{
	assert(timers->n == 0);
	free(timers->heap);
	timers->heap = NULL;
}

int timers_reserve(struct timers *timers, size_t n)
{
	size_t capacity = timers->capacity + n;
	struct timer **heap = realloc(timers->heap, capacity * sizeof(struct timer *));

	if (!heap)
		return -ENOMEM;
	timers->heap = heap;
	timers->capacity = capacity;
	return 0;
}

void timers_release(struct timers *timers, size_t n)
{
	assert(timers->capacity - n >= timers->n);
	timers->capacity -= n;
}

static void heap_place(struct timers *timers, size_t i, struct timer *timer)
{
	timers->heap[i] = timer;
	timer->slot = i + 1;
}

static void heap_rise(struct timers *timers, size_t i)
{
	struct timer *timer = timers->heap[i];

	while (i > 0 && timers->heap[(i - 1) / 2]->due_ns > timer->due_ns) {
		heap_place(timers, i, timers->heap[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	heap_place(timers, i, timer);
}

static void heap_sink(struct timers *timers, size_t i)
{
	struct timer *timer = timers->heap[i];

	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= timers->n)
			break;
		if (child + 1 < timers->n &&
			timers->heap[child + 1]->due_ns < timers->heap[child]->due_ns)
			child++;
		if (timers->heap[child]->due_ns >= timer->due_ns)
			break;
		heap_place(timers, i, timers->heap[child]);
		i = child;
	}
	heap_place(timers, i, timer);
}

void timers_set(struct timers *timers, struct timer *timer, int64_t due_ns)
{
	int64_t earliest_ns = timers_next_ns(timers);

	timers_unset(timers, timer);
	assert(timers->n < timers->capacity);
	/* What is set from on_due comes after all that is due now. */
	timer->due_ns = due_ns > timers->running_ns ? due_ns : timers->running_ns + 1;
	heap_place(timers, timers->n, timer);
	heap_rise(timers, timers->n++);
	if (timers->on_earlier && timers_next_ns(timers) < earliest_ns)
		timers->on_earlier(timers);
}

void timers_set_after(struct timers *timers, struct timer *timer, int64_t span_ns)
{
	int64_t now_ns = clock_monotonic_ns(timers->clock);
	int64_t due_ns;

	if (__builtin_add_overflow(now_ns, span_ns, &due_ns))
		due_ns = INT64_MAX - 1;
	timers_set(timers, timer, due_ns);
}

void timers_unset(struct timers *timers, struct timer *timer)
{
	size_t i = timer->slot - 1;

	if (!timer_is_set(timer))
		return;
	timer->slot = 0;
	if (i == --timers->n)
		return;
	heap_place(timers, i, timers->heap[timers->n]);
	heap_rise(timers, i);
	heap_sink(timers, timers->heap[i]->slot - 1);
}

int64_t timers_next_ns(const struct timers *timers)
{
	return timers->n > 0 ? timers->heap[0]->due_ns : INT64_MAX;
}

void timers_run(struct timers *timers)
{
	timers->running_ns = clock_monotonic_ns(timers->clock);
	while (timers_next_ns(timers) <= timers->running_ns) {
		struct timer *timer = timers->heap[0];

		timers_unset(timers, timer);
		timer->on_due(timer);
	}
	timers->running_ns = INT64_MIN;
}
