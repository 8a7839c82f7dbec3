/* SPDX-License-Identifier: Apache-2.0 */
/* rk.loop/1: what a plugin hears of its timers and descriptors, and when it hears
 * nothing any more. */
#include "base/clock.h"
#include "base/macros.h"
#include "host/call.h"

#include <rookery/ext/loop.h>

#include "cases.h"
#include "hosted.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MANY = 1024 };

/* What the callbacks of one case share. */
struct scene {
	struct hosted *hosted;
	const struct rk_host *host;
	const struct rk_loop *loop;
	struct rk_run *run;
	struct rk_timer *timer, *other;
	struct rk_watch *watch;
	int pipe[2];
	unsigned int n_due, n_other, n_ready, n_stops;
	uint32_t events;
	bool reached; /* what the case waits for */
};

static struct scene *scene; /* one case runs at a time */

/* ---- the plugin -------------------------------------------------------- */

static int start(void *self, const struct rk_host *host)
{
	(void)self;
	scene->host = host;
	scene->loop = host->extension(host, RK_LOOP);
	return 0;
}

static void (*script)(void);

static void collect(void *self, struct rk_run *run)
{
	(void)self;
	scene->run = run;
	script();
}

static void stop(void *self)
{
	struct rk_timer *timer;
	struct rk_watch *watch;

	(void)self;
	scene->n_stops++;
	if (!scene->loop)
		return;
	assert_int_equal(
		scene->loop->timer_create(scene->host, NULL, NULL, &timer), -ECANCELED);
	assert_int_equal(scene->loop->watch_create(
				 scene->host, scene->pipe[0], NULL, NULL, &watch),
		-ECANCELED);
}

static struct rk_plugin plugin = {
	RK_PLUGIN_ABI,
	.name = "scripted",
	.summary = "Does what the test says.",
	.version = "1",
	.interval = "1s",
	.start = start,
	.collect = collect,
	.stop = stop,
};

/* ---- what scripts do --------------------------------------------------- */

static void done(void)
{
	scene->host->done(scene->run, 0, NULL);
}

static struct rk_timer *timer(void (*on_due)(void *context))
{
	struct rk_timer *made = NULL;

	assert_int_equal(scene->loop->timer_create(scene->host, on_due, scene, &made), 0);
	return made;
}

static struct rk_watch *watch(int fd, void (*on_ready)(void *context, uint32_t events))
{
	struct rk_watch *made = NULL;

	assert_int_equal(
		scene->loop->watch_create(scene->host, fd, on_ready, scene, &made), 0);
	return made;
}

static void on_due_count(void *context)
{
	assert_ptr_equal(context, scene);
	assert_non_null(call_current());
	scene->n_due++;
}

static void on_due_done(void *context)
{
	on_due_count(context);
	done();
}

static void on_pause_over(struct timer *pause)
{
	(void)pause;
}

/* Waits a while for what must not come. */
static void let_time_pass(void)
{
	struct timer pause = { .on_due = on_pause_over };
	struct timers *timers = &scene->hosted->ticker.timers;

	assert_int_equal(timers_reserve(timers, 1), 0);
	timers_set_after(timers, &pause, 5 * NS_PER_MS);
	while (timer_is_set(&pause))
		uv_run(&scene->hosted->loop, UV_RUN_ONCE);
	timers_release(timers, 1);
}

/* ---- the world --------------------------------------------------------- */

static int setup_with(uint32_t flags)
{
	scene = calloc(1, sizeof(*scene));
	assert_non_null(scene);
	assert_int_equal(pipe2(scene->pipe, O_CLOEXEC | O_NONBLOCK), 0);
	plugin.flags = flags;
	scene->hosted = hosted_open(&plugin, NULL);
	assert_int_equal(hosted_start(scene->hosted), 0);
	return 0;
}

static int setup(void **state)
{
	(void)state;
	return setup_with(0);
}

static int setup_blocking(void **state)
{
	(void)state;
	return setup_with(RK_BLOCKING);
}

static int teardown(void **state)
{
	(void)state;
	hosted_close(scene->hosted);
	close(scene->pipe[0]);
	close(scene->pipe[1]);
	free(scene);
	return 0;
}

static void run(void (*what)(void))
{
	script = what;
	assert_int_equal(hosted_collect(scene->hosted), 0);
}

/* ---- timers ------------------------------------------------------------ */

static void waits_for_a_timer(void)
{
	scene->timer = timer(on_due_done);
	scene->loop->timer_set(scene->timer, 2 * NS_PER_MS, 0);
}

static void a_timer_comes_once_and_not_before_its_time(void **state)
{
	int64_t before_ns = clock_monotonic_ns(&clock_system);

	(void)state;
	run(waits_for_a_timer);
	assert_true(clock_monotonic_ns(&clock_system) - before_ns >= 2 * NS_PER_MS);
	let_time_pass();
	assert_int_equal(scene->n_due, 1);
}

static void on_due_until_five(void *context)
{
	on_due_count(context);
	if (scene->n_due < 5)
		return;
	scene->loop->timer_unset(scene->timer);
	done();
}

static void waits_for_five(void)
{
	scene->timer = timer(on_due_until_five);
	scene->loop->timer_set(scene->timer, 0, 1);
}

static void a_repeating_timer_comes_until_it_is_unset(void **state)
{
	(void)state;
	run(waits_for_five);
	let_time_pass();
	assert_int_equal(scene->n_due, 5);
}

enum { PERIOD_NS = 20 * NS_PER_MS };

static int64_t free_ns; /* when the loop was free again */

static void on_due_be_late(void *context)
{
	int64_t end_ns = clock_monotonic_ns(&clock_system) + 9 * PERIOD_NS / 2;

	on_due_count(context);
	if (scene->n_due > 1)
		return;
	while (clock_monotonic_ns(&clock_system) < end_ns)
		;
	free_ns = clock_monotonic_ns(&clock_system);
	scene->loop->timer_set(scene->other, 2 * NS_PER_MS, 0);
}

static void on_other_done(void *context)
{
	(void)context;
	scene->loop->timer_unset(scene->timer);
	done();
}

static void blocks_its_loop(void)
{
	scene->timer = timer(on_due_be_late);
	scene->other = timer(on_other_done);
	scene->loop->timer_set(scene->timer, 0, PERIOD_NS);
}

/* Four periods pass while the loop is busy; those that pass later count. */
static void what_a_repeating_timer_missed_is_not_made_up_for(void **state)
{
	int64_t later_ns;

	(void)state;
	run(blocks_its_loop);
	later_ns = clock_monotonic_ns(&clock_system) - free_ns;
	assert_true(scene->n_due <= 2 + later_ns / PERIOD_NS);
}

static void on_due_remove_both(void *context)
{
	on_due_count(context);
	scene->loop->timer_remove(scene->other);
	scene->loop->timer_remove(scene->timer);
	scene->timer = scene->other = NULL;
	done();
}

static void removes_from_a_callback(void)
{
	scene->timer = timer(on_due_remove_both);
	scene->other = timer(on_due_remove_both);
	scene->loop->timer_set(scene->timer, 0, NS_PER_MS);
	scene->loop->timer_set(scene->other, 0, NS_PER_MS);
	scene->loop->timer_remove(NULL);
	scene->loop->watch_remove(NULL);
}

static void a_callback_may_remove_itself_and_others(void **state)
{
	(void)state;
	run(removes_from_a_callback);
	let_time_pass();
	assert_int_equal(scene->n_due, 1);
}

/* ---- descriptors ------------------------------------------------------- */

static void on_ready_read(void *context, uint32_t events)
{
	char byte;

	assert_ptr_equal(context, scene);
	assert_non_null(call_current());
	scene->n_ready++;
	scene->events = events;
	assert_true(events & RK_READABLE);
	assert_int_equal(read(scene->pipe[0], &byte, 1), 1);
	if (scene->n_ready == 2)
		done();
}

static void waits_for_bytes(void)
{
	scene->watch = watch(scene->pipe[0], on_ready_read);
	assert_int_equal(scene->loop->watch_set(scene->watch, RK_READABLE), 0);
	assert_int_equal(write(scene->pipe[1], "ab", 2), 2);
}

static void a_descriptor_is_told_for_as_long_as_it_is_readable(void **state)
{
	(void)state;
	run(waits_for_bytes);
	let_time_pass();
	assert_int_equal(scene->n_ready, 2);
}

static void on_ready_note(void *context, uint32_t events)
{
	(void)context;
	scene->n_ready++;
	scene->events = events;
	scene->loop->watch_remove(scene->watch);
	scene->watch = NULL;
	done();
}

static void waits_to_write(void)
{
	scene->watch = watch(scene->pipe[1], on_ready_note);
	assert_int_equal(scene->loop->watch_set(scene->watch, RK_WRITABLE), 0);
}

static void a_descriptor_is_told_when_it_is_writable(void **state)
{
	(void)state;
	run(waits_to_write);
	assert_int_equal(scene->events, RK_WRITABLE);
}

static void waits_for_the_end(void)
{
	scene->watch = watch(scene->pipe[0], on_ready_note);
	assert_int_equal(
		scene->loop->watch_set(scene->watch, RK_READABLE | RK_HANGUP), 0);
	close(scene->pipe[1]);
	scene->pipe[1] = -1;
}

static void the_end_of_the_other_side_is_told(void **state)
{
	(void)state;
	run(waits_for_the_end);
	assert_true(scene->events & RK_HANGUP);
}

static void on_ready_count(void *context, uint32_t events)
{
	(void)context;
	scene->n_ready++;
	scene->events = events;
	scene->loop->timer_set(scene->timer, 2 * NS_PER_MS, 0);
}

static void writes_to_nobody(void)
{
	scene->timer = timer(on_due_done);
	scene->watch = watch(scene->pipe[1], on_ready_count);
	close(scene->pipe[0]);
	scene->pipe[0] = -1;
	assert_int_equal(scene->loop->watch_set(scene->watch, RK_WRITABLE), 0);
}

static void an_error_is_told_once_and_the_watch_rests(void **state)
{
	(void)state;
	run(writes_to_nobody);
	assert_int_equal(scene->n_ready, 1);
	assert_int_equal(scene->events, RK_WRITABLE | RK_HANGUP);
}

static void rests(void)
{
	scene->timer = timer(on_due_done);
	scene->watch = watch(scene->pipe[0], on_ready_note);
	assert_int_equal(scene->loop->watch_set(scene->watch, RK_READABLE), 0);
	assert_int_equal(scene->loop->watch_set(scene->watch, 0), 0);
	assert_int_equal(scene->loop->watch_set(scene->watch, 1u << 31), -EINVAL);
	assert_int_equal(write(scene->pipe[1], "a", 1), 1);
	scene->loop->timer_set(scene->timer, 2 * NS_PER_MS, 0);
}

static void a_watch_that_looks_for_nothing_is_told_nothing(void **state)
{
	(void)state;
	run(rests);
	assert_int_equal(scene->n_ready, 0);
}

static void opens_the_number_again(void)
{
	int fds[2];

	scene->watch = watch(scene->pipe[0], on_ready_note);
	assert_int_equal(scene->loop->watch_set(scene->watch, RK_READABLE), 0);
	assert_int_equal(write(scene->pipe[1], "a", 1), 1);
	scene->loop->watch_remove(scene->watch);
	close(scene->pipe[0]);
	close(scene->pipe[1]);
	assert_int_equal(pipe2(fds, O_CLOEXEC | O_NONBLOCK), 0);
	memcpy(scene->pipe, fds, sizeof(fds));
	waits_for_bytes();
}

static void a_descriptor_may_be_closed_and_its_number_watched_at_once(void **state)
{
	(void)state;
	run(opens_the_number_again);
	assert_int_equal(scene->n_ready, 2);
}

static void makes_mistakes(void)
{
	struct rk_watch *other = NULL;
	int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	scene->watch = watch(scene->pipe[0], on_ready_read);
	assert_int_equal(scene->loop->watch_set(scene->watch, RK_READABLE), 0);
	assert_int_equal(scene->loop->watch_create(scene->host, scene->pipe[0],
				 on_ready_read, NULL, &other),
		-EEXIST);
	assert_int_equal(
		scene->loop->watch_create(scene->host, file, on_ready_read, NULL, &other),
		-EPERM);
	assert_int_equal(
		scene->loop->watch_create(scene->host, -1, on_ready_read, NULL, &other),
		-EBADF);
	assert_null(other);
	close(file);
	done();
}

static void what_cannot_be_watched_is_told(void **state)
{
	struct rk_timer *timer;

	(void)state;
	run(makes_mistakes);
	assert_int_equal(
		scene->loop->timer_create(scene->host, on_due_count, NULL, &timer),
		-EPERM); /* from outside of a call */
}

/* ---- bounds, and the end ----------------------------------------------- */

static void makes_too_many(void)
{
	struct rk_timer *timers[MANY], *one_more;
	int fds[MANY];
	struct rk_watch *one_watch_more;

	for (size_t i = 0; i < MANY; i++)
		timers[i] = timer(on_due_count);
	assert_int_equal(
		scene->loop->timer_create(scene->host, on_due_count, NULL, &one_more),
		-ENOSPC);
	scene->loop->timer_remove(timers[0]);
	scene->timer = timer(on_due_count);
	for (size_t i = 0; i < MANY; i++) {
		fds[i] = dup(scene->pipe[0]);
		if (fds[i] < 0) { /* as many as this process may open */
			done();
			return;
		}
		watch(fds[i], on_ready_read);
	}
	assert_int_equal(scene->loop->watch_create(scene->host, scene->pipe[0],
				 on_ready_read, NULL, &one_watch_more),
		-ENOSPC);
	done();
}

static void handles_are_bounded(void **state)
{
	(void)state;
	run(makes_too_many);
}

static void leaves_everything(void)
{
	scene->timer = timer(on_due_count);
	scene->watch = watch(scene->pipe[0], on_ready_count);
	assert_int_equal(scene->loop->watch_set(scene->watch, RK_READABLE), 0);
	scene->loop->timer_set(scene->timer, 1 * NS_PER_MS, 1 * NS_PER_MS);
	assert_int_equal(write(scene->pipe[1], "a", 1), 1);
	done();
}

static void no_callback_comes_after_the_stop(void **state)
{
	(void)state;
	script = leaves_everything;
	hosted_begin(scene->hosted);
	hosted_stop(scene->hosted);
	assert_int_equal(scene->n_stops, 1);
	let_time_pass();
	assert_int_equal(scene->n_due + scene->n_ready, 0);
}

static void the_callbacks_of_one_that_is_left_behind_cease(void **state)
{
	static void *parked; /* for good: it is not lost, for who looks for leaks */

	(void)state;
	script = leaves_everything;
	hosted_begin(scene->hosted);
	parked = scene->hosted->runner;
	hosted_park(scene->hosted);
	assert_non_null(parked);
	let_time_pass();
	assert_int_equal(scene->n_due + scene->n_ready, 0);
	assert_int_equal(scene->n_stops, 0);
}

static void only_has_done(void)
{
	done();
}

static void an_instance_that_may_block_has_no_loop(void **state)
{
	(void)state;
	assert_null(scene->loop);
	run(only_has_done);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static const struct CMUnitTest cases[] = {
	CASE(a_timer_comes_once_and_not_before_its_time),
	CASE(a_repeating_timer_comes_until_it_is_unset),
	CASE(what_a_repeating_timer_missed_is_not_made_up_for),
	CASE(a_callback_may_remove_itself_and_others),
	CASE(a_descriptor_is_told_for_as_long_as_it_is_readable),
	CASE(a_descriptor_is_told_when_it_is_writable),
	CASE(the_end_of_the_other_side_is_told),
	CASE(an_error_is_told_once_and_the_watch_rests),
	CASE(a_watch_that_looks_for_nothing_is_told_nothing),
	CASE(a_descriptor_may_be_closed_and_its_number_watched_at_once),
	CASE(what_cannot_be_watched_is_told),
	CASE(handles_are_bounded),
	CASE(no_callback_comes_after_the_stop),
	CASE(the_callbacks_of_one_that_is_left_behind_cease),
	cmocka_unit_test_setup_teardown(
		an_instance_that_may_block_has_no_loop, setup_blocking, teardown),
};

CASES_MAIN(cases)
