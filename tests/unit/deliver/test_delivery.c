/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A delivery between a real journal and a transport that does what the test says:
 * what is sent when, what is sent again, and what a restart makes of it.
 */
#include "deliver/delivery.h"
#include "deliver/feed.h"
#include "deliver/replay.h"
#include "encode/store_answer.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/macros.h"
#include "base/random.h"
#include "base/units.h"

#include "cases.h"
#include "folder.h"
#include "loop.h"
#include "parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { MAX_SENDS = 64 };

struct fake_sink;

/* What the transport was told and what it does; the test's. */
struct plan {
	int fail_sends, fail_prepares, fail_recovers; /* how many of the next */
	int refuse_sends;                             /* ... for good */
	int part_sends;                               /* ... but for a record each */
	uint32_t n_outdated;                          /* ... of each that is taken */
	bool hold;                                    /* a send waits to be cancelled */
	struct fake_sink *held;                       /* ... or answered */
	struct buffer sent[MAX_SENDS];                /* as text, failed ones too */
	int results[MAX_SENDS];
	size_t n_sent, n_prepared, n_recovered, n_cancelled;
	uint32_t notes; /* counts up with every note */
	uint32_t recovered_note;
	bool recovered_has_batch;
	size_t wanted; /* sends until reached is set */
	bool reached;
};

static struct plan *the_plan; /* one case runs at a time */

struct world {
	struct clock clock;
	int64_t now_ns;
	struct timers timers;
	struct random random;
	uv_loop_t loop;
	char *folder;
	struct journal *journal;
	struct journal_source *source;
	struct journal_settings journal_settings;
	struct sink_settings settings;
	struct delivery *delivery;
	struct plan plan;
	int64_t next_value;
	bool settled, idle, closed;
	bool sends_bodies;
	size_t n_begun, n_ended; /* of losing */
};

/* ---- the transport ----------------------------------------------------- */

struct fake_sink {
	struct sink sink;
	struct plan *plan;
	uv_timer_t turn; /* answers on a later turn */
	int result;
	bool closing;
};

static struct fake_sink *fake_of(struct sink *sink)
{
	return container_of(sink, struct fake_sink, sink);
}

static int fake_recover(struct sink *sink, const struct sink_note *note, bool has_batch)
{
	struct plan *plan = fake_of(sink)->plan;

	plan->n_recovered++;
	plan->recovered_has_batch = has_batch;
	plan->recovered_note = 0;
	if (note->size == sizeof(plan->recovered_note))
		memcpy(&plan->recovered_note, note->bytes, note->size);
	return plan->fail_recovers-- > 0 ? -EIO : 0;
}

static void fake_note(struct sink *sink, struct sink_note *note)
{
	struct plan *plan = fake_of(sink)->plan;

	plan->notes++;
	note->size = sizeof(plan->notes);
	memcpy(note->bytes, &plan->notes, note->size);
}

static int fake_prepare(
	struct sink *sink, const struct batch *batch, struct sink_note *note)
{
	struct plan *plan = fake_of(sink)->plan;

	assert_true(batch->n_records > 0);
	plan->n_prepared++;
	fake_note(sink, note);
	return plan->fail_prepares-- > 0 ? -ENOSPC : 0;
}

static void refuse(struct sink *sink)
{
	const struct sink_answer answer = { .verdict = SINK_REFUSED, .why = "odd" };

	sink->listener->on_sent(sink->listener, &answer);
}

/* The second record of a batch will never be taken. */
static void take_a_part(struct sink *sink, struct plan *plan)
{
	static char why[] = "mapping: \x01odd";
	static const struct refused_record second = { 1, 400, why };
	const struct sink_answer answer = { .verdict = SINK_TAKEN,
		.status = 200,
		.why = "HTTP 200",
		.n_outdated = plan->n_outdated,
		.refused = &second,
		.n_refused = plan->part_sends-- > 0 };

	sink->listener->on_sent(sink->listener, &answer);
}

static void fake_answer(uv_timer_t *turn)
{
	struct fake_sink *fake = container_of(turn, struct fake_sink, turn);
	struct plan *plan = fake->plan;

	plan->results[plan->n_sent - 1] = fake->result;
	plan->reached = plan->n_sent >= plan->wanted;
	if (plan->refuse_sends-- > 0)
		refuse(&fake->sink);
	else if (plan->part_sends > 0 || plan->n_outdated > 0)
		take_a_part(&fake->sink, plan);
	else
		sink_tell_sent(&fake->sink, fake->result);
}

static void fake_send(struct sink *sink, const struct batch *batch)
{
	struct fake_sink *fake = fake_of(sink);
	struct plan *plan = fake->plan;

	assert_true(plan->n_sent < MAX_SENDS);
	buffer_append(&plan->sent[plan->n_sent++], batch->bytes.data, batch->bytes.size);
	fake->result = plan->fail_sends-- > 0 ? -ECONNRESET : 0;
	plan->held = fake;
	if (plan->hold)
		plan->reached = true;
	else
		uv_timer_start(&fake->turn, fake_answer, 0, 0);
}

/* Answers a send that was held. */
static void answer(struct world *world)
{
	struct fake_sink *fake = world->plan.held;

	uv_timer_start(&fake->turn, fake_answer, 0, 0);
}

static void fake_cancel(struct sink *sink)
{
	struct fake_sink *fake = fake_of(sink);

	fake->plan->n_cancelled++;
	fake->result = -ECANCELED;
	uv_timer_start(&fake->turn, fake_answer, 0, 0);
}

static void fake_on_closed(uv_handle_t *handle)
{
	struct fake_sink *fake = container_of(handle, struct fake_sink, turn);
	struct sink_listener *listener = fake->sink.listener;

	free(fake);
	listener->on_closed(listener);
}

static void fake_close(struct sink *sink)
{
	uv_close((uv_handle_t *)&fake_of(sink)->turn, fake_on_closed);
}

static const struct sink_ops fake_ops = {
	.recover = fake_recover,
	.prepare = fake_prepare,
	.send = fake_send,
	.note = fake_note,
	.cancel = fake_cancel,
	.close = fake_close,
};

static int fake_create(
	const struct sink_options *options, struct sink **ret_sink, struct buffer *why)
{
	struct fake_sink *fake = calloc(1, sizeof(*fake));

	(void)why;
	assert_non_null(fake);
	fake->sink = (struct sink){ &fake_ops, options->listener };
	fake->plan = the_plan;
	uv_timer_init(options->loop, &fake->turn);
	*ret_sink = &fake->sink;
	return 0;
}

static const struct transport fake_transport = { .name = "fake", .create = fake_create };
static const struct transport fake_messages = {
	.name = "fake",
	.sends_bodies = true,
	.create = fake_create,
};

/* ---- the world --------------------------------------------------------- */

static int64_t world_monotonic_ns(const struct clock *clock)
{
	return container_of_const(clock, struct world, clock)->now_ns;
}

static void set_flag(void *context)
{
	*(bool *)context = true;
}

static void on_idle(void *context, struct delivery *delivery)
{
	(void)delivery;
	set_flag(&((struct world *)context)->idle);
}

static void on_losing(void *context, struct delivery *delivery, bool losing)
{
	struct world *world = context;

	(void)delivery;
	world->n_begun += losing;
	world->n_ended += !losing;
}

static void on_delivery_closed(void *context, struct delivery *delivery)
{
	(void)delivery;
	set_flag(&((struct world *)context)->closed);
}

static void on_committed(void *context, int result, const struct part *part,
	const struct position *position)
{
	(void)part;
	(void)position;
	assert_int_equal(result, 0);
	set_flag(&((struct world *)context)->settled);
}

static void world_open_delivery(struct world *world)
{
	struct delivery_options options = {
		.loop = &world->loop,
		.timers = &world->timers,
		.random = &world->random,
		.journal = world->journal,
		.journal_folder = world->folder,
		.cursor_folder = world->folder,
		.dead_letter_folder = world->folder,
		.settings = &world->settings,
		.transport = world->sends_bodies ? &fake_messages : &fake_transport,
		.on_idle = on_idle,
		.on_losing = on_losing,
		.context = world,
	};
	struct buffer why = { 0 };

	assert_int_equal(delivery_open(&options, &world->delivery, &why), 0);
	buffer_finish(&why);
}

static void world_open(struct world *world)
{
	struct journal_options journal = {
		.folder = world->folder,
		.settings = &world->journal_settings,
		.clock = &clock_system,
	};
	struct source_view source = parts_source();
	struct buffer why = { 0 };

	assert_int_equal(uv_loop_init(&world->loop), 0);
	assert_int_equal(journal_open(&world->loop, &journal, &world->journal, &why), 0);
	world->source = journal_source_create(world->journal, &source);
	assert_non_null(world->source);
	world_open_delivery(world);
	buffer_finish(&why);
}

static void world_close_delivery(struct world *world)
{
	world->closed = false;
	delivery_close(world->delivery, on_delivery_closed, world);
	/* A closing delivery that rests is woken by its timer. */
	timers_run(&world->timers);
	loop_run_until(&world->loop, &world->closed);
}

static void world_close(struct world *world)
{
	world_close_delivery(world);
	journal_source_destroy(world->journal, world->source);
	world->closed = false;
	journal_close(world->journal, set_flag, &world->closed);
	loop_run_until(&world->loop, &world->closed);
	loop_finish(&world->loop);
}

static void world_init(struct world *world)
{
	*world = (struct world){
		.clock = { world_monotonic_ns, world_monotonic_ns },
		.folder = folder_make(),
		.journal_settings = {
			.max_size.bytes = 1u << 30,
			.segment_size.bytes = 64u << 10,
			.max_age.ns = 3600 * NS_PER_SECOND,
			.sync = JOURNAL_SYNC_COMMIT,
		},
		.settings = {
			.id = "fake",
			.type = "fake",
			.format = "ndjson",
			.enabled = true,
			.from.index = SINK_FROM_OLDEST,
			.batch = { { 1u << 20 }, 1000, { 60 * NS_PER_SECOND } },
			.retry = { { NS_PER_SECOND }, { 8 * NS_PER_SECOND } },
		},
	};
	the_plan = &world->plan;
	random_seed(&world->random, 1);
	timers_init(&world->timers, &world->clock);
	world_open(world);
}

static void world_finish(struct world *world)
{
	world_close(world);
	for (size_t i = 0; i < MAX_SENDS; i++)
		buffer_finish(&world->plan.sent[i]);
	timers_finish(&world->timers);
	folder_remove(world->folder);
}

static void append_part(struct world *world, struct part *part)
{
	world->settled = false;
	assert_int_equal(
		journal_append(world->journal, world->source, part, on_committed, world),
		0);
	loop_run_until(&world->loop, &world->settled);
}

/* n samples, whose values go on from those before. */
static void append(struct world *world, uint32_t n)
{
	struct part *part = parts_make(0, n, world->next_value, true);

	world->next_value += n;
	append_part(world, part);
}

/* A part of n samples and an event behind them. */
static void append_with_event(struct world *world, uint32_t n)
{
	static const struct event_view event = {
		.type = { "test.event", 10 },
		.insight = { "It happened.", 12 },
		.time_ns = 1,
	};
	struct part *part = parts_make(0, n, world->next_value, true);

	world->next_value += n;
	part_add_event(part, &event);
	world->settled = false;
	assert_int_equal(
		journal_append(world->journal, world->source, part, on_committed, world),
		0);
	loop_run_until(&world->loop, &world->settled);
}

/* Runs until so many sends were answered in all; a held one counts when it began. */
static void until_sent(struct world *world, size_t n)
{
	world->plan.wanted = n;
	world->plan.reached = world->plan.n_sent >= n;
	loop_run_until(&world->loop, &world->plan.reached);
}

/* A job may have been under way when time passed: what rests since then is due. */
static void flush(struct world *world)
{
	world->idle = false;
	delivery_flush(world->delivery);
	while (!world->idle) {
		timers_run(&world->timers);
		if (!world->idle)
			uv_run(&world->loop, UV_RUN_ONCE);
	}
}

/* Lets the time pass after which a rest has ended. */
static void pass(struct world *world, int64_t span_ns)
{
	world->now_ns += span_ns;
	timers_run(&world->timers);
}

/* Runs the loop until the delivery rests or waits: its timer is set. */
static void until_timer(struct world *world)
{
	while (timers_next_ns(&world->timers) == INT64_MAX)
		uv_run(&world->loop, UV_RUN_ONCE);
}

static struct delivery_status status_of(struct world *world)
{
	struct delivery_status status;

	delivery_status(world->delivery, &status);
	return status;
}

/* All that was sent and answered with success holds the values from 0 on, each once. */
static void assert_sent_once(struct world *world, int64_t n)
{
	int64_t value = 0;

	for (size_t i = 0; i < world->plan.n_sent; i++) {
		const char *at = buffer_text(&world->plan.sent[i]);

		if (world->plan.results[i] < 0)
			continue;
		for (; (at = strstr(at, "\"value\":")); at++)
			assert_int_equal(
				strtoll(at + strlen("\"value\":"), NULL, 10), value++);
	}
	assert_int_equal(value, n);
}

static void assert_same(struct world *world, size_t a, size_t b)
{
	const struct buffer *first = &world->plan.sent[a], *second = &world->plan.sent[b];

	assert_int_equal(first->size, second->size);
	assert_memory_equal(first->data, second->data, first->size);
}

/* ---- cases ------------------------------------------------------------- */

static void all_arrives_in_order_in_batches_of_the_most_records(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.settings.batch.max_count = 1000;
	for (int i = 0; i < 5; i++)
		append(&world, 700);
	flush(&world);
	assert_sent_once(&world, 3500);
	assert_true(world.plan.n_sent >= 4);
	assert_int_equal(status_of(&world).records, 3500);
	assert_int_equal(status_of(&world).batches, world.plan.n_sent);
	assert_int_equal(status_of(&world).backlog_bytes, 0);
	assert_true(delivery_is_done(world.delivery));
	world_finish(&world);
}

static void a_batch_waits_for_its_age_and_not_longer(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	append(&world, 10);
	until_timer(&world);
	pass(&world, 60 * NS_PER_SECOND - 1);
	assert_int_equal(world.plan.n_prepared, 0);
	append(&world, 10);
	pass(&world, 1);
	until_sent(&world, 1);
	assert_sent_once(&world, 20);
	world_finish(&world);
}

static void what_failed_is_sent_again_as_it_was_after_a_rest(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.plan.fail_sends = 3;
	append(&world, 10);
	delivery_flush(world.delivery);
	for (size_t i = 1; i <= 3; i++) {
		until_sent(&world, i);
		until_timer(&world);
		/* More comes meanwhile; the batch stays as it is. */
		append(&world, 10);
		assert_int_equal(world.plan.n_sent, i);
		assert_true(timers_next_ns(&world.timers) - world.now_ns <=
			    (NS_PER_SECOND << (i - 1)));
		assert_true(status_of(&world).failing);
		pass(&world, 8 * NS_PER_SECOND);
	}
	until_sent(&world, 4);
	assert_same(&world, 0, 1);
	assert_same(&world, 0, 3);
	flush(&world);
	assert_sent_once(&world, 40);
	assert_int_equal(status_of(&world).failures, 3);
	assert_false(status_of(&world).failing);
	world_finish(&world);
}

static void a_batch_that_could_not_be_prepared_is_not_sent(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.plan.fail_prepares = 2;
	append(&world, 10);
	delivery_flush(world.delivery);
	for (size_t i = 1; i <= 2; i++) {
		until_timer(&world);
		assert_int_equal(world.plan.n_prepared, i);
		assert_int_equal(world.plan.n_sent, 0);
		pass(&world, 8 * NS_PER_SECOND);
	}
	flush(&world);
	assert_sent_once(&world, 10);
	world_finish(&world);
}

static void a_restart_goes_on_behind_what_was_acknowledged(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	append(&world, 10);
	flush(&world);
	world_close(&world);
	world_open(&world);
	append(&world, 10);
	flush(&world);
	assert_sent_once(&world, 20);
	assert_int_equal(world.plan.n_recovered, 2);
	assert_false(world.plan.recovered_has_batch);
	assert_true(world.plan.recovered_note > 0);
	world_finish(&world);
}

static void a_batch_under_way_is_made_again_as_it_was_after_a_restart(void **state)
{
	struct world world;
	uint32_t note;

	(void)state;
	world_init(&world);
	world.plan.hold = true;
	append(&world, 10);
	delivery_flush(world.delivery);
	until_sent(&world, 1);
	note = world.plan.notes;
	append(&world, 10);
	world_close(&world);
	assert_int_equal(world.plan.n_cancelled, 1);
	world.plan.hold = false;

	world_open(&world);
	flush(&world);
	assert_true(world.plan.recovered_has_batch);
	assert_int_equal(world.plan.recovered_note, note);
	assert_same(&world, 0, 1);
	assert_sent_once(&world, 20);
	assert_int_equal(status_of(&world).redone, 1);
	world_finish(&world);
}

static void nothing_is_sent_until_the_transport_knows_how_it_ended(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	append(&world, 10);
	flush(&world);
	world_close(&world);
	world.plan.fail_recovers = 2;
	world_open(&world);
	append(&world, 10);
	delivery_flush(world.delivery);
	for (size_t i = 0; i < 2; i++) {
		until_timer(&world);
		assert_int_equal(world.plan.n_sent, 1);
		pass(&world, 8 * NS_PER_SECOND);
	}
	flush(&world);
	assert_sent_once(&world, 20);
	world_finish(&world);
}

static void a_damaged_cursor_delivers_all_again(void **state)
{
	struct world world;
	char path[512];

	(void)state;
	world_init(&world);
	append(&world, 10);
	flush(&world);
	world_close(&world);
	snprintf(path, sizeof(path), "%s/fake.cursor", world.folder);
	assert_int_equal(truncate(path, 100), 0);
	world_open(&world);
	flush(&world);
	assert_int_equal(world.plan.n_sent, 2);
	assert_same(&world, 0, 1);
	world_finish(&world);
}

static void another_format_begins_the_batch_anew(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.plan.hold = true;
	append(&world, 10);
	delivery_flush(world.delivery);
	until_sent(&world, 1);
	world_close(&world);
	world.plan.hold = false;
	world.settings.format = "csv";
	world_open(&world);
	flush(&world);
	assert_int_equal(world.plan.n_sent, 2);
	assert_int_equal(status_of(&world).redone, 0);
	assert_int_equal(status_of(&world).records, 10);
	world_finish(&world);
}

/* A sink of messages in this format. */
static void world_init_messages(struct world *world, const char *format)
{
	world_init(world);
	world_close(world);
	world->settings.format = format;
	world->sends_bodies = true;
	world_open(world);
}

static void what_a_format_has_no_place_for_is_passed_over(void **state)
{
	struct world world;

	(void)state;
	world_init_messages(&world, "prometheus_remote_write");
	append_with_event(&world, 10);
	append_with_event(&world, 0);
	append_with_event(&world, 10);
	flush(&world);
	assert_int_equal(world.plan.n_sent, 1);
	assert_int_equal(status_of(&world).records, 20);
	append_with_event(&world, 0);
	flush(&world);
	assert_int_equal(world.plan.n_sent, 1);
	assert_true(delivery_is_done(world.delivery));
	assert_int_equal(status_of(&world).unknown_records, 0);
	world_finish(&world);
}

static void a_batch_with_what_is_passed_over_is_made_again_as_it_was(void **state)
{
	struct world world;

	(void)state;
	world_init_messages(&world, "prometheus_remote_write");
	world.settings.batch.max_count = 15;
	world.plan.hold = true;
	append_with_event(&world, 10);
	append_with_event(&world, 10);
	delivery_flush(world.delivery);
	until_sent(&world, 1);
	world_close(&world);
	world.plan.hold = false;
	world_open(&world);
	flush(&world);
	assert_same(&world, 0, 1);
	assert_int_equal(status_of(&world).records, 20);
	assert_int_equal(status_of(&world).redone, 1);
	world_finish(&world);
}

static void a_batch_has_samples_or_events_where_a_format_separates_them(void **state)
{
	static const char *const holds[] = { "resourceMetrics", "resourceLogs",
		"resourceMetrics", "resourceLogs" };
	struct world world;

	(void)state;
	world_init_messages(&world, "otlp_json");
	append_with_event(&world, 10);
	append_with_event(&world, 0);
	append_with_event(&world, 10);
	flush(&world);
	assert_int_equal(world.plan.n_sent, RK_LEN(holds));
	for (size_t i = 0; i < RK_LEN(holds); i++)
		assert_non_null(strstr(buffer_text(&world.plan.sent[i]), holds[i]));
	assert_int_equal(status_of(&world).records, 23);
	world_finish(&world);
}

static void closing_ends_a_rest(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.plan.fail_sends = 1;
	append(&world, 10);
	delivery_flush(world.delivery);
	until_sent(&world, 1);
	until_timer(&world);
	world_close(&world);
	assert_int_equal(world.plan.n_cancelled, 0);
	world_open(&world);
	flush(&world);
	assert_same(&world, 0, 1);
	assert_sent_once(&world, 10);
	world_finish(&world);
}

/* ---- bounds ------------------------------------------------------------ */

/* What arrived holds each value at most once, in order. Returns how many. */
static uint64_t count_sent(struct world *world)
{
	int64_t last = -1;
	uint64_t n = 0;

	for (size_t i = 0; i < world->plan.n_sent; i++) {
		const char *at = buffer_text(&world->plan.sent[i]);

		if (world->plan.results[i] < 0)
			continue;
		for (; (at = strstr(at, "\"value\":")); at++, n++) {
			int64_t value = strtoll(at + strlen("\"value\":"), NULL, 10);

			assert_true(value > last);
			last = value;
		}
	}
	return n;
}

/* A sink that is down, with bounds of two segments. */
static void world_init_bounded(struct world *world)
{
	world_init(world);
	world_close(world);
	world->settings.max_size.bytes = 128u << 10;
	world->settings.batch.max_count = 20000;
	world->plan.fail_sends = 1;
	world_open(world);
	append(world, 10);
	delivery_flush(world->delivery);
	until_sent(world, 1);
	until_timer(world);
}

/* Appends so much that segments have to be given up. */
static void append_too_much(struct world *world)
{
	for (int i = 0; i < 200; i++)
		append(world, 300);
}

static void beyond_its_bound_a_sink_goes_on_further_ahead_and_counts_it(void **state)
{
	struct delivery_status status;
	struct world world;

	(void)state;
	world_init_bounded(&world);
	append_too_much(&world);
	until_timer(&world);
	status = status_of(&world);
	assert_true(status.losing);
	assert_true(status.backlog_bytes <= 192u << 10);
	assert_int_equal(world.n_begun, 1);
	/* The batch that was under way went with its segment. */
	assert_int_equal(status.given_up, 1);
	pass(&world, 8 * NS_PER_SECOND);
	flush(&world);
	status = status_of(&world);
	assert_int_equal(count_sent(&world) + status.lost_samples, world.next_value);
	assert_true(status.lost_frames > 10);
	assert_false(status.losing);
	assert_int_equal(world.n_begun, 1);
	assert_int_equal(world.n_ended, 1);
	world_finish(&world);
}

static void what_was_lost_is_kept_in_the_cursor_and_not_read_after_a_restart(void **state)
{
	struct cursor_record record;
	struct cursor cursor;
	struct world world;
	uint64_t lost;
	char path[512];

	(void)state;
	world_init_bounded(&world);
	append_too_much(&world);
	until_timer(&world);
	lost = status_of(&world).lost_samples;
	world_close(&world);
	snprintf(path, sizeof(path), "%s/fake.cursor", world.folder);
	assert_int_equal(cursor_open(&cursor, path, &record), 0);
	cursor_close(&cursor);
	assert_true(record.lost_samples == lost && lost > 0);
	assert_true(record.lost_frames >= lost / 300);
	world_open(&world);
	flush(&world);
	assert_int_equal(count_sent(&world) + lost, world.next_value);
	world_finish(&world);
}

static void a_batch_that_is_being_sent_is_finished_before_anything_is_given_up(
	void **state)
{
	struct delivery_status status;
	struct world world;

	(void)state;
	world_init(&world);
	world_close(&world);
	world.settings.max_size.bytes = 128u << 10;
	world.settings.batch.max_count = 20000;
	world.plan.hold = true;
	world_open(&world);
	append(&world, 10);
	delivery_flush(world.delivery);
	until_sent(&world, 1);
	append_too_much(&world);
	assert_int_equal(status_of(&world).lost_frames, 0);
	world.plan.hold = false;
	answer(&world);
	flush(&world);
	status = status_of(&world);
	assert_true(status.lost_samples > 0);
	assert_int_equal(status.given_up, 0);
	assert_int_equal(count_sent(&world) + status.lost_samples, world.next_value);
	world_finish(&world);
}

/* What stands in the dead letters. */
static char *letters_of(const struct world *world)
{
	char *path = path_join(world->folder, "fake.ndjson");
	char *text = calloc(1, 4096);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0 && text && read(fd, text, 4095) > 0);
	close(fd);
	free(path);
	return text;
}

static void what_is_refused_of_a_batch_is_buried_and_the_rest_is_not_sent_again(
	void **state)
{
	struct delivery_status status;
	struct world world;
	char *letters;

	(void)state;
	world_init(&world);
	world.plan.part_sends = 1;
	append(&world, 5);
	flush(&world);
	status = status_of(&world);
	assert_int_equal(status.dead_letters, 1);
	assert_int_equal(status.records, 4);
	assert_int_equal(status.batches, 1);
	assert_int_equal(world.plan.n_sent, 1);
	letters = letters_of(&world);
	assert_non_null(
		strstr(letters, "\"status\":400,\"why\":\"mapping: \\u0001odd\""));
	assert_non_null(strstr(letters, "\"value\":1,"));
	assert_null(strstr(letters, "\"value\":0,"));
	assert_null(strstr(letters, "\"value\":2,"));
	free(letters);
	append(&world, 2);
	flush(&world);
	assert_int_equal(count_sent(&world), 7);
	assert_int_equal(status_of(&world).records, 6);
	world_finish(&world);
}

static void what_is_outdated_is_counted_and_no_dead_letter(void **state)
{
	struct delivery_status status;
	struct world world;

	(void)state;
	world_init(&world);
	world.plan.n_outdated = UINT32_MAX;
	append(&world, 5);
	flush(&world);
	world.plan.n_outdated = 2;
	append(&world, 5);
	flush(&world);
	status = status_of(&world);
	assert_int_equal(status.outdated, 7);
	assert_int_equal(status.records, 10);
	assert_int_equal(status.dead_letters, 0);
	assert_int_equal(status.failures, 0);
	world_finish(&world);
}

static void what_was_given_up_is_not_looked_for_among_what_follows(void **state)
{
	struct delivery_status status;
	struct world world;

	(void)state;
	world_init(&world);
	world_close(&world);
	world.settings.max_size.bytes = 128u << 10;
	world.settings.batch.max_count = 20000;
	world.plan.hold = true;
	world.plan.refuse_sends = 1;
	world_open(&world);
	append(&world, 1);
	delivery_flush(world.delivery);
	until_sent(&world, 1);
	append_too_much(&world);
	/* One record was refused, and goes with its segment before it is buried. */
	world.plan.hold = false;
	answer(&world);
	flush(&world);
	status = status_of(&world);
	assert_int_equal(status.dead_letters, 0);
	assert_int_equal(count_sent(&world) + status.lost_samples, world.next_value + 1);
	world_finish(&world);
}

static void what_the_journals_bound_took_is_told_while_the_sink_rests(void **state)
{
	struct delivery_status status;
	struct world world;

	(void)state;
	world_init(&world);
	world_close(&world);
	world.journal_settings.max_size.bytes = 128u << 10;
	world.settings.batch.max_count = 20000;
	world.plan.fail_sends = 1;
	world_open(&world);
	append(&world, 10);
	delivery_flush(world.delivery);
	until_sent(&world, 1);
	until_timer(&world);
	append_too_much(&world);
	assert_true(status_of(&world).losing);
	assert_int_equal(world.n_begun, 1);
	pass(&world, 8 * NS_PER_SECOND);
	flush(&world);
	status = status_of(&world);
	assert_true(status.lost_frames > 10);
	assert_int_equal(world.n_ended, 1);
	count_sent(&world);
	world_finish(&world);
}

/* How many files that were removed are still open. */
static size_t count_removed_files(void)
{
	DIR *directory = opendir("/proc/self/fd");
	char target[512], path[300];
	struct dirent *entry;
	size_t n = 0;

	assert_non_null(directory);
	while ((entry = readdir(directory))) {
		ssize_t size;

		snprintf(path, sizeof(path), "/proc/self/fd/%s", entry->d_name);
		size = readlink(path, target, sizeof(target) - 1);
		target[MAX(size, 0)] = '\0';
		n += strstr(target, ".segment (deleted)") != NULL;
	}
	closedir(directory);
	return n;
}

static void on_failed(void *context, int result, const struct part *part,
	const struct position *position)
{
	(void)part;
	(void)position;
	assert_int_equal(result, -EFBIG);
	set_flag(context);
}

static void a_segment_that_was_removed_is_not_kept_open(void **state)
{
	struct rlimit before, small;
	struct world world;
	bool failed = false;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	world_init(&world);
	world.settings.batch.max_count = 20000;
	for (int i = 0; i < 20; i++)
		append(&world, 300);
	flush(&world);
	/* A write that fails closes the segment, and nothing stands in the next. */
	getrlimit(RLIMIT_FSIZE, &before);
	small = (struct rlimit){ 16384, before.rlim_max };
	setrlimit(RLIMIT_FSIZE, &small);
	journal_append(world.journal, world.source, parts_make(0, 300, 0, true),
		on_failed, &failed);
	loop_run_until(&world.loop, &failed);
	setrlimit(RLIMIT_FSIZE, &before);
	while (!delivery_is_done(world.delivery))
		uv_run(&world.loop, UV_RUN_ONCE);
	assert_int_equal(count_removed_files(), 0);
	append(&world, 10);
	flush(&world);
	assert_sent_once(&world, world.next_value);
	world_finish(&world);
}

/* ---- match ------------------------------------------------------------- */

/* Series are numbered from 0 on in each part, and parts have an even number of them. */
static const struct rk_label odd_number = { "number", "*[13579]" };
static const struct rk_label no_number = { "number", "x" };
static const struct match odd_rows[] = { { .labels = { &odd_number, 1 } } };
static const struct match none_rows[] = { { .labels = { &no_number, 1 } } };
static const struct match event_rows[] = { { .event = "wanted" },
	{ .metric = "test.*" } };
static const struct rk_table odd = { odd_rows, LENGTH(odd_rows) };
static const struct rk_table none = { none_rows, LENGTH(none_rows) };
static const struct rk_table wanted = { event_rows, LENGTH(event_rows) };

static void world_init_match(struct world *world, struct rk_table match)
{
	world_init(world);
	world_close(world);
	world->settings.match = match;
	world->settings.batch.max_count = 100;
	world_open(world);
}

/* What was answered with success holds the odd values up to n, each once. */
static void assert_odd_sent_once(struct world *world, int64_t n)
{
	int64_t value = 1;

	for (size_t i = 0; i < world->plan.n_sent; i++) {
		const char *at = buffer_text(&world->plan.sent[i]);

		if (world->plan.results[i] < 0)
			continue;
		for (; (at = strstr(at, "\"value\":")); at++, value += 2)
			assert_int_equal(
				strtoll(at + strlen("\"value\":"), NULL, 10), value);
	}
	assert_int_equal(value, n + 1);
}

static void what_does_not_match_is_passed_over_and_fills_no_batch(void **state)
{
	struct world world;

	(void)state;
	world_init_match(&world, odd);
	for (int i = 0; i < 5; i++)
		append(&world, 160);
	flush(&world);
	assert_odd_sent_once(&world, 800);
	assert_int_equal(world.plan.n_sent, 4);
	assert_int_equal(status_of(&world).records, 400);
	assert_int_equal(status_of(&world).backlog_bytes, 0);
	world_finish(&world);
}

static void a_batch_of_what_matches_is_made_again_as_it_was_after_a_restart(void **state)
{
	struct world world;

	(void)state;
	world_init_match(&world, odd);
	append(&world, 160);
	flush(&world);
	world.plan.hold = true;
	append(&world, 10);
	until_sent(&world, 2);
	append(&world, 10);
	world_close(&world);
	world.plan.hold = false;

	world_open(&world);
	flush(&world);
	assert_same(&world, 1, 2);
	assert_odd_sent_once(&world, 180);
	assert_int_equal(status_of(&world).redone, 1);
	world_finish(&world);
}

static void another_match_begins_the_batch_anew(void **state)
{
	struct world world;

	(void)state;
	world_init_match(&world, odd);
	world.plan.hold = true;
	append(&world, 10);
	delivery_flush(world.delivery);
	until_sent(&world, 1);
	world_close(&world);
	world.plan.hold = false;
	world.settings.match = (struct rk_table){ 0 };
	world_open(&world);
	flush(&world);
	assert_sent_once(&world, 10);
	assert_int_equal(world.plan.n_sent, 2);
	assert_int_equal(status_of(&world).redone, 0);
	assert_int_equal(status_of(&world).records, 10);
	world_finish(&world);
}

static void what_matches_nothing_moves_the_cursor(void **state)
{
	struct cursor_record record;
	struct cursor cursor;
	struct world world;
	struct position end;
	char path[512];

	(void)state;
	world_init_match(&world, none);
	for (int i = 0; i < 20; i++)
		append(&world, 300);
	flush(&world);
	assert_int_equal(world.plan.n_prepared, 0);
	end = journal_end(world.journal);
	while (journal_oldest(world.journal).sequence + 10 < end.sequence)
		uv_run(&world.loop, UV_RUN_ONCE);
	world_close(&world);
	snprintf(path, sizeof(path), "%s/fake.cursor", world.folder);
	assert_int_equal(cursor_open(&cursor, path, &record), 0);
	cursor_close(&cursor);
	assert_true(record.acknowledged.sequence == end.sequence);
	assert_false(record.has_batch);
	world_open(&world);
	world_finish(&world);
}

/* Else the cursor would be written for each frame that has nothing for the sink. */
static void what_comes_behind_what_does_not_match_waits_for_more(void **state)
{
	struct world world;

	(void)state;
	world_init_match(&world, none);
	world.plan.fail_recovers = 1;
	for (int i = 0; i < 20; i++)
		append(&world, 300);
	until_timer(&world);
	assert_true(status_of(&world).failing);
	pass(&world, 8 * NS_PER_SECOND);
	while (!delivery_is_done(world.delivery) &&
		timers_next_ns(&world.timers) == INT64_MAX)
		uv_run(&world.loop, UV_RUN_ONCE);
	assert_false(delivery_is_done(world.delivery));
	assert_int_equal(
		timers_next_ns(&world.timers), world.now_ns + 60 * NS_PER_SECOND);
	flush(&world);
	world_finish(&world);
}

static void of_what_was_lost_that_counts_which_matches(void **state)
{
	struct world world;

	(void)state;
	world_init_bounded(&world);
	world_close(&world);
	world.settings.match = odd;
	world.plan.fail_sends = 1;
	world_open(&world);
	delivery_flush(world.delivery);
	until_sent(&world, 2);
	until_timer(&world);
	append_too_much(&world);
	until_timer(&world);
	pass(&world, 8 * NS_PER_SECOND);
	flush(&world);
	assert_true(status_of(&world).lost_samples > 1000);
	assert_int_equal(count_sent(&world) + status_of(&world).lost_samples,
		world.next_value / 2);
	world_finish(&world);
}

/* Fills a batch from the journal's oldest position on. */
static void fill(struct world *world, struct feed *feed, struct encoder *encoder,
	struct batch *batch)
{
	const struct batch_bounds bounds = { 1u << 20, 1000, 0 };
	struct position position = journal_oldest(world->journal);
	struct journal_extent extent;
	uint64_t lost;

	if (batch->end.sequence > 0)
		position = batch->end;
	assert_true(journal_locate(world->journal, &position, &extent, &lost));
	assert_int_equal(feed_fill(feed, &extent, &position, &bounds, encoder, batch), 0);
}

static void a_job_passes_over_so_many_records_at_most(void **state)
{
	struct batch batch = { 0 };
	struct encoder encoder;
	struct world world;
	struct feed feed;
	uint64_t n_passed = 0;

	(void)state;
	world_init(&world);
	world_close(&world);
	world.journal_settings.segment_size.bytes = 64u << 20;
	world.settings.match = none;
	world_open(&world);
	for (int i = 0; i < 6; i++)
		append(&world, 50000);
	assert_int_equal(feed_init(&feed, &none, NULL), 0);
	encoder_init(&encoder, encoder_type_find("ndjson"), SINK_DECIMALS_NUMBER);
	for (int i = 0; i < 2; i++) {
		fill(&world, &feed, &encoder, &batch);
		assert_int_equal(batch.n_records, 0);
		assert_true(batch.n_passed <= 262144);
		n_passed += batch.n_passed;
	}
	assert_int_equal(n_passed, 300000);
	assert_int_equal(batch.end.sequence, journal_end(world.journal).sequence);
	feed_finish(&feed);
	buffer_finish(&batch.bytes);
	world_finish(&world);
}

static void *make_nothing(struct encoder *encoder, const struct known_source *source,
	const struct known_series *series)
{
	(void)encoder;
	(void)source;
	(void)series;
	return malloc(1);
}

static void put_sample(struct encoder *encoder, struct buffer *to,
	const struct known_series *series, const struct rk_sample *sample,
	int64_t observed_ns)
{
	(void)encoder;
	(void)series;
	(void)sample;
	(void)observed_ns;
	buffer_append_byte(to, 's');
}

static void put_event(struct encoder *encoder, struct buffer *to,
	const struct known_source *source, const struct event_view *event,
	int64_t observed_ns)
{
	(void)encoder;
	(void)source;
	(void)event;
	(void)observed_ns;
	buffer_append_byte(to, 'e');
}

static struct part *part_with_events(const char *first, const char *second)
{
	struct part *part = parts_make(0, 3, 0, true);
	struct event_view event = { .insight = slice_of("seen") };

	event.type = slice_of(first);
	part_add_event(part, &event);
	event.type = slice_of(second);
	part_add_event(part, &event);
	return part;
}

static void an_event_that_does_not_match_ends_no_batch_of_samples(void **state)
{
	static const struct encoder_type apart = {
		.name = "apart",
		.separates_events = true,
		.make = make_nothing,
		.sample = put_sample,
		.event = put_event,
	};
	static const char *const expected[] = { "ssssss", "e", "ssssss" };
	struct batch batch = { 0 };
	struct encoder encoder;
	struct world world;
	struct feed feed;

	(void)state;
	world_init(&world);
	append_part(&world, part_with_events("other", "other"));
	append_part(&world, part_with_events("wanted", "other"));
	append_part(&world, part_with_events("other", "other"));
	append_part(&world, part_with_events("other", "other"));
	assert_int_equal(feed_init(&feed, &wanted, NULL), 0);
	encoder_init(&encoder, &apart, SINK_DECIMALS_NUMBER);
	for (size_t i = 0; i < LENGTH(expected); i++) {
		fill(&world, &feed, &encoder, &batch);
		assert_string_equal(buffer_text(&batch.bytes), expected[i]);
	}
	feed_finish(&feed);
	buffer_finish(&batch.bytes);
	world_finish(&world);
}

/* ---- dead letters ------------------------------------------------------ */

static struct replay_result the_result;
static bool replay_ended;

static void on_replayed(void *context, const struct replay_result *result)
{
	(void)context;
	the_result = *result;
	replay_ended = true;
}

static void begin_replay(struct world *world)
{
	replay_ended = false;
	assert_int_equal(delivery_replay(world->delivery, on_replayed, world), 0);
	assert_false(replay_ended);
	assert_int_equal(delivery_replay(world->delivery, on_replayed, world), -EBUSY);
}

static void until_replayed(struct world *world)
{
	timers_run(&world->timers);
	/* A timer that is due may be all that happens; libuv would wait behind it. */
	uv_run(&world->loop, UV_RUN_NOWAIT);
	loop_run_until(&world->loop, &replay_ended);
}

/* The values from 0 on are dead letters, one a batch. */
static void make_letters(struct world *world, uint32_t n)
{
	world->settings.batch.max_count = 1;
	world->plan.refuse_sends = (int)n;
	append(world, n);
	flush(world);
	assert_int_equal(status_of(world).dead_letters, n);
	world->settings.batch.max_count = 1000;
}

static void letters_are_sent_again_as_they_would_have_been(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	make_letters(&world, 3);
	begin_replay(&world);
	until_replayed(&world);
	assert_int_equal(the_result.delivered, 3);
	assert_int_equal(status_of(&world).replayed, 3);
	/* The three that were refused one by one come as one batch. */
	assert_int_equal(world.plan.n_sent, 4);
	for (size_t i = 0; i < 3; i++)
		buffer_append(&world.plan.sent[4], world.plan.sent[i].data,
			world.plan.sent[i].size);
	assert_same(&world, 3, 4);
	begin_replay(&world);
	until_replayed(&world);
	assert_int_equal(the_result.delivered, 0);
	assert_int_equal(world.plan.n_sent, 4);
	world_finish(&world);
}

static void the_one_that_is_refused_again_stays_alone(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	make_letters(&world, 5);
	/* All five, the first two, the first one. */
	world.plan.refuse_sends = 3;
	begin_replay(&world);
	until_replayed(&world);
	assert_int_equal(the_result.delivered, 4);
	assert_int_equal(the_result.refused, 1);
	assert_string_equal(the_result.why, "odd");
	begin_replay(&world);
	until_replayed(&world);
	assert_int_equal(the_result.delivered, 1);
	assert_non_null(strstr(
		buffer_text(&world.plan.sent[world.plan.n_sent - 1]), "\"value\":0,"));
	world_finish(&world);
}

static void of_letters_that_were_taken_each_that_is_refused_stays(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	make_letters(&world, 3);
	world.plan.part_sends = 1;
	begin_replay(&world);
	until_replayed(&world);
	assert_int_equal(the_result.delivered, 2);
	assert_int_equal(the_result.refused, 1);
	begin_replay(&world);
	until_replayed(&world);
	assert_int_equal(the_result.delivered, 1);
	assert_non_null(strstr(
		buffer_text(&world.plan.sent[world.plan.n_sent - 1]), "\"value\":1,"));
	world_finish(&world);
}

static void a_replay_waits_until_what_was_refused_is_buried(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.plan.part_sends = 1;
	append(&world, 5);
	delivery_flush(world.delivery);
	begin_replay(&world); /* while the batch is made */
	until_replayed(&world);
	assert_int_equal(status_of(&world).dead_letters, 1);
	assert_int_equal(the_result.delivered, 1);
	assert_int_equal(world.plan.n_sent, 2);
	world_finish(&world);
}

static void who_fails_ends_the_replay_and_rests_not(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	make_letters(&world, 3);
	world.plan.fail_sends = 1;
	begin_replay(&world);
	until_replayed(&world);
	assert_int_equal(the_result.error, -ECONNRESET);
	assert_int_equal(the_result.waiting, 3);
	assert_int_equal(status_of(&world).failures, 0);
	append(&world, 1);
	flush(&world);
	world.plan.fail_sends = 1;
	append(&world, 1);
	until_sent(&world, 6);
	until_timer(&world);
	assert_int_equal(delivery_replay(world.delivery, on_replayed, &world), -EAGAIN);
	pass(&world, 8 * NS_PER_SECOND);
	flush(&world);
	begin_replay(&world);
	until_replayed(&world);
	assert_int_equal(the_result.delivered, 3);
	world_finish(&world);
}

static void a_batch_that_fails_ends_the_replay_that_waits_for_it(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	make_letters(&world, 2);
	world.plan.hold = true;
	world.plan.fail_sends = 1;
	append(&world, 10);
	until_sent(&world, 3);
	begin_replay(&world);
	world.plan.hold = false;
	answer(&world);
	until_replayed(&world);
	assert_int_equal(the_result.error, -ECONNRESET);
	assert_int_equal(the_result.delivered, 0);
	assert_int_equal(world.plan.n_sent, 3);
	world_finish(&world);
}

static void a_batch_of_the_last_life_comes_before_the_letters(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	make_letters(&world, 2);
	world.plan.hold = true;
	append(&world, 10);
	until_sent(&world, 3);
	/* As a reload does, with the journal as it is: the batch is no full one. */
	world_close_delivery(&world);
	world.plan.hold = false;
	world_open_delivery(&world);
	begin_replay(&world);
	until_replayed(&world);
	assert_int_equal(world.plan.n_sent, 5);
	assert_same(&world, 2, 3);
	assert_int_equal(status_of(&world).redone, 1);
	assert_int_equal(the_result.delivered, 2);
	world_finish(&world);
}

static void closing_keeps_what_was_not_answered(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	make_letters(&world, 2);
	world.plan.hold = true;
	begin_replay(&world);
	timers_run(&world.timers);
	until_sent(&world, 3);
	world_close(&world);
	assert_true(replay_ended);
	assert_int_equal(the_result.error, -ECANCELED);
	assert_int_equal(the_result.waiting, 2);
	world.plan.hold = false;
	world_open(&world);
	begin_replay(&world);
	until_replayed(&world);
	assert_int_equal(the_result.delivered, 2);
	assert_same(&world, 2, 3);
	world_finish(&world);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(what_does_not_match_is_passed_over_and_fills_no_batch),
	cmocka_unit_test(a_batch_of_what_matches_is_made_again_as_it_was_after_a_restart),
	cmocka_unit_test(another_match_begins_the_batch_anew),
	cmocka_unit_test(what_matches_nothing_moves_the_cursor),
	cmocka_unit_test(what_comes_behind_what_does_not_match_waits_for_more),
	cmocka_unit_test(of_what_was_lost_that_counts_which_matches),
	cmocka_unit_test(a_job_passes_over_so_many_records_at_most),
	cmocka_unit_test(an_event_that_does_not_match_ends_no_batch_of_samples),
	cmocka_unit_test(all_arrives_in_order_in_batches_of_the_most_records),
	cmocka_unit_test(a_batch_waits_for_its_age_and_not_longer),
	cmocka_unit_test(what_failed_is_sent_again_as_it_was_after_a_rest),
	cmocka_unit_test(a_batch_that_could_not_be_prepared_is_not_sent),
	cmocka_unit_test(a_restart_goes_on_behind_what_was_acknowledged),
	cmocka_unit_test(a_batch_under_way_is_made_again_as_it_was_after_a_restart),
	cmocka_unit_test(nothing_is_sent_until_the_transport_knows_how_it_ended),
	cmocka_unit_test(a_damaged_cursor_delivers_all_again),
	cmocka_unit_test(another_format_begins_the_batch_anew),
	cmocka_unit_test(what_a_format_has_no_place_for_is_passed_over),
	cmocka_unit_test(a_batch_with_what_is_passed_over_is_made_again_as_it_was),
	cmocka_unit_test(a_batch_has_samples_or_events_where_a_format_separates_them),
	cmocka_unit_test(closing_ends_a_rest),
	cmocka_unit_test(a_segment_that_was_removed_is_not_kept_open),
	cmocka_unit_test(beyond_its_bound_a_sink_goes_on_further_ahead_and_counts_it),
	cmocka_unit_test(
		what_was_lost_is_kept_in_the_cursor_and_not_read_after_a_restart),
	cmocka_unit_test(
		a_batch_that_is_being_sent_is_finished_before_anything_is_given_up),
	cmocka_unit_test(
		what_is_refused_of_a_batch_is_buried_and_the_rest_is_not_sent_again),
	cmocka_unit_test(what_is_outdated_is_counted_and_no_dead_letter),
	cmocka_unit_test(what_was_given_up_is_not_looked_for_among_what_follows),
	cmocka_unit_test(what_the_journals_bound_took_is_told_while_the_sink_rests),
	cmocka_unit_test(letters_are_sent_again_as_they_would_have_been),
	cmocka_unit_test(the_one_that_is_refused_again_stays_alone),
	cmocka_unit_test(of_letters_that_were_taken_each_that_is_refused_stays),
	cmocka_unit_test(a_replay_waits_until_what_was_refused_is_buried),
	cmocka_unit_test(who_fails_ends_the_replay_and_rests_not),
	cmocka_unit_test(a_batch_that_fails_ends_the_replay_that_waits_for_it),
	cmocka_unit_test(a_batch_of_the_last_life_comes_before_the_letters),
	cmocka_unit_test(closing_keeps_what_was_not_answered),
};

CASES_MAIN(cases)
