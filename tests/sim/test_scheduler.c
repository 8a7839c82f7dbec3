/* SPDX-License-Identifier: Apache-2.0 */
/* Many collectors, and a wall clock that jumps. */
#include "base/macros.h"

#include "cases.h"
#include "simulation.h"

#include <stdio.h>
#include <stdlib.h>

#define SECOND NS_PER_SECOND
#define HOUR   (3600 * SECOND)

static void an_aligned_collector_follows_the_wall_clock(void **state)
{
	struct simulation simulation;
	struct actor actor;
	int64_t to_full_hour = HOUR - SIM_WALL_BEGIN_NS % HOUR;

	(void)state;
	simulation_init(&simulation);
	actor_init(&actor, &simulation, "aligned", HOUR);
	actor.options.align = true;
	actor_add(&actor);
	simulation_run(&simulation, to_full_hour + SECOND);
	assert_int_equal(actor.n_began, 1);
	assert_true(actor.began_wall_ns[0] % HOUR == 0);

	/* Twenty minutes forward: the next full hour comes sooner. */
	simulation_jump(&simulation, HOUR / 3);
	simulation_run(&simulation, 2 * HOUR / 3 + SECOND);
	assert_int_equal(actor.n_began, 2);
	assert_true(actor.began_wall_ns[1] % HOUR < 10 * SECOND);

	/* Over the next slot: it is run at once, not left out. */
	simulation_jump(&simulation, HOUR + HOUR / 2);
	simulation_run(&simulation, 11 * SECOND);
	assert_int_equal(actor.n_began, 3);

	/* Back by half an hour: nothing until the full hour comes again. */
	simulation_jump(&simulation, -HOUR / 2);
	simulation_run(&simulation, HOUR / 2);
	assert_int_equal(actor.n_began, 3);
	simulation_run(&simulation, HOUR);
	assert_int_equal(actor.n_began, 4);
	assert_true(actor.began_wall_ns[3] % HOUR < 10 * SECOND);
	actor_finish(&actor);
	simulation_finish(&simulation);
}

static void jumps_do_not_move_what_is_not_aligned(void **state)
{
	struct simulation simulation;
	struct actor actor, aligned;

	(void)state;
	simulation_init(&simulation);
	actor_init(&actor, &simulation, "plain", 10 * SECOND);
	actor_init(&aligned, &simulation, "aligned", HOUR);
	aligned.options.align = true;
	actor_add(&actor);
	actor_add(&aligned);
	for (int i = 0; i < 20; i++) {
		simulation_run(&simulation, 50 * SECOND);
		simulation_jump(&simulation, i % 2 ? -7 * HOUR : 5 * HOUR);
	}
	assert_int_equal(actor.n_began, 100);
	for (size_t i = 1; i < actor.n_began; i++)
		assert_true(actor.began_ns[i] - actor.began_ns[i - 1] == 10 * SECOND);
	actor_finish(&actor);
	actor_finish(&aligned);
	simulation_finish(&simulation);
}

/* Ten thousand collectors every ten seconds: in no tenth of a second do more than
 * twice the even share begin, and all of them run. */
static void ten_thousand_collectors_do_not_fire_together(void **state)
{
	enum { N = 10000, SLICES = 100 };
	struct simulation simulation;
	struct actor *actors = calloc(N, sizeof(*actors));
	char(*names)[16] = calloc(N, sizeof(*names));
	int in_slice[SLICES] = { 0 };

	(void)state;
	simulation_init(&simulation);
	for (int i = 0; i < N; i++) {
		snprintf(names[i], sizeof(names[i]), "c%d", i);
		actor_init(&actors[i], &simulation, names[i], 10 * SECOND);
		actors[i].behaviour.n_parts = 0;
		actor_add(&actors[i]);
	}
	simulation_run(&simulation, 10 * SECOND);
	for (int i = 0; i < N; i++) {
		int64_t began = actors[i].began_ns[0] - 1000 * SECOND;

		assert_int_equal(actors[i].n_began, 1);
		in_slice[began / (10 * SECOND / SLICES)]++;
	}
	for (int i = 0; i < SLICES; i++)
		assert_in_range(in_slice[i], 1, 2 * N / SLICES);
	simulation_run(&simulation, 90 * SECOND);
	for (int i = 0; i < N; i++)
		assert_int_equal(actors[i].n_began, 10);
	scheduler_stop(&simulation.scheduler);
	simulation_run(&simulation, SECOND);
	for (int i = 0; i < N; i++) {
		assert_int_equal(actors[i].n_rests, 1);
		scheduler_remove(&simulation.scheduler, &actors[i].collector);
		collector_finish(&actors[i].collector);
	}
	simulation_finish(&simulation);
	free(actors);
	free(names);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(an_aligned_collector_follows_the_wall_clock),
	cmocka_unit_test(jumps_do_not_move_what_is_not_aligned),
	cmocka_unit_test(ten_thousand_collectors_do_not_fire_together),
};

CASES_MAIN(cases)
