/* SPDX-License-Identifier: Apache-2.0 */
/* The states of one collector, each way through them. */
#include "base/macros.h"

#include "cases.h"
#include "simulation.h"

#include <errno.h>

#define SECOND NS_PER_SECOND
#define MINUTE (60 * SECOND)

struct world {
	struct simulation simulation;
	struct actor actor;
};

static void world_init(struct world *world, int64_t interval_ns)
{
	simulation_init(&world->simulation);
	actor_init(&world->actor, &world->simulation, "a", interval_ns);
}

static void world_finish(struct world *world)
{
	actor_finish(&world->actor);
	simulation_finish(&world->simulation);
}

static void it_runs_once_an_interval_and_starts_once(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, 10 * SECOND);
	world.actor.behaviour.run_ns = 3 * SECOND;
	actor_add(&world.actor);
	simulation_run(&world.simulation, 100 * SECOND);
	assert_int_equal(world.actor.n_began, 10);
	assert_int_equal(world.actor.n_starts, 1);
	assert_int_equal(world.actor.most_runs_open, 1);
	for (size_t i = 1; i < world.actor.n_began; i++)
		assert_true(world.actor.began_ns[i] - world.actor.began_ns[i - 1] ==
			    10 * SECOND);
	world_finish(&world);
	assert_int_equal(world.actor.n_stops, 1);
	assert_int_equal(world.actor.collector.counts.parts, world.actor.n_began);
}

static void no_run_opens_before_the_fate_of_the_one_before_is_known(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, SECOND);
	world.simulation.hold_settling = true;
	actor_add(&world.actor);
	simulation_run(&world.simulation, 5 * SECOND);
	assert_int_equal(world.actor.n_began, 1);
	assert_int_equal(world.actor.collector.state, COLLECTOR_SETTLING);
	simulation_settle(&world.simulation);
	simulation_run(&world.simulation, SECOND);
	assert_int_equal(world.actor.n_began, 2);
	assert_true(world.actor.collector.counts.skipped >= 3);
	world_finish(&world);
}

static void a_lost_part_starts_it_again_with_the_committed_state(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, SECOND);
	world.actor.behaviour.begins_event = true;
	actor_add(&world.actor);
	simulation_run(&world.simulation, 2 * SECOND);
	assert_int_equal(world.actor.state_size_at_start, 0);
	world.simulation.settle_result = -ENOSPC;
	simulation_run(&world.simulation, SECOND);
	assert_true(world.actor.collector.counts.restarts >= 1);
	assert_int_equal(world.actor.n_stops, world.actor.collector.counts.restarts);
	world.simulation.settle_result = 0;
	simulation_run(&world.simulation, MINUTE);
	assert_int_equal(world.actor.n_starts, world.actor.n_stops + 1);
	assert_int_equal(world.actor.state_size_at_start, 1);
	assert_int_equal(world.actor.collector.state, COLLECTOR_IDLE);
	world_finish(&world);
}

static void nothing_behind_a_lost_part_is_kept(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, 60 * MINUTE);
	world.actor.behaviour.n_parts = 3;
	world.simulation.append_result = -ENOMEM;
	actor_add(&world.actor);
	simulation_run(&world.simulation, 60 * MINUTE);
	assert_true(world.actor.n_began >= 2);
	assert_int_equal(world.simulation.n_appends, world.actor.n_began);
	assert_int_equal(world.actor.collector.counts.parts, 0);
	assert_int_equal(world.actor.collector.counts.parts_lost, world.actor.n_began);
	assert_int_equal(world.actor.collector.counts.failed, world.actor.n_began);
	world_finish(&world);
}

static void parts_that_the_journal_does_not_take_are_bounded(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, 60 * MINUTE);
	world.actor.behaviour.n_parts = COLLECTOR_MAX_HELD + 2;
	world.simulation.append_result = -EAGAIN;
	actor_add(&world.actor);
	simulation_run(&world.simulation, 60 * MINUTE);
	assert_true(world.actor.n_began >= 2);
	assert_int_equal(
		world.actor.collector.counts.parts_lost, 2 * world.actor.n_began);
	world_finish(&world);
}

static void a_journal_that_takes_nothing_now_gets_the_part_later(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, SECOND);
	world.simulation.append_result = -EAGAIN;
	actor_add(&world.actor);
	simulation_run(&world.simulation, 10 * SECOND);
	assert_int_equal(world.actor.n_began, 1);
	assert_int_equal(world.actor.collector.n_held, 1);
	world.simulation.append_result = 0;
	simulation_run(&world.simulation, SECOND);
	assert_int_equal(world.actor.collector.counts.parts_lost, 0);
	assert_true(world.actor.collector.counts.parts >= 1);
	assert_int_equal(world.actor.n_starts, 1);
	world_finish(&world);
}

static void a_run_whose_parts_have_to_wait_is_not_late(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, 10 * SECOND);
	world.actor.options.timeout_ns = 2 * SECOND;
	world.actor.behaviour.run_ns = 30 * SECOND;
	world.actor.behaviour.emits_first = true;
	world.simulation.append_result = -EAGAIN;
	actor_add(&world.actor);
	simulation_run(&world.simulation, 20 * SECOND);
	assert_int_equal(world.actor.collector.n_held, 1);
	assert_int_equal(world.actor.n_cancels, 0);
	assert_int_equal(world.actor.collector.counts.timed_out, 0);
	/* From then on it has its timeout. */
	world.simulation.append_result = 0;
	simulation_run(&world.simulation, 5 * SECOND);
	assert_int_equal(world.actor.collector.counts.parts, 1);
	assert_int_equal(world.actor.n_cancels, 1);
	world_finish(&world);
}

static void an_overrun_skips_and_never_runs_twice_at_once(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, 10 * SECOND);
	world.actor.options.timeout_ns = MINUTE;
	world.actor.behaviour.run_ns = 25 * SECOND;
	actor_add(&world.actor);
	simulation_run(&world.simulation, 300 * SECOND);
	assert_int_equal(world.actor.most_runs_open, 1);
	assert_int_equal(world.actor.n_began, 10);
	assert_in_range(world.actor.collector.counts.skipped, 18, 20);
	assert_int_equal(world.actor.collector.counts.timed_out, 0);
	world_finish(&world);
}

static void a_late_run_is_cancelled_and_tried_again(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, 10 * SECOND);
	world.actor.options.timeout_ns = 4 * SECOND;
	world.actor.behaviour.run_ns = -1;
	actor_add(&world.actor);
	simulation_run(&world.simulation, 20 * SECOND);
	assert_true(world.actor.n_cancels >= 1);
	assert_true(world.actor.n_began >= 2 ||
		    world.actor.collector.state == COLLECTOR_BACKING_OFF);
	assert_int_equal(world.actor.collector.counts.timed_out, world.actor.n_cancels);
	assert_int_equal(world.actor.collector.counts.last_result, -ECANCELED);
	world.actor.behaviour.run_ns = SECOND;
	simulation_run(&world.simulation, 2 * MINUTE);
	assert_int_equal(world.actor.collector.counts.last_result, 0);
	world_finish(&world);
}

static void a_run_that_outlives_its_grace_is_parked_for_good(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, 10 * SECOND);
	world.actor.options.timeout_ns = 4 * SECOND;
	world.actor.behaviour.run_ns = -1;
	world.actor.behaviour.obeys_cancel = false;
	actor_add(&world.actor);
	simulation_run(&world.simulation, 10 * SECOND + 4 * SECOND + COLLECTOR_GRACE_NS);
	assert_int_equal(world.actor.collector.state, COLLECTOR_PARKED);
	simulation_run(&world.simulation, 3600 * SECOND);
	assert_int_equal(world.actor.n_began, 1);
	assert_int_equal(world.actor.n_stops, 0);
	world_finish(&world);
}

static void failures_back_off_with_jitter_and_recover(void **state)
{
	struct world world;
	int64_t longest = 0;

	(void)state;
	world_init(&world, SECOND);
	world.actor.behaviour.run_result = -ECONNREFUSED;
	actor_add(&world.actor);
	simulation_run(&world.simulation, 3600 * SECOND);
	/* An hour at one a second would be 3,600 tries. */
	assert_true(world.actor.n_began > 60 && world.actor.n_began < 400);
	for (size_t i = 1; i < world.actor.n_began; i++)
		longest = MAX(
			longest, world.actor.began_ns[i] - world.actor.began_ns[i - 1]);
	assert_true(longest > 30 * SECOND && longest <= MINUTE + 1);
	assert_int_equal(world.actor.n_starts, 1);
	assert_int_equal(world.actor.collector.counts.failed, world.actor.n_began);
	world.actor.behaviour.run_result = 0;
	simulation_run(&world.simulation, 70 * SECOND);
	assert_int_equal(world.actor.collector.state, COLLECTOR_IDLE);
	assert_int_equal(world.actor.collector.n_failures, 0);
	world_finish(&world);
}

static void a_start_that_fails_is_stopped_and_tried_again(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, SECOND);
	world.actor.behaviour.start_result = -ENOENT;
	actor_add(&world.actor);
	simulation_run(&world.simulation, 10 * MINUTE);
	assert_true(world.actor.n_starts > 5);
	assert_int_equal(world.actor.n_starts, world.actor.n_stops);
	assert_int_equal(world.actor.n_began, 0);
	world.actor.behaviour.start_result = 0;
	simulation_run(&world.simulation, 2 * MINUTE);
	assert_true(world.actor.n_began > 10);
	world_finish(&world);
}

static void a_start_that_cannot_ever_work_is_not_tried_again(void **state)
{
	static const int results[] = { -ENOTSUP, -EINVAL };

	(void)state;
	for (size_t i = 0; i < LENGTH(results); i++) {
		struct world world;

		world_init(&world, SECOND);
		world.actor.behaviour.start_result = results[i];
		actor_add(&world.actor);
		simulation_run(&world.simulation, 3600 * SECOND);
		assert_int_equal(world.actor.n_starts, 1);
		assert_int_equal(world.actor.n_stops, 1);
		assert_int_equal(world.actor.collector.state, COLLECTOR_OFF);
		world_finish(&world);
	}
}

static void a_start_or_stop_that_hangs_is_parked(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, SECOND);
	world.actor.behaviour.start_hangs = true;
	actor_add(&world.actor);
	simulation_run(&world.simulation, 10 * SECOND);
	assert_int_equal(world.actor.collector.state, COLLECTOR_PARKED);
	world_finish(&world);

	world_init(&world, SECOND);
	world.actor.behaviour.stop_hangs = true;
	actor_add(&world.actor);
	simulation_run(&world.simulation, 10 * SECOND);
	world_finish(&world); /* rests although stop never returns */
	assert_int_equal(world.actor.collector.state, COLLECTOR_PARKED);
}

static void what_hangs_apart_is_killed_and_tried_again(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, 10 * SECOND);
	world.actor.options.timeout_ns = 4 * SECOND;
	world.actor.behaviour.is_apart = true;
	world.actor.behaviour.run_ns = -1;
	world.actor.behaviour.obeys_cancel = false;
	actor_add(&world.actor);
	while (world.actor.n_closed == 0)
		simulation_run(&world.simulation, SECOND / 10);
	assert_int_equal(world.actor.collector.state, COLLECTOR_BACKING_OFF);
	assert_int_equal(world.actor.collector.counts.last_result, -ETIMEDOUT);
	assert_int_equal(world.actor.n_closed, 1);
	world.actor.behaviour.start_hangs = true;
	simulation_run(&world.simulation, MINUTE);
	assert_true(world.actor.n_starts > 1);
	world.actor.behaviour.start_hangs = false;
	world.actor.behaviour.run_ns = 0;
	simulation_run(&world.simulation, 5 * MINUTE);
	assert_int_equal(world.actor.collector.counts.last_result, 0);
	world.actor.behaviour.stop_hangs = true;
	world_finish(&world);
	assert_int_equal(world.actor.collector.state, COLLECTOR_OFF);
}

static void a_run_that_was_lost_runs_again_at_once_and_once(void **state)
{
	struct world world;
	size_t began;

	(void)state;
	world_init(&world, MINUTE);
	world.actor.behaviour.is_apart = true;
	world.actor.behaviour.run_ns = 10 * SECOND;
	actor_add(&world.actor);
	simulation_run(&world.simulation, 2 * MINUTE + 5 * SECOND);
	while (world.actor.n_runs_open == 0)
		simulation_run(&world.simulation, SECOND);
	began = world.actor.n_began;
	actor_lose(&world.actor);
	simulation_run(&world.simulation, 1);
	assert_int_equal(world.actor.n_began, began + 1);
	assert_int_equal(world.actor.n_opened, 2);
	/* Once: where that is lost, too, it waits like any other failure. */
	actor_lose(&world.actor);
	assert_int_equal(world.actor.collector.state, COLLECTOR_BACKING_OFF);
	assert_int_equal(world.actor.collector.n_failures, 1);
	simulation_run(&world.simulation, 5 * MINUTE);
	assert_int_equal(world.actor.collector.counts.last_result, 0);
	assert_int_equal(world.actor.collector.n_reruns, 0);
	world_finish(&world);
}

static void parts_of_a_lost_run_are_settled_before_the_next_one(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, MINUTE);
	world.actor.behaviour.is_apart = true;
	world.actor.behaviour.run_ns = 10 * SECOND;
	world.actor.behaviour.emits_first = true;
	world.actor.behaviour.n_parts = 2;
	world.simulation.hold_settling = true;
	actor_add(&world.actor);
	while (world.actor.collector.n_unsettled < 2)
		simulation_run(&world.simulation, SECOND);
	actor_lose(&world.actor);
	assert_int_equal(world.actor.collector.state, COLLECTOR_SETTLING);
	simulation_run(&world.simulation, MINUTE);
	assert_int_equal(world.actor.n_began, 1);
	simulation_settle(&world.simulation);
	simulation_run(&world.simulation, SECOND);
	assert_int_equal(world.actor.n_began, 2);
	assert_int_equal(world.actor.collector.counts.parts, 2);
	world_finish(&world);
}

static void a_loss_is_survived_in_every_state(void **state)
{
	(void)state;
	for (int64_t when = 0; when < 300; when++) {
		struct world world;

		world_init(&world, 2 * SECOND);
		world.actor.options.timeout_ns = SECOND;
		world.actor.behaviour.is_apart = true;
		world.actor.behaviour.run_ns = when % 2 ? -1 : SECOND / 2;
		world.actor.behaviour.run_result = when % 3 ? 0 : -EIO;
		world.actor.behaviour.obeys_cancel = when % 5 != 0;
		world.actor.behaviour.start_result = when % 7 ? 0 : -EIO;
		world.actor.behaviour.start_hangs = when % 13 == 0;
		world.simulation.hold_settling = when % 11 == 0;
		actor_add(&world.actor);
		simulation_run(&world.simulation, when * SECOND / 10);
		actor_lose(&world.actor);
		simulation_settle(&world.simulation);
		world.actor.behaviour = (struct behaviour){ .is_apart = true };
		world.simulation.hold_settling = false;
		simulation_run(&world.simulation, 5 * MINUTE);
		assert_int_equal(world.actor.collector.counts.last_result, 0);
		assert_int_equal(world.actor.most_runs_open, 1);
		world_finish(&world);
	}
}

static void stop_is_obeyed_in_every_state(void **state)
{
	(void)state;
	/* Stop at each tenth of a second of a life that sees all states. */
	for (int64_t when = 0; when < 300; when++) {
		struct world world;

		world_init(&world, 2 * SECOND);
		world.actor.options.timeout_ns = SECOND;
		world.actor.behaviour.run_ns = when % 2 ? -1 : SECOND / 2;
		world.actor.behaviour.run_result = when % 3 ? 0 : -EIO;
		world.actor.behaviour.obeys_cancel = when % 5 != 0;
		world.actor.behaviour.start_result = when % 7 ? 0 : -EIO;
		world.simulation.hold_settling = when % 11 == 0;
		actor_add(&world.actor);
		simulation_run(&world.simulation, when * SECOND / 10);
		world_finish(&world);
		assert_true(world.actor.n_stops <= world.actor.n_starts);
	}
}

static void once_runs_once_and_rests(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, 3600 * SECOND);
	world.actor.options.once = true;
	world.actor.behaviour.run_ns = SECOND;
	actor_add(&world.actor);
	simulation_run(&world.simulation, 2 * SECOND);
	assert_int_equal(world.actor.n_rests, 1);
	simulation_run(&world.simulation, 2 * 3600 * SECOND);
	assert_int_equal(world.actor.n_began, 1);
	world_finish(&world);

	world_init(&world, 3600 * SECOND);
	world.actor.options.once = true;
	world.actor.behaviour.run_result = -EIO;
	actor_add(&world.actor);
	simulation_run(&world.simulation, 2 * SECOND);
	assert_int_equal(world.actor.n_rests, 1);
	assert_int_equal(world.actor.collector.counts.last_result, -EIO);
	world_finish(&world);
}

static void a_stream_has_no_deadline_and_is_opened_again(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, 10 * SECOND);
	world.actor.options.stream = true;
	world.actor.behaviour.run_ns = -1;
	actor_add(&world.actor);
	simulation_run(&world.simulation, 24 * 3600 * SECOND);
	assert_int_equal(world.actor.n_began, 1);
	assert_int_equal(world.actor.n_cancels, 0);
	world_finish(&world);
	assert_int_equal(world.actor.n_cancels, 1);

	world_init(&world, 10 * SECOND);
	world.actor.options.stream = true;
	world.actor.behaviour.run_ns = 5 * SECOND;
	world.actor.behaviour.run_result = -ECONNRESET;
	actor_add(&world.actor);
	simulation_run(&world.simulation, 600 * SECOND);
	assert_true(world.actor.n_began > 5);
	world_finish(&world);
}

static void once_ends_a_stream_after_its_timeout(void **state)
{
	struct world world;

	(void)state;
	world_init(&world, 10 * SECOND);
	world.actor.options.stream = true;
	world.actor.options.once = true;
	world.actor.behaviour.run_ns = -1;
	actor_add(&world.actor);
	simulation_run(&world.simulation, MINUTE);
	assert_int_equal(world.actor.n_cancels, 1);
	assert_int_equal(world.actor.n_rests, 1);
	assert_int_equal(world.actor.collector.counts.failed, 0);
	world_finish(&world);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(it_runs_once_an_interval_and_starts_once),
	cmocka_unit_test(no_run_opens_before_the_fate_of_the_one_before_is_known),
	cmocka_unit_test(a_lost_part_starts_it_again_with_the_committed_state),
	cmocka_unit_test(nothing_behind_a_lost_part_is_kept),
	cmocka_unit_test(parts_that_the_journal_does_not_take_are_bounded),
	cmocka_unit_test(a_journal_that_takes_nothing_now_gets_the_part_later),
	cmocka_unit_test(a_run_whose_parts_have_to_wait_is_not_late),
	cmocka_unit_test(an_overrun_skips_and_never_runs_twice_at_once),
	cmocka_unit_test(a_late_run_is_cancelled_and_tried_again),
	cmocka_unit_test(a_run_that_outlives_its_grace_is_parked_for_good),
	cmocka_unit_test(failures_back_off_with_jitter_and_recover),
	cmocka_unit_test(a_start_that_fails_is_stopped_and_tried_again),
	cmocka_unit_test(a_start_that_cannot_ever_work_is_not_tried_again),
	cmocka_unit_test(a_start_or_stop_that_hangs_is_parked),
	cmocka_unit_test(what_hangs_apart_is_killed_and_tried_again),
	cmocka_unit_test(a_run_that_was_lost_runs_again_at_once_and_once),
	cmocka_unit_test(parts_of_a_lost_run_are_settled_before_the_next_one),
	cmocka_unit_test(a_loss_is_survived_in_every_state),
	cmocka_unit_test(stop_is_obeyed_in_every_state),
	cmocka_unit_test(once_runs_once_and_rests),
	cmocka_unit_test(a_stream_has_no_deadline_and_is_opened_again),
	cmocka_unit_test(once_ends_a_stream_after_its_timeout),
};

CASES_MAIN(cases)
