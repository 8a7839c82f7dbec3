/* SPDX-License-Identifier: Apache-2.0 */
/* What the agent tells of itself, and when. */
#include "collect/own_events.h"

#include "base/clock.h"
#include "base/macros.h"
#include "base/timers.h"
#include "journal/tail.h"
#include "model/record.h"

#include "../journal/fixture.h"
#include "cases.h"

#include <stdio.h>
#include <string.h>

struct world {
	struct fixture fixture;
	struct clock clock;
	int64_t now_ns;
	struct timers timers;
	struct own_events *events;
	struct position begin;
};

static int64_t world_monotonic_ns(const struct clock *clock)
{
	return container_of_const(clock, struct world, clock)->now_ns;
}

static int64_t world_wall_ns(const struct clock *clock)
{
	return world_monotonic_ns(clock) + 1763770207 * NS_PER_SECOND;
}

static void world_init(struct world *world)
{
	*world = (struct world){
		.clock = { .monotonic_ns = world_monotonic_ns, .wall_ns = world_wall_ns },
	};
	fixture_init(&world->fixture);
	world->begin = journal_end(world->fixture.journal);
	timers_init(&world->timers, &world->clock);
	world->events = own_events_create(world->fixture.journal, &world->timers, "mx1");
	assert_non_null(world->events);
}

static void world_finish(struct world *world)
{
	own_events_close(world->events);
	fixture_finish(&world->fixture);
	own_events_destroy(world->events);
	timers_finish(&world->timers);
}

/* Turns the loop until so many frames can be read, and no more come. */
static void until_frames(struct world *world, uint64_t n)
{
	struct journal *journal = world->fixture.journal;

	while (journal_end(journal).sequence < world->begin.sequence + n)
		uv_run(&world->fixture.loop, UV_RUN_ONCE);
	uv_run(&world->fixture.loop, UV_RUN_NOWAIT);
	assert_int_equal(journal_end(journal).sequence, world->begin.sequence + n);
}

static void pass(struct world *world, int64_t span_ns)
{
	world->now_ns += span_ns;
	timers_run(&world->timers);
}

/* Writes the events of the journal as "type key phase name=value; ..." */
static void tell_all(struct world *world, char *to, size_t n)
{
	struct position position = world->begin;
	struct journal_extent extent;
	struct tail tail = { .reader.fd = -1 };
	struct frame_view view;
	struct frame frame;
	uint64_t lost;
	FILE *out = fmemopen(to, n, "w");

	assert_true(journal_locate(world->fixture.journal, &position, &extent, &lost));
	assert_int_equal(tail_open(&tail, extent.path), 0);
	while (tail_next(&tail, extent.size, &frame, &view) > 0) {
		struct record_reader reader;
		struct record record;

		record_reader_begin(&reader, &view);
		while (record_reader_next(&reader, &record)) {
			const struct event_view *event = &record.event;

			fprintf(out, "%.*s %.*s %u", (int)event->type.n, event->type.at,
				(int)event->key.n, event->key.at, event->phase);
			for (size_t i = 0; i < event->n_details; i++)
				fprintf(out, " %.*s=%.*s", (int)event->details[i].name.n,
					event->details[i].name.at,
					(int)event->details[i].value.n,
					event->details[i].value.at);
			fprintf(out, "; ");
		}
	}
	fclose(out);
	tail_close(&tail);
}

static void losing(struct world *world, uint64_t samples)
{
	const struct own_detail details[] = { { "lost_samples", samples } };

	own_events_begin(
		world->events, OWN_SINK_LOSING, "archive", details, LENGTH(details));
}

static void caught_up(struct world *world, uint64_t samples)
{
	const struct own_detail details[] = { { "lost_samples", samples } };

	own_events_end(
		world->events, OWN_SINK_LOSING, "archive", details, LENGTH(details));
}

static void an_event_begins_once_and_ends_once(void **state)
{
	char told[512] = "";
	struct world world;

	(void)state;
	world_init(&world);
	caught_up(&world, 0);
	losing(&world, 1);
	losing(&world, 2);
	until_frames(&world, 1);
	losing(&world, 3);
	caught_up(&world, 4);
	caught_up(&world, 5);
	until_frames(&world, 2);
	tell_all(&world, told, sizeof(told));
	assert_string_equal(told, "rookery.sink.losing archive 1 lost_samples=1; "
				  "rookery.sink.losing archive 3 lost_samples=4; ");
	world_finish(&world);
}

static void a_beginning_is_told_at_most_once_a_minute_and_its_end_after_it(void **state)
{
	char told[512] = "";
	struct world world;

	(void)state;
	world_init(&world);
	losing(&world, 1);
	until_frames(&world, 1);
	caught_up(&world, 1);
	until_frames(&world, 2);
	for (uint64_t i = 0; i < 10; i++) {
		losing(&world, 2 + i);
		caught_up(&world, 3 + i);
	}
	until_frames(&world, 2);
	pass(&world, 60 * NS_PER_SECOND);
	until_frames(&world, 4);
	tell_all(&world, told, sizeof(told));
	assert_non_null(strstr(told, "archive 1 lost_samples=2; "
				     "rookery.sink.losing archive 3 lost_samples=12; "));
	world_finish(&world);
}

static void what_the_journal_does_not_take_now_is_told_later(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	/* A consumer that lags blocks the journal. */
	world.fixture.consumer.position = world.begin;
	world.fixture.consumer.blocks = true;
	world.fixture.consumer.max_size = 1;
	losing(&world, 1);
	until_frames(&world, 1);
	journal_add_consumer(world.fixture.journal, &world.fixture.consumer);
	journal_acknowledge(world.fixture.journal, &world.fixture.consumer, &world.begin);
	caught_up(&world, 1);
	until_frames(&world, 1);
	pass(&world, 5 * NS_PER_SECOND);
	until_frames(&world, 1);
	journal_remove_consumer(world.fixture.journal, &world.fixture.consumer);
	pass(&world, 5 * NS_PER_SECOND);
	until_frames(&world, 2);
	world_finish(&world);
}

static void every_key_has_an_event_of_its_own(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	losing(&world, 1);
	own_events_begin(world.events, OWN_SINK_LOSING, "other", NULL, 0);
	own_events_begin(world.events, OWN_JOURNAL_FULL, "journal", NULL, 0);
	until_frames(&world, 3);
	world_finish(&world);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(an_event_begins_once_and_ends_once),
	cmocka_unit_test(a_beginning_is_told_at_most_once_a_minute_and_its_end_after_it),
	cmocka_unit_test(what_the_journal_does_not_take_now_is_told_later),
	cmocka_unit_test(every_key_has_an_event_of_its_own),
};

CASES_MAIN(cases)
