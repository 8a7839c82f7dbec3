/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/macros.h"
#include "base/random.h"
#include "base/timers.h"

#include "cases.h"

static int64_t virtual_now_ns;

static int64_t virtual_monotonic_ns(const struct clock *clock)
{
	(void)clock;
	return virtual_now_ns;
}

static const struct clock virtual_clock = { .monotonic_ns = virtual_monotonic_ns };

struct probe {
	struct timer timer;
	struct timers *timers;
	int fired;
	int64_t again_after_ns; /* 0: not again */
};

static void probe_on_due(struct timer *timer)
{
	struct probe *probe = container_of(timer, struct probe, timer);

	probe->fired++;
	assert_true(timer->due_ns <= virtual_now_ns);
	if (probe->again_after_ns)
		timers_set(
			probe->timers, timer, virtual_now_ns + probe->again_after_ns - 1);
}

static void timers_fire_in_order_and_once(void **state)
{
	enum { N = 200 };
	struct timers timers;
	struct probe probes[N] = { 0 };
	struct random random;
	int64_t last = 0;

	(void)state;
	virtual_now_ns = 0;
	random_seed(&random, 3);
	timers_init(&timers, &virtual_clock);
	assert_int_equal(timers_reserve(&timers, N), 0);
	for (int i = 0; i < N; i++) {
		probes[i] =
			(struct probe){ .timer.on_due = probe_on_due, .timers = &timers };
		timers_set(&timers, &probes[i].timer,
			1 + (int64_t)random_below(&random, 500));
	}
	for (int i = 0; i < N; i += 3)
		timers_unset(&timers, &probes[i].timer);
	for (int i = 0; i < N; i += 5)
		timers_set(&timers, &probes[i].timer,
			1 + (int64_t)random_below(&random, 500));
	while (timers_next_ns(&timers) != INT64_MAX) {
		assert_true(timers_next_ns(&timers) >= last);
		last = virtual_now_ns = timers_next_ns(&timers);
		timers_run(&timers);
	}
	for (int i = 0; i < N; i++)
		assert_int_equal(probes[i].fired, i % 3 != 0 || i % 5 == 0);
	timers_release(&timers, N);
	timers_finish(&timers);
}

static void a_timer_that_is_always_due_leaves_the_loop(void **state)
{
	struct timers timers;
	struct probe probe = { .timer.on_due = probe_on_due, .again_after_ns = 1 };

	(void)state;
	virtual_now_ns = 100;
	timers_init(&timers, &virtual_clock);
	assert_int_equal(timers_reserve(&timers, 1), 0);
	probe.timers = &timers;
	timers_set(&timers, &probe.timer, 50);
	timers_run(&timers);
	assert_int_equal(probe.fired, 1);
	assert_true(timer_is_set(&probe.timer));
	timers_unset(&timers, &probe.timer);
	timers_finish(&timers);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(timers_fire_in_order_and_once),
	cmocka_unit_test(a_timer_that_is_always_due_leaves_the_loop),
};

CASES_MAIN(cases)
