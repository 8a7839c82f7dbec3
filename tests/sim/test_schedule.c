/* SPDX-License-Identifier: Apache-2.0 */
#include "base/macros.h"
#include "base/random.h"
#include "collect/schedule.h"

#include "cases.h"

#define SECOND NS_PER_SECOND
#define HOUR   (3600 * SECOND)

/* 2026-11-22T05:27:11Z */
#define WALL (INT64_C(1795325231) * SECOND)

static struct instant at(int64_t monotonic_ns, int64_t wall_ns)
{
	return (struct instant){ monotonic_ns, wall_ns };
}

static void the_grid_stays_whatever_a_run_takes(void **state)
{
	struct schedule schedule;
	struct random random;
	uint64_t skipped;
	int64_t due, first;

	(void)state;
	random_seed(&random, 1);
	first = due = schedule_init(&schedule, 10 * SECOND, 0, false, 12345, at(0, WALL));
	assert_true(due >= 0 && due < 10 * SECOND);
	for (int i = 1; i < 1000; i++) {
		int64_t took = (int64_t)random_below(&random, 9 * SECOND);

		due = schedule_next(&schedule, due, at(due + took, WALL), &skipped);
		assert_true(due == first + i * 10 * SECOND);
		assert_int_equal(skipped, 0);
	}
}

static void runs_that_came_due_meanwhile_are_skipped_and_counted(void **state)
{
	struct schedule schedule;
	uint64_t skipped;
	int64_t due = schedule_init(&schedule, 10 * SECOND, 0, false, 3, at(0, WALL)),
		next;

	(void)state;
	next = schedule_next(&schedule, due, at(due + 35 * SECOND, WALL), &skipped);
	assert_true(next == due + 40 * SECOND);
	assert_int_equal(skipped, 3);
}

static void a_long_interval_begins_soon_and_then_keeps_its_phase(void **state)
{
	struct random random;

	(void)state;
	random_seed(&random, 2);
	for (int i = 0; i < 1000; i++) {
		struct schedule schedule;
		uint64_t hash = random_next(&random), skipped;
		int64_t first =
			schedule_init(&schedule, HOUR, 0, false, hash, at(0, WALL));
		int64_t second, third;

		assert_true(first >= 0 && first < SCHEDULE_FIRST_NS);
		second = schedule_next(
			&schedule, first, at(first + SECOND, WALL), &skipped);
		assert_true(
			second - first >= HOUR / 2 && second - first <= HOUR + HOUR / 2);
		assert_int_equal(skipped, 0);
		third = schedule_next(&schedule, second, at(second, WALL), &skipped);
		assert_true(third - second == HOUR);
		assert_true((second - (int64_t)(hash % (uint64_t)HOUR)) % HOUR == 0);
	}
}

static void ten_thousand_collectors_are_spread_over_the_interval(void **state)
{
	enum { BUCKETS = 100, N = 10000 };
	int in_bucket[BUCKETS] = { 0 }, most = 0;
	struct random random;

	(void)state;
	random_seed(&random, 3);
	for (int i = 0; i < N; i++) {
		struct schedule schedule;
		int64_t due = schedule_init(&schedule, 10 * SECOND, 0, false,
			random_next(&random), at(0, WALL));

		in_bucket[due / (10 * SECOND / BUCKETS)]++;
	}
	for (int i = 0; i < BUCKETS; i++)
		most = MAX(most, in_bucket[i]);
	assert_true(most < 2 * N / BUCKETS);
}

static void an_aligned_hour_is_the_full_hour(void **state)
{
	struct schedule schedule;
	uint64_t skipped;
	int64_t to_full_hour = HOUR - WALL % HOUR;
	int64_t due = schedule_init(&schedule, HOUR, 0, true, 77, at(500, WALL));

	(void)state;
	assert_true(due == 500 + to_full_hour);
	assert_true(schedule.slot_ns % HOUR == 0);
	/* The run took a minute; the wall clock was slewed by a second meanwhile. */
	due = schedule_next(&schedule, due,
		at(due + 60 * SECOND, WALL + to_full_hour + 61 * SECOND), &skipped);
	assert_true(due == 500 + to_full_hour + HOUR - SECOND);
	assert_int_equal(skipped, 0);
}

static void the_jitter_of_an_aligned_collector_is_its_own_and_stable(void **state)
{
	struct schedule a, again, b;

	(void)state;
	schedule_init(&a, HOUR, 60 * SECOND, true, 1234567890123, at(0, WALL));
	schedule_init(
		&again, HOUR, 60 * SECOND, true, 1234567890123, at(0, WALL + 5 * HOUR));
	schedule_init(&b, HOUR, 60 * SECOND, true, 987654321098, at(0, WALL));
	assert_true(a.slot_ns % HOUR == again.slot_ns % HOUR);
	assert_true(a.slot_ns % HOUR < 60 * SECOND);
	assert_true(a.slot_ns % HOUR != b.slot_ns % HOUR);
}

static void a_wall_clock_that_jumps_moves_an_aligned_run(void **state)
{
	struct schedule schedule;
	int64_t to_full_hour = HOUR - WALL % HOUR;
	int64_t slot = WALL + to_full_hour;

	(void)state;
	schedule_init(&schedule, HOUR, 0, true, 0, at(0, WALL));
	/* Forward, but not over the slot. */
	assert_true(schedule_again(&schedule, at(10, slot - 60 * SECOND)) ==
		    10 + 60 * SECOND);
	/* Forward over the slot: at once. */
	assert_true(schedule_again(&schedule, at(20, slot + 5 * SECOND)) == 20);
	/* Back by three hours: an earlier slot comes again. */
	assert_true(schedule_again(&schedule, at(30, slot - 3 * HOUR - 90 * SECOND)) ==
		    30 + 90 * SECOND);
}

static void a_small_step_back_does_not_run_a_slot_twice(void **state)
{
	struct schedule schedule;
	uint64_t skipped;
	int64_t slot, due = schedule_init(&schedule, HOUR, 0, true, 0, at(0, WALL));

	(void)state;
	slot = schedule.slot_ns;
	due = schedule_next(&schedule, due, at(due, slot - 2 * SECOND), &skipped);
	assert_true(schedule.slot_ns == slot + HOUR);
	assert_int_equal(skipped, 0);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(the_grid_stays_whatever_a_run_takes),
	cmocka_unit_test(runs_that_came_due_meanwhile_are_skipped_and_counted),
	cmocka_unit_test(a_long_interval_begins_soon_and_then_keeps_its_phase),
	cmocka_unit_test(ten_thousand_collectors_are_spread_over_the_interval),
	cmocka_unit_test(an_aligned_hour_is_the_full_hour),
	cmocka_unit_test(the_jitter_of_an_aligned_collector_is_its_own_and_stable),
	cmocka_unit_test(a_wall_clock_that_jumps_moves_an_aligned_run),
	cmocka_unit_test(a_small_step_back_does_not_run_a_slot_twice),
};

CASES_MAIN(cases)
