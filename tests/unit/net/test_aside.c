/* SPDX-License-Identifier: Apache-2.0 */
#include "cases.h"
#include "loop.h"
#include "net/aside.h"

#include <errno.h>
#include <pthread.h>

/* Work that blocks until it is released; what became of all works is counted. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool released;
	int n_running, n_freed;
} world = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };

static int n_done; /* the loop's alone */
static bool is_done;

static void hang(void *context)
{
	(void)context;
	pthread_mutex_lock(&world.lock);
	world.n_running++;
	pthread_cond_broadcast(&world.changed);
	while (!world.released)
		pthread_cond_wait(&world.changed, &world.lock);
	pthread_mutex_unlock(&world.lock);
}

static void count_done(void *context)
{
	(void)context;
	n_done++;
	is_done = true;
}

static void count_freed(void *context)
{
	(void)context;
	pthread_mutex_lock(&world.lock);
	world.n_freed++;
	pthread_cond_broadcast(&world.changed);
	pthread_mutex_unlock(&world.lock);
}

static const struct aside_work work = { hang, count_done, count_freed };

static void wait_for(const int *count, int n)
{
	pthread_mutex_lock(&world.lock);
	while (*count < n)
		pthread_cond_wait(&world.changed, &world.lock);
	pthread_mutex_unlock(&world.lock);
}

static void release(bool released)
{
	pthread_mutex_lock(&world.lock);
	world.released = released;
	pthread_cond_broadcast(&world.changed);
	pthread_mutex_unlock(&world.lock);
}

static int setup(void **state)
{
	static uv_loop_t loop;

	world.n_running = world.n_freed = n_done = 0;
	is_done = false;
	release(false);
	*state = &loop;
	return uv_loop_init(&loop);
}

static void what_has_run_is_told_and_freed_once(void **state)
{
	uv_loop_t *loop = *state;
	struct aside *aside;

	release(true);
	assert_int_equal(aside_start(loop, &work, NULL, &aside), 0);
	loop_run_until(loop, &is_done);
	loop_finish(loop);
	wait_for(&world.n_freed, 1);
	assert_int_equal(n_done, 1);
}

static void what_was_left_is_not_waited_for_and_not_told(void **state)
{
	uv_loop_t *loop = *state;
	struct aside *aside;

	assert_int_equal(aside_start(loop, &work, NULL, &aside), 0);
	wait_for(&world.n_running, 1);
	aside_leave(aside);
	/* The loop ends while the work still hangs. */
	loop_finish(loop);
	assert_int_equal(world.n_freed, 0);
	release(true);
	wait_for(&world.n_freed, 1);
	assert_int_equal(n_done, 0);
}

static void as_many_as_may_be_hang_and_no_more(void **state)
{
	enum { MOST = 32, ROUNDS = 3 };
	uv_loop_t *loop = *state;
	struct aside *asides[MOST], *more;

	/* In each round all places are free again. */
	for (int round = 1; round <= ROUNDS; round++) {
		release(false);
		for (int i = 0; i < MOST; i++)
			assert_int_equal(aside_start(loop, &work, NULL, &asides[i]), 0);
		assert_int_equal(aside_start(loop, &work, NULL, &more), -EAGAIN);
		for (int i = 0; i < MOST; i++)
			aside_leave(asides[i]);
		/* Those that were left behind count as well. */
		assert_int_equal(aside_start(loop, &work, NULL, &more), -EAGAIN);
		release(true);
		uv_run(loop, UV_RUN_DEFAULT);
		wait_for(&world.n_freed, round * MOST);
	}
	loop_finish(loop);
	assert_int_equal(n_done, 0);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test_setup(what_has_run_is_told_and_freed_once, setup),
	cmocka_unit_test_setup(what_was_left_is_not_waited_for_and_not_told, setup),
	cmocka_unit_test_setup(as_many_as_may_be_hang_and_no_more, setup),
};

CASES_MAIN(cases)
