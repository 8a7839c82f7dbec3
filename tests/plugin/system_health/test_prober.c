/* SPDX-License-Identifier: Apache-2.0 */
/* Mounts that do not answer: a test's statfs waits at a gate for those in /dead. */
#include "cases.h"
#include "fixture.h"
#include "worker.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Where dead mounts wait, and how many are on their way out. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t opened;
	bool open;
	unsigned int asked;
} gate = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, 0 };

static int statfs_at_gate(const char *path, struct statfs *ret_space)
{
	*ret_space = (struct statfs){ .f_bsize = 4096,
		.f_blocks = 100,
		.f_bfree = 50,
		.f_bavail = 50,
		.f_files = 10,
		.f_ffree = 5 };
	if (strncmp(path, "/dead", 5) == 0) {
		pthread_mutex_lock(&gate.lock);
		gate.asked++;
		while (!gate.open)
			pthread_cond_wait(&gate.opened, &gate.lock);
		pthread_mutex_unlock(&gate.lock);
	}
	if (strcmp(path, "/broken") == 0) {
		errno = ESTALE;
		return -1;
	}
	return 0;
}

static void open_gate(void)
{
	pthread_mutex_lock(&gate.lock);
	gate.open = true;
	pthread_cond_broadcast(&gate.opened);
	pthread_mutex_unlock(&gate.lock);
}

static unsigned int gate_asked(void)
{
	unsigned int asked;

	pthread_mutex_lock(&gate.lock);
	asked = gate.asked;
	pthread_mutex_unlock(&gate.lock);
	return asked;
}

/* A machine with these mounts, "/" first; all of them are file systems of their own. */
static struct fixture *open_mounts(const char *const *points, const char *timeout)
{
	const char *const options[] = { timeout, NULL };
	struct fixture *fixture = fixture_open_copy("linux_6_18", options);
	char *text = NULL;

	fake_host_append(&text, "1 0 8:1 / / rw - ext4 /dev/root rw\n");
	for (int i = 0; points[i]; i++)
		fake_host_append(&text, "%d 1 0:%d / %s rw - nfs server:/%d rw\n", i + 2,
			i + 2, points[i], i);
	fixture_write(fixture, "proc/self/mountinfo", text);
	free(text);
	fixture->health->filesystem.prober.ask = statfs_at_gate;
	gate.open = false;
	gate.asked = 0;
	return fixture;
}

static bool has_mount(const struct fixture *fixture, const char *point)
{
	for (size_t i = 0; i < fixture->fake->n_samples; i++) {
		const char *text =
			fixture->fake->series[fixture->fake->samples[i].series].text;
		const char *at = strstr(text, "system.filesystem.mountpoint=");
		size_t n = strlen(point);

		at = at ? at + strlen("system.filesystem.mountpoint=") : "";
		if (strncmp(at, point, n) == 0 && (at[n] == ',' || at[n] == '}'))
			return true;
	}
	return false;
}

/* Runs until the condition holds: what it waits for happens on other threads. */
#define RUN_UNTIL(fixture, condition)                                                    \
	do {                                                                             \
		fixture_run(fixture);                                                    \
		sched_yield();                                                           \
	} while (!(condition))

static void a_dead_mount_blocks_nothing_else(void **state)
{
	static const char *const points[] = { "/dead", "/data", "/more", NULL };
	struct fixture *fixture = open_mounts(points, "filesystem.timeout=400ms");

	(void)state;
	assert_int_equal(fixture_run(fixture), 0);
	assert_true(has_mount(fixture, "/"));
	assert_false(has_mount(fixture, "/dead"));
	assert_true(has_mount(fixture, "/data"));
	assert_true(has_mount(fixture, "/more"));
	assert_non_null(fake_host_find(fixture->fake, "system.uptime"));
	assert_int_equal(fake_host_count_log(fixture->fake,
				 "warning: the mount '/dead' does not answer"),
		1);
	open_gate();
	fixture_close(fixture);
}

static void a_dead_mount_is_not_asked_again_and_told_once(void **state)
{
	static const char *const points[] = { "/dead", "/data", NULL };
	struct fixture *fixture = open_mounts(points, "filesystem.timeout=200ms");

	(void)state;
	for (int i = 0; i < 5; i++) {
		assert_int_equal(fixture_run(fixture), 0);
		assert_true(has_mount(fixture, "/data"));
	}
	assert_int_equal(gate_asked(), 1);
	assert_int_equal(fixture->health->filesystem.prober.n_hung, 1);
	assert_int_equal(fake_host_count_log(fixture->fake, "does not answer"), 1);
	open_gate();
	fixture_close(fixture);
}

static void a_mount_that_answers_again_is_told_once_and_reported(void **state)
{
	static const char *const points[] = { "/dead", NULL };
	struct fixture *fixture = open_mounts(points, "filesystem.timeout=200ms");

	(void)state;
	fixture_run(fixture);
	assert_false(has_mount(fixture, "/dead"));
	open_gate();
	RUN_UNTIL(fixture, has_mount(fixture, "/dead"));
	fixture_run(fixture);
	assert_int_equal(fake_host_count_log(fixture->fake,
				 "notice: the mount '/dead' answers again"),
		1);
	assert_int_equal(fixture->health->filesystem.prober.n_hung, 0);
	fixture_close(fixture);
}

static void stop_returns_while_a_mount_hangs(void **state)
{
	static const char *const points[] = { "/dead", "/data", NULL };
	struct fixture *fixture = open_mounts(points, "filesystem.timeout=200ms");
	struct timespec before, after;

	(void)state;
	fixture_run(fixture);
	clock_gettime(CLOCK_MONOTONIC, &before);
	fixture_close(fixture);
	clock_gettime(CLOCK_MONOTONIC, &after);
	assert_true(after.tv_sec - before.tv_sec < 5);
	/* The thread that was left behind finds its memory as it was. */
	open_gate();
}

static void stop_returns_while_the_run_that_hung_was_cancelled(void **state)
{
	static const char *const points[] = { "/dead", NULL };
	struct fixture *fixture = open_mounts(points, "filesystem.timeout=60s");

	(void)state;
	/* The questions before the wait come from the parts; then one each step. */
	fixture->fake->plan.cancel_at = 30;
	assert_int_equal(fixture_run(fixture), -ECANCELED);
	assert_non_null(fixture->health->filesystem.prober.worker);
	fixture_close(fixture);
	open_gate();
}

static void a_cancelled_run_leaves_its_mount_to_the_next(void **state)
{
	static const char *const points[] = { "/dead", "/data", NULL };
	struct fixture *fixture = open_mounts(points, "filesystem.timeout=2s");

	(void)state;
	fixture->fake->plan.cancel_at = 25;
	assert_int_equal(fixture_run(fixture), -ECANCELED);
	fixture->fake->plan.cancel_at = 0;
	assert_int_equal(fixture_run(fixture), 0);
	assert_true(has_mount(fixture, "/data"));
	assert_int_equal(fake_host_count_log(fixture->fake, "does not answer"), 1);
	open_gate();
	fixture_close(fixture);
}

static void eight_threads_hang_at_most(void **state)
{
	static const char *const points[] = { "/dead/0", "/dead/1", "/dead/2", "/dead/3",
		"/dead/4", "/dead/5", "/dead/6", "/dead/7", "/dead/8", "/dead/9", "/data",
		NULL };
	struct fixture *fixture = open_mounts(points, "filesystem.timeout=100ms");
	const struct prober *prober = &fixture->health->filesystem.prober;

	(void)state;
	for (int i = 0; i < 20; i++)
		assert_int_equal(fixture_run(fixture), 0);
	assert_int_equal(prober->n_hung, PROBER_HUNG_LIMIT);
	/* The ninth is at the last thread; the tenth was never asked. */
	assert_int_equal(gate_asked(), PROBER_HUNG_LIMIT + 1);
	assert_false(has_mount(fixture, "/"));
	assert_int_equal(fake_host_count_log(fixture->fake, "does not answer"), 9);
	assert_int_equal(fake_host_count_log(fixture->fake, "no mount is asked"), 1);
	open_gate();
	RUN_UNTIL(fixture, has_mount(fixture, "/data") && has_mount(fixture, "/dead/9"));
	assert_true(has_mount(fixture, "/"));
	RUN_UNTIL(fixture, prober->n_hung == 0);
	assert_int_equal(fake_host_count_log(fixture->fake, "answers again"), 9);
	fixture_close(fixture);
}

static void a_mount_that_fails_makes_the_run_partial(void **state)
{
	static const char *const points[] = { "/broken", "/data", NULL };
	struct fixture *fixture = open_mounts(points, "filesystem.timeout=10s");

	(void)state;
	assert_int_equal(fixture_run(fixture), RK_PARTIAL);
	assert_string_equal(fixture->fake->why,
		"filesystem: cannot ask the mount '/broken': Stale file handle");
	assert_true(has_mount(fixture, "/data"));
	fixture_close(fixture);
}

static void mounts_without_a_size_are_left_out(void **state)
{
	struct filesystem_space space;

	(void)state;
	assert_false(filesystem_split(&(struct statfs){ 0 }, &space));
	assert_false(filesystem_split(
		&(struct statfs){ .f_bsize = 1, .f_blocks = 1, .f_bfree = 2 }, &space));
	/* Over quota, fewer are left than nothing. */
	assert_true(filesystem_split(&(struct statfs){ .f_bsize = 512,
					     .f_blocks = 10,
					     .f_bfree = 4,
					     .f_bavail = (fsblkcnt_t)-3 },
		&space));
	assert_int_equal(space.free, 0);
	assert_int_equal(space.used + space.free + space.reserved, space.total);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(a_dead_mount_blocks_nothing_else),
	cmocka_unit_test(a_dead_mount_is_not_asked_again_and_told_once),
	cmocka_unit_test(a_mount_that_answers_again_is_told_once_and_reported),
	cmocka_unit_test(stop_returns_while_a_mount_hangs),
	cmocka_unit_test(stop_returns_while_the_run_that_hung_was_cancelled),
	cmocka_unit_test(a_cancelled_run_leaves_its_mount_to_the_next),
	cmocka_unit_test(eight_threads_hang_at_most),
	cmocka_unit_test(a_mount_that_fails_makes_the_run_partial),
	cmocka_unit_test(mounts_without_a_size_are_left_out),
};

CASES_MAIN(cases)
