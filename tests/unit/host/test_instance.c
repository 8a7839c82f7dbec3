/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the host does with what a plugin does: a plugin whose every run is a function
 * of the test, and a listener that keeps what it hears.
 */
#include "host/call.h"
#include "host/description.h"
#include "host/instance.h"
#include "host/shared.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "loop/mailbox.h"
#include "model/frame.h"
#include "model/match.h"
#include "model/state.h"
#include "model/value.h"

#include <rookery/ext/state.h>

#include "cases.h"
#include "loop.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PARTS = 16 };

struct world {
	uv_loop_t loop;
	struct mailbox mailbox;
	struct host_shared shared;
	struct object object;
	struct values values;
	struct value start_value;
	struct runner_listener listener;
	struct runner *runner;
	struct part *parts[MAX_PARTS];
	size_t n_parts;
	bool started, done, stopped, mailbox_closed;
	int start_result, result;
	char why[256];
	void (*script)(struct rk_run *run);
	size_t n_cancels;
	size_t max_series;
	struct rk_table drop, keep;
	const struct state *state;
};

static struct world *world; /* one case runs at a time */
static const struct rk_host *host;

/* ---- the plugin -------------------------------------------------------- */

struct scripted {
	int64_t start_result;
};

static const struct rk_option options[] = {
	{ .name = "start_result",
		RK_FIELD(struct scripted, start_result),
		.preset = "0",
		.help = "What start returns." },
};

static const char *const labels[] = { "name", NULL };

static const struct rk_metric metrics[] = {
	{ .name = "test.a",
		.kind = RK_GAUGE,
		.confidence = RK_EXACT,
		.unit = "1",
		.labels = labels,
		.help = "A." },
	{ .name = "test.b",
		.kind = RK_DELTA,
		.confidence = RK_APPROXIMATE,
		.unit = "1",
		.labels = labels,
		.help = "B." },
};

static int scripted_start(void *self, const struct rk_host *given)
{
	host = given;
	return (int)((struct scripted *)self)->start_result;
}

static void scripted_collect(void *self, struct rk_run *run)
{
	(void)self;
	world->script(run);
}

static void scripted_cancel(void *self, struct rk_run *run)
{
	(void)self;
	world->n_cancels++;
	host->done(run, -ECANCELED, NULL);
}

static const struct rk_plugin plugin = {
	RK_PLUGIN_ABI,
	.name = "scripted",
	.summary = "Does what the test says.",
	.version = "1",
	.interval = "1s",
	.state_size = sizeof(struct scripted),
	.options = options,
	.n_options = RK_LEN(options),
	.metrics = metrics,
	.n_metrics = RK_LEN(metrics),
	.start = scripted_start,
	.collect = scripted_collect,
	.cancel = scripted_cancel,
};

/* ---- the listener ------------------------------------------------------ */

static void on_started(struct runner_listener *listener, int result)
{
	(void)listener;
	world->start_result = result;
	world->started = true;
}

static void on_part(struct runner_listener *listener, struct part *part)
{
	(void)listener;
	assert_true(world->n_parts < MAX_PARTS);
	world->parts[world->n_parts++] = part;
}

static void on_done(struct runner_listener *listener, int result, const char *why)
{
	(void)listener;
	world->result = result;
	snprintf(world->why, sizeof(world->why), "%s", why ? why : "");
	world->done = true;
}

static void on_stopped(struct runner_listener *listener)
{
	(void)listener;
	world->stopped = true;
}

static void drop_parts(void)
{
	while (world->n_parts > 0) {
		part_destroy(world->parts[--world->n_parts]);
		world->runner->ops->part_settled(world->runner);
	}
}

/* ---- the world --------------------------------------------------------- */

static void on_mailbox_closed(struct mailbox *mailbox)
{
	(void)mailbox;
	world->mailbox_closed = true;
}

static void create(void)
{
	struct instance_options instance = {
		.id = "test",
		.object = &world->object,
		.values = &world->values,
		.state = world->state,
		.max_series = world->max_series,
		.drop = world->drop,
		.keep = world->keep,
		.shared = &world->shared,
	};

	assert_int_equal(instance_create(&instance, &world->listener, &world->runner), 0);
}

static void start(void)
{
	world->started = false;
	world->runner->ops->start(world->runner);
	assert_false(world->started); /* no answer from inside the call */
	loop_run_until(&world->loop, &world->started);
}

static int setup(void **state)
{
	struct buffer why = { 0 };

	(void)state;
	world = calloc(1, sizeof(*world));
	assert_non_null(world);
	world->listener = (struct runner_listener){ on_started, on_part, on_done,
		on_stopped, NULL };
	world->max_series = 10;
	world->object = (struct object){ .plugin = plugin };
	assert_int_equal(description_read(&plugin, &world->object.description, &why), 0);
	world->values = (struct values){
		.set = &world->object.description.options,
		.items = &world->start_value,
	};
	world->start_value.origin = ORIGIN_PRESET;
	assert_int_equal(uv_loop_init(&world->loop), 0);
	assert_int_equal(mailbox_open(&world->mailbox, &world->loop), 0);
	world->shared = (struct host_shared){
		.loop = &world->loop,
		.clock = &clock_system,
		.mailbox = &world->mailbox,
	};
	create();
	start();
	assert_int_equal(world->start_result, 0);
	return 0;
}

static void stop(void)
{
	world->stopped = false;
	world->runner->ops->stop(world->runner);
	assert_false(world->stopped);
	loop_run_until(&world->loop, &world->stopped);
	world->runner->ops->destroy(world->runner);
}

static int teardown(void **state)
{
	(void)state;
	drop_parts();
	stop();
	mailbox_close(&world->mailbox, on_mailbox_closed);
	loop_run_until(&world->loop, &world->mailbox_closed);
	loop_finish(&world->loop);
	description_finish(&world->object.description);
	free(world);
	return 0;
}

/* One run of a script; returns its result. */
static int collect(void (*script)(struct rk_run *run))
{
	struct rk_request request = { 0 };

	world->script = script;
	world->done = false;
	world->runner->ops->collect(world->runner, &request);
	assert_false(world->done);
	loop_run_until(&world->loop, &world->done);
	return world->result;
}

static uint32_t series_of(uint32_t metric, const char *name)
{
	struct rk_label label = { "name", name };

	return host->series(host, metric, &label, 1);
}

static int emit(struct rk_run *run, uint32_t series)
{
	struct rk_sample sample = {
		.series = series,
		.value = { .digits = 1, .form = RK_DECIMAL },
	};

	return host->emit(run, &sample, 1);
}

static size_t count_definitions(const struct part *part)
{
	struct unpack from = unpack_start(part->definitions.data, part->definitions.size);
	struct slice packed;
	uint32_t number;
	size_t n = 0;

	while (frame_next_definition(&from, &number, &packed))
		n++;
	return n;
}

/* ---- runs and parts ---------------------------------------------------- */

static void emits_one(struct rk_run *run)
{
	assert_int_equal(emit(run, series_of(0, "x")), 0);
	host->done(run, 0, NULL);
}

static void a_run_becomes_a_part_and_defines_its_series_once(void **state)
{
	(void)state;
	assert_int_equal(collect(emits_one), 0);
	assert_int_equal(world->n_parts, 1);
	assert_int_equal(world->parts[0]->n_samples, 1);
	assert_int_equal(count_definitions(world->parts[0]), 1);
	drop_parts();
	assert_int_equal(collect(emits_one), 0);
	assert_int_equal(world->n_parts, 1);
	assert_int_equal(count_definitions(world->parts[0]), 0);
}

static void emits_nothing(struct rk_run *run)
{
	host->done(run, 0, NULL);
}

static void a_run_that_emits_nothing_makes_no_part(void **state)
{
	(void)state;
	assert_int_equal(collect(emits_nothing), 0);
	assert_int_equal(world->n_parts, 0);
}

static void emits_and_fails(struct rk_run *run)
{
	assert_int_equal(emit(run, series_of(0, "x")), 0);
	host->done(run, -EIO, "the source is closed");
}

static void what_a_failed_run_emitted_is_dropped_and_defined_again(void **state)
{
	(void)state;
	assert_int_equal(collect(emits_and_fails), -EIO);
	assert_string_equal(world->why, "the source is closed");
	assert_int_equal(world->n_parts, 0);
	assert_int_equal(collect(emits_one), 0);
	assert_int_equal(count_definitions(world->parts[0]), 1);
}

static void commits_and_fails(struct rk_run *run)
{
	assert_int_equal(emit(run, series_of(0, "x")), 0);
	assert_int_equal(host->commit(run), 0);
	assert_int_equal(host->commit(run), 0); /* of nothing */
	assert_int_equal(emit(run, series_of(0, "x")), 0);
	host->done(run, -EIO, NULL);
}

static void what_was_committed_before_a_failure_stays(void **state)
{
	(void)state;
	assert_int_equal(collect(commits_and_fails), -EIO);
	assert_int_equal(world->n_parts, 1);
	assert_int_equal(world->parts[0]->n_samples, 1);
}

static void commits_until_it_may_not(struct rk_run *run)
{
	for (int i = 0; i < 4; i++) {
		assert_int_equal(emit(run, series_of(0, "x")), 0);
		assert_int_equal(host->commit(run), 0);
	}
	assert_int_equal(emit(run, series_of(0, "x")), 0);
	assert_int_equal(host->commit(run), -EAGAIN);
	assert_int_equal(emit(run, series_of(0, "x")), 0);
	host->done(run, 0, NULL);
}

static void parts_that_wait_for_the_journal_are_bounded(void **state)
{
	(void)state;
	assert_int_equal(collect(commits_until_it_may_not), 0);
	assert_int_equal(world->n_parts, 5);
	assert_int_equal(world->parts[4]->n_samples, 2);
	drop_parts();
	assert_int_equal(collect(commits_until_it_may_not), 0);
}

static void emits_too_many(struct rk_run *run)
{
	uint32_t series = series_of(0, "x");
	struct rk_sample *samples = calloc(PART_MAX_SAMPLES + 1, sizeof(*samples));

	assert_non_null(samples);
	for (size_t i = 0; i <= PART_MAX_SAMPLES; i++)
		samples[i] = (struct rk_sample){ .series = series,
			.value = { .form = RK_DECIMAL } };
	assert_int_equal(host->emit(run, samples, PART_MAX_SAMPLES + 1), -E2BIG);
	assert_int_equal(host->emit(run, samples, PART_MAX_SAMPLES), 0);
	assert_int_equal(emit(run, series), -E2BIG);
	assert_int_equal(host->commit(run), 0);
	assert_int_equal(emit(run, series), 0);
	free(samples);
	host->done(run, 0, NULL);
}

static void a_part_is_bounded_and_a_commit_makes_room(void **state)
{
	(void)state;
	assert_int_equal(collect(emits_too_many), 0);
	assert_int_equal(world->n_parts, 2);
	assert_int_equal(world->parts[0]->n_samples, PART_MAX_SAMPLES);
	assert_int_equal(world->parts[1]->n_samples, 1);
}

static void says_nonsense(struct rk_run *run)
{
	assert_int_equal(emit(run, series_of(0, "x")), 0);
	host->done(run, 7, NULL);
}

static void a_result_that_does_not_exist_is_a_failure(void **state)
{
	(void)state;
	assert_int_equal(collect(says_nonsense), -EINVAL);
	assert_int_equal(world->n_parts, 0);
}

/* ---- what the sandbox refused ------------------------------------------ */

static void does_what_is_not_declared(struct rk_run *run)
{
	assert_int_equal(emit(run, series_of(0, "x")), 0);
	assert_true(call_refused("starts a program"));
	host->done(run, 0, NULL);
}

static void a_run_that_was_refused_something_fails_and_says_what(void **state)
{
	(void)state;
	assert_int_equal(collect(does_what_is_not_declared), -EPERM);
	assert_string_equal(world->why, "starts a program");
	assert_int_equal(world->n_parts, 0);
	assert_int_equal(collect(says_nonsense), -EINVAL); /* once */
	assert_false(call_refused("nobody is called here"));
}

/* ---- cancelling -------------------------------------------------------- */

static void waits(struct rk_run *run)
{
	assert_int_equal(emit(run, series_of(0, "x")), 0);
}

static void a_cancel_reaches_the_plugin_and_drops_what_was_emitted(void **state)
{
	struct rk_request request = { 0 };

	(void)state;
	world->script = waits;
	world->runner->ops->collect(world->runner, &request);
	world->runner->ops->cancel(world->runner);
	assert_int_equal(world->n_cancels, 1);
	loop_run_until(&world->loop, &world->done);
	assert_int_equal(world->result, -ECANCELED);
	assert_int_equal(world->n_parts, 0);
}

static void a_run_that_has_ended_is_not_cancelled(void **state)
{
	struct rk_request request = { 0 };

	(void)state;
	world->script = emits_one;
	world->runner->ops->collect(world->runner, &request);
	world->runner->ops->cancel(world->runner);
	assert_int_equal(world->n_cancels, 0);
	loop_run_until(&world->loop, &world->done);
	assert_int_equal(world->result, 0);
	assert_int_equal(world->n_parts, 1);
}

static void ignores_its_cancel(struct rk_run *run)
{
	assert_int_equal(emit(run, series_of(0, "x")), 0);
	assert_false(host->cancelled(run));
	/* As the loop does, but for the plugin's own cancel. */
	world->object.plugin.cancel = NULL;
	world->runner->ops->cancel(world->runner);
	assert_true(host->cancelled(run));
	assert_int_equal(emit(run, series_of(0, "x")), -ECANCELED);
	assert_int_equal(host->commit(run), -ECANCELED);
	host->done(run, 0, NULL);
}

static void a_cancelled_run_that_goes_on_is_no_success(void **state)
{
	(void)state;
	assert_int_equal(collect(ignores_its_cancel), -ECANCELED);
	assert_int_equal(world->n_parts, 0);
	assert_int_equal(collect(emits_one), 0);
}

static void ends_in_spite_of_its_cancel(struct rk_run *run)
{
	assert_int_equal(emit(run, series_of(0, "x")), 0);
	world->object.plugin.cancel = NULL;
	world->runner->ops->cancel(world->runner);
	host->done(run, 0, NULL);
}

static void a_run_that_was_ready_when_it_was_cancelled_counts(void **state)
{
	(void)state;
	assert_int_equal(collect(ends_in_spite_of_its_cancel), 0);
	assert_int_equal(world->n_parts, 1);
}

/* ---- series ------------------------------------------------------------ */

static void forgets_and_registers(struct rk_run *run)
{
	uint32_t old = series_of(0, "old"), fresh;

	assert_int_equal(emit(run, old), 0);
	host->forget(host, old);
	assert_int_equal(emit(run, old), 0); /* left out, and told of */
	fresh = series_of(0, "fresh");
	assert_int_not_equal(fresh, old);
	assert_int_equal(emit(run, fresh), 0);
	host->done(run, 0, NULL);
}

static void reuses(struct rk_run *run)
{
	assert_int_equal(series_of(0, "reused"), 0);
	assert_int_equal(emit(run, 0), 0);
	host->done(run, 0, NULL);
}

static void a_forgotten_series_is_reused_in_the_next_part_and_defined_anew(void **state)
{
	(void)state;
	assert_int_equal(collect(forgets_and_registers), 0);
	assert_int_equal(world->parts[0]->n_samples, 2);
	assert_int_equal(count_definitions(world->parts[0]), 2);
	drop_parts();
	assert_int_equal(collect(reuses), 0);
	assert_int_equal(count_definitions(world->parts[0]), 1);
}

static void registers_too_many(struct rk_run *run)
{
	char name[] = "a";

	for (; name[0] < 'a' + 10; name[0]++)
		assert_int_not_equal(series_of(0, name), RK_NO_SERIES);
	assert_int_equal(series_of(0, "k"), RK_NO_SERIES);
	assert_int_equal(emit(run, RK_NO_SERIES), 0); /* its samples are left out */
	assert_int_equal(emit(run, series_of(0, "a")), 0);
	host->done(run, 0, NULL);
}

static void series_beyond_the_limit_are_left_out(void **state)
{
	(void)state;
	assert_int_equal(collect(registers_too_many), 0);
	assert_int_equal(world->parts[0]->n_samples, 1);
}

static void registers_against_the_rules(struct rk_run *run)
{
	static char long_value[SERIES_MAX_LABEL_VALUE + 2];
	const struct rk_label twice[] = { { "name", "a" }, { "name", "b" } };
	const struct rk_label odd[][1] = { { { "colour", "red" } }, { { NULL, "x" } },
		{ { "tenant", "acme" } }, { { "name", long_value } } };
	const struct rk_label empty[] = { { "name", "" }, { "name", NULL } };

	memset(long_value, 'x', sizeof(long_value) - 1);
	assert_int_equal(host->series(host, 2, NULL, 0), RK_NO_SERIES);
	assert_int_equal(host->series(host, 0, twice, 2), RK_NO_SERIES);
	for (size_t i = 0; i < RK_LEN(odd); i++)
		assert_int_equal(host->series(host, 0, odd[i], 1), RK_NO_SERIES);
	/* A label without a value is as good as none. */
	assert_int_equal(host->series(host, 0, empty, 2), host->series(host, 0, NULL, 0));
	host->done(run, 0, NULL);
}

static void series_against_the_rules_get_no_number(void **state)
{
	(void)state;
	assert_int_equal(collect(registers_against_the_rules), 0);
}

/* ---- events ------------------------------------------------------------ */

static int event(struct rk_run *run, enum rk_phase phase)
{
	struct rk_event event = {
		.size = sizeof(event),
		.severity = RK_LOW,
		.phase = phase,
		.type = "test.event",
		.key = "1",
		.insight = "It happened.",
	};

	return host->event(run, &event);
}

static void begins(struct rk_run *run)
{
	assert_int_equal(event(run, RK_BEGIN), 0);
	host->done(run, 0, NULL);
}

static void begins_and_fails(struct rk_run *run)
{
	assert_int_equal(event(run, RK_BEGIN), 0);
	host->done(run, -EIO, NULL);
}

static void begins_twice_and_ends_twice(struct rk_run *run)
{
	assert_int_equal(event(run, RK_BEGIN), 0);
	assert_int_equal(event(run, RK_BEGIN), 0);
	assert_int_equal(event(run, RK_END), 0);
	assert_int_equal(event(run, RK_END), 0);
	assert_int_equal(event(run, RK_ONCE), 0);
	host->done(run, 0, NULL);
}

static void what_begins_and_ends_is_told_once(void **state)
{
	(void)state;
	assert_int_equal(collect(begins_twice_and_ends_twice), 0);
	assert_int_equal(world->parts[0]->n_events, 3);
}

static void an_event_of_a_failed_run_has_not_begun(void **state)
{
	(void)state;
	assert_int_equal(collect(begins_and_fails), -EIO);
	assert_int_equal(world->n_parts, 0);
	assert_int_equal(collect(begins), 0);
	assert_int_equal(world->parts[0]->n_events, 1);
	assert_int_equal(collect(begins), 0);
	assert_int_equal(world->n_parts, 1);
}

static void an_event_that_began_is_open_for_the_next_instance(void **state)
{
	struct state committed = { 0 };

	(void)state;
	assert_int_equal(collect(begins), 0);
	assert_int_equal(state_apply(&committed,
				 (struct slice){ (char *)world->parts[0]->state.data,
					 world->parts[0]->state.size }),
		0);
	drop_parts();
	stop();
	world->state = &committed;
	create();
	start();
	assert_int_equal(collect(begins), 0);
	assert_int_equal(world->n_parts, 0);
	state_finish(&committed);
}

/* As many begin as a collector's state has room for. */
static void begins_too_many(struct rk_run *run)
{
	char key[300];
	struct rk_event event = {
		.size = sizeof(event),
		.phase = RK_BEGIN,
		.type = "test.event",
		.key = key,
		.insight = "It happened.",
	};

	for (int i = 0; i < STATE_MAX_KEYS; i++) {
		snprintf(key, sizeof(key), "%0256d", i);
		assert_int_equal(host->event(run, &event), 0);
	}
	for (int i = 0; i < 2; i++) {
		snprintf(key, sizeof(key), "too many %d", i);
		assert_int_equal(host->event(run, &event), -E2BIG);
	}
	host->done(run, 0, NULL);
}

static void an_event_that_the_state_has_no_room_for_spoils_no_part(void **state)
{
	(void)state;
	assert_int_equal(collect(begins_too_many), 0);
	assert_int_equal(world->n_parts, 1);
	assert_int_equal(world->parts[0]->n_events, STATE_MAX_KEYS);
}

/* A type and a key of 256 bytes each. */
static void begins_with_long_names(struct rk_run *run)
{
	char type[257], key[257];
	struct rk_event event = {
		.size = sizeof(event),
		.phase = RK_BEGIN,
		.type = type,
		.key = key,
		.insight = "It happened.",
	};

	memset(type, 't', 256);
	memset(key, 'k', 256);
	type[256] = key[256] = '\0';
	assert_int_equal(host->event(run, &event), 0);
	host->done(run, 0, NULL);
}

static void the_longest_type_and_key_of_an_event_fit(void **state)
{
	(void)state;
	assert_int_equal(collect(begins_with_long_names), 0);
	assert_int_equal(world->parts[0]->n_events, 1);
	assert_int_equal(collect(begins_with_long_names), 0);
	assert_int_equal(world->n_parts, 1);
}

/* ---- rk.state/1 -------------------------------------------------------- */

static const struct rk_state *remembered(void)
{
	return host->extension(host, RK_STATE);
}

static int set(struct rk_run *run, const char *key, const char *value)
{
	return remembered()->set(run, key, value, strlen(value));
}

static void assert_remembers(const char *key, const char *value)
{
	char bytes[64];
	int n = remembered()->get(host, key, bytes, sizeof(bytes));

	assert_int_equal(n, value ? (int)strlen(value) : -ENOENT);
	if (value)
		assert_memory_equal(bytes, value, strlen(value));
}

static void sets_two_keys(struct rk_run *run)
{
	assert_int_equal(set(run, "a", "1"), 0);
	assert_remembers("a", "1");
	assert_int_equal(set(run, "b", "2"), 0);
	assert_int_equal(set(run, "a", "one"), 0);
	host->done(run, 0, NULL);
}

static void what_a_run_sets_stands_in_its_part_and_is_seen_at_once(void **state)
{
	struct state committed = { 0 };

	(void)state;
	assert_remembers("a", NULL);
	assert_int_equal(collect(sets_two_keys), 0);
	assert_remembers("a", "one");
	assert_int_equal(world->n_parts, 1);
	assert_int_equal(state_apply(&committed,
				 (struct slice){ (char *)world->parts[0]->state.data,
					 world->parts[0]->state.size }),
		0);
	assert_int_equal(committed.n, 2);
	assert_true(slice_equal(state_get(&committed, slice_of("a")), slice_of("one")));
	state_finish(&committed);
}

static void changes_and_fails(struct rk_run *run)
{
	assert_int_equal(set(run, "a", "changed"), 0);
	assert_int_equal(remembered()->remove(run, "b"), 0);
	assert_int_equal(set(run, "c", "new"), 0);
	assert_remembers("b", NULL);
	host->done(run, -EIO, NULL);
}

static void commits_once_and_fails(struct rk_run *run)
{
	assert_int_equal(set(run, "a", "committed"), 0);
	assert_int_equal(host->commit(run), 0);
	assert_int_equal(set(run, "a", "dropped"), 0);
	assert_int_equal(set(run, "b", "dropped"), 0);
	host->done(run, -EIO, NULL);
}

static void what_a_failed_run_changed_is_as_it_was(void **state)
{
	(void)state;
	assert_int_equal(collect(sets_two_keys), 0);
	assert_int_equal(collect(changes_and_fails), -EIO);
	assert_remembers("a", "one");
	assert_remembers("b", "2");
	assert_remembers("c", NULL);
	assert_int_equal(world->n_parts, 1);
	assert_int_equal(collect(commits_once_and_fails), -EIO);
	assert_remembers("a", "committed");
	assert_remembers("b", "2");
	assert_int_equal(world->n_parts, 2);
}

static void changes_nothing(struct rk_run *run)
{
	assert_int_equal(set(run, "a", "one"), 0);
	assert_int_equal(remembered()->remove(run, "not there"), 0);
	host->done(run, 0, NULL);
}

static void a_change_that_changes_nothing_makes_no_part(void **state)
{
	(void)state;
	assert_int_equal(collect(sets_two_keys), 0);
	assert_int_equal(collect(changes_nothing), 0);
	assert_int_equal(world->n_parts, 1);
}

static void sets_what_is_wrong(struct rk_run *run)
{
	static char large[STATE_MAX_VALUE + 1];
	char bytes[4] = "xxx";

	assert_int_equal(set(run, "!event/a", ""), -EINVAL);
	assert_int_equal(set(run, "", ""), -EINVAL);
	assert_int_equal(set(run, "\n", ""), -EINVAL);
	assert_int_equal(set(run, "\xff", ""), -EINVAL);
	assert_int_equal(remembered()->remove(run, "!event/a"), -EINVAL);
	assert_int_equal(remembered()->get(host, "!event/a", NULL, 0), -EINVAL);
	assert_int_equal(remembered()->set(run, "a", large, sizeof(large)), -EINVAL);
	assert_int_equal(set(run, "a", "12345"), 0);
	assert_int_equal(remembered()->get(host, "a", bytes, 4), -ENOSPC);
	assert_string_equal(bytes, "xxx");
	assert_int_equal(remembered()->get(host, "a", NULL, 0), 5);
	assert_int_equal(remembered()->set(run, "empty", NULL, 0), 0);
	assert_int_equal(remembered()->get(host, "empty", NULL, 0), 0);
	assert_int_equal(remembered()->get(host, "empty", bytes, 4), 0);
	host->done(run, 0, NULL);
}

static void mistakes_with_the_state_are_told_by_their_result(void **state)
{
	(void)state;
	assert_int_equal(collect(sets_what_is_wrong), 0);
	assert_int_equal(world->n_parts, 1);
}

static void fills_the_state(struct rk_run *run)
{
	static char large[STATE_MAX_VALUE];
	char key[] = "0";

	while (remembered()->set(run, key, large, sizeof(large)) == 0)
		key[0]++;
	assert_int_equal(key[0], '3'); /* a fourth would exceed it by its key */
	assert_int_equal(remembered()->set(run, "4", large, sizeof(large)), -ENOSPC);
	assert_int_equal(remembered()->remove(run, "0"), 0);
	assert_int_equal(remembered()->set(run, "4", large, sizeof(large)), 0);
	host->done(run, 0, NULL);
}

static void a_state_that_is_full_says_so(void **state)
{
	(void)state;
	assert_int_equal(collect(fills_the_state), 0);
	assert_int_equal(world->n_parts, 1);
}

static void fills_the_part(struct rk_run *run)
{
	static char large[STATE_MAX_VALUE];
	int n = 0;

	for (; n < 100; n++) {
		large[0] = (char)(n + 1);
		if (remembered()->set(run, "a", large, sizeof(large)) < 0)
			break;
	}
	assert_int_equal(n, PART_MAX_SIZE / STATE_MAX_VALUE - 1);
	assert_int_equal(remembered()->set(run, "a", large, sizeof(large)), -E2BIG);
	assert_int_equal(host->commit(run), 0);
	assert_int_equal(remembered()->set(run, "a", large, sizeof(large)), 0);
	host->done(run, 0, NULL);
}

static void a_part_that_is_full_of_changes_says_so(void **state)
{
	(void)state;
	assert_int_equal(collect(fills_the_part), 0);
	assert_int_equal(world->n_parts, 2);
}

static struct rk_run *ended;

static void ends_first(struct rk_run *run)
{
	ended = run;
	host->done(run, 0, NULL);
}

static void behind_the_end_of_a_run_nothing_is_changed(void **state)
{
	(void)state;
	assert_int_equal(collect(sets_two_keys), 0);
	assert_int_equal(collect(ends_first), 0);
	assert_int_equal(set(ended, "a", "late"), -ECANCELED);
	assert_int_equal(remembered()->remove(ended, "a"), -ECANCELED);
	assert_remembers("a", "one");
}

static void an_extension_that_is_not_there_is_null(void **state)
{
	(void)state;
	assert_non_null(remembered());
	assert_true(remembered()->size >= sizeof(struct rk_state));
	assert_null(host->extension(host, "rk.state/2"));
	assert_null(host->extension(host, NULL));
}

/* ---- life -------------------------------------------------------------- */

static void a_start_that_fails_says_so_and_can_be_stopped(void **state)
{
	static const struct {
		int64_t returned;
		int result;
	} starts[] = { { -EIO, -EIO }, { 1, -EINVAL } };

	(void)state;
	for (size_t i = 0; i < RK_LEN(starts); i++) {
		stop();
		world->start_value.integer = starts[i].returned;
		create();
		start();
		assert_int_equal(world->start_result, starts[i].result);
	}
}

static void one_that_never_started_can_be_destroyed(void **state)
{
	(void)state;
	stop();
	create();
	world->runner->ops->destroy(world->runner);
	create();
	start();
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* ---- drop and keep ----------------------------------------------------- */

static void restart_with(const struct match *drop, const struct match *keep)
{
	stop();
	world->drop = (struct rk_table){ drop, drop != NULL };
	world->keep = (struct rk_table){ keep, keep != NULL };
	create();
	start();
}

static void emit_two_metrics(struct rk_run *run)
{
	for (uint32_t metric = 0; metric < 2; metric++) {
		assert_int_equal(emit(run, series_of(metric, "a")), 0);
		assert_int_equal(emit(run, series_of(metric, "b")), 0);
		assert_int_equal(emit(run, series_of(metric, "b")), 0);
	}
	host->done(run, 0, NULL);
}

/* How many samples and definitions of a run arrive. */
static void expect_arrive(uint32_t n_samples, size_t n_series)
{
	assert_int_equal(collect(emit_two_metrics), 0);
	assert_int_equal(world->n_parts, n_samples > 0);
	if (n_samples > 0) {
		assert_int_equal(world->parts[0]->n_samples, n_samples);
		assert_int_equal(world->parts[0]->n_used, n_series);
	}
	drop_parts();
}

static void samples_of_dropped_series_are_left_out(void **state)
{
	static const struct rk_label label = { "name", "[b-z]" };
	const struct match metric = { .metric = "test.a" },
			   name = { .labels = { &label, 1 } },
			   both = { .metric = "test.a", .labels = { &label, 1 } },
			   all = { .metric = "*" };

	(void)state;
	expect_arrive(6, 4);
	restart_with(&metric, NULL);
	expect_arrive(3, 2);
	expect_arrive(3, 2);
	restart_with(NULL, &metric);
	expect_arrive(3, 2);
	restart_with(&name, NULL);
	expect_arrive(2, 2);
	restart_with(NULL, &name);
	expect_arrive(4, 2);
	restart_with(&both, NULL);
	expect_arrive(4, 3);
	restart_with(&name, &metric);
	expect_arrive(1, 1);
	restart_with(&all, NULL);
	expect_arrive(0, 0);
}

static const struct CMUnitTest cases[] = {
	CASE(samples_of_dropped_series_are_left_out),
	CASE(a_run_becomes_a_part_and_defines_its_series_once),
	CASE(a_run_that_emits_nothing_makes_no_part),
	CASE(what_a_failed_run_emitted_is_dropped_and_defined_again),
	CASE(what_was_committed_before_a_failure_stays),
	CASE(parts_that_wait_for_the_journal_are_bounded),
	CASE(a_part_is_bounded_and_a_commit_makes_room),
	CASE(a_result_that_does_not_exist_is_a_failure),
	CASE(a_run_that_was_refused_something_fails_and_says_what),
	CASE(a_cancel_reaches_the_plugin_and_drops_what_was_emitted),
	CASE(a_run_that_has_ended_is_not_cancelled),
	CASE(a_cancelled_run_that_goes_on_is_no_success),
	CASE(a_run_that_was_ready_when_it_was_cancelled_counts),
	CASE(a_forgotten_series_is_reused_in_the_next_part_and_defined_anew),
	CASE(series_beyond_the_limit_are_left_out),
	CASE(series_against_the_rules_get_no_number),
	CASE(what_begins_and_ends_is_told_once),
	CASE(an_event_of_a_failed_run_has_not_begun),
	CASE(an_event_that_began_is_open_for_the_next_instance),
	CASE(an_event_that_the_state_has_no_room_for_spoils_no_part),
	CASE(the_longest_type_and_key_of_an_event_fit),
	CASE(what_a_run_sets_stands_in_its_part_and_is_seen_at_once),
	CASE(what_a_failed_run_changed_is_as_it_was),
	CASE(a_change_that_changes_nothing_makes_no_part),
	CASE(mistakes_with_the_state_are_told_by_their_result),
	CASE(a_state_that_is_full_says_so),
	CASE(a_part_that_is_full_of_changes_says_so),
	CASE(behind_the_end_of_a_run_nothing_is_changed),
	CASE(an_extension_that_is_not_there_is_null),
	CASE(a_start_that_fails_says_so_and_can_be_stopped),
	CASE(one_that_never_started_can_be_destroyed),
};

CASES_MAIN(cases)
