/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libcurl on the loop: names are resolved on libcurl's own threads. getaddrinfo is
 * the test's here, for libcurl too; what it is asked waits until the test lets it go.
 */
#include "base/macros.h"
#include "cases.h"
#include "loop.h"
#include "net/curl_loop.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { POOL_THREADS = 2 };

struct scene {
	uv_loop_t loop;
	struct curl_loop *curl;
	struct transfer transfer;
	uv_work_t blockers[POOL_THREADS];
	uv_timer_t timer;
	int n_blocked, n_ticks;
	bool blockers_are_done, has_ended, has_ticked;
	CURLcode result;
};

static sem_t blocker_begun, may_unblock, may_resolve;
static atomic_int n_resolving, n_resolved;
static pthread_t resolver;

__attribute__((visibility("default"))) int getaddrinfo(const char *name,
	const char *service, const struct addrinfo *hints, struct addrinfo **ret_list)
{
	(void)name;
	(void)service;
	(void)hints;
	(void)ret_list;
	resolver = pthread_self();
	atomic_fetch_add(&n_resolving, 1);
	sem_wait(&may_resolve);
	atomic_fetch_add(&n_resolved, 1);
	return EAI_NONAME;
}

static void block(uv_work_t *work)
{
	(void)work;
	sem_post(&blocker_begun);
	sem_wait(&may_unblock);
}

static void on_unblocked(uv_work_t *work, int status)
{
	struct scene *scene = work->data;

	(void)status;
	scene->blockers_are_done = ++scene->n_blocked == POOL_THREADS;
}

static void on_ended(struct transfer *transfer, CURLcode result)
{
	struct scene *scene = container_of(transfer, struct scene, transfer);

	scene->result = result;
	scene->has_ended = true;
}

/* The loop has turned some times since the name began to be resolved. */
static void on_tick(uv_timer_t *timer)
{
	struct scene *scene = container_of(timer, struct scene, timer);

	if (atomic_load(&n_resolving) > 0)
		scene->has_ticked = ++scene->n_ticks == 5;
	if (scene->has_ticked)
		uv_timer_stop(timer);
}

/* Every thread of the pool is taken, and a name is being resolved. */
static void begin(struct scene *scene)
{
	*scene = (struct scene){ 0 };
	sem_init(&blocker_begun, 0, 0);
	sem_init(&may_unblock, 0, 0);
	sem_init(&may_resolve, 0, 0);
	atomic_store(&n_resolving, 0);
	atomic_store(&n_resolved, 0);
	uv_loop_init(&scene->loop);
	for (size_t i = 0; i < POOL_THREADS; i++) {
		scene->blockers[i].data = scene;
		uv_queue_work(&scene->loop, &scene->blockers[i], block, on_unblocked);
		sem_wait(&blocker_begun);
	}
	scene->curl = curl_loop_create(&scene->loop);
	scene->transfer.on_done = on_ended;
	scene->transfer.easy = curl_easy_init();
	curl_easy_setopt(scene->transfer.easy, CURLOPT_URL, "http://receiver.example/");
	curl_easy_setopt(scene->transfer.easy, CURLOPT_PROXY, "");
	assert_int_equal(curl_loop_start(scene->curl, &scene->transfer), 0);
	uv_timer_init(&scene->loop, &scene->timer);
	uv_timer_start(&scene->timer, on_tick, 0, 1);
	loop_run_until(&scene->loop, &scene->has_ticked);
	assert_false(pthread_equal(resolver, pthread_self()));
	assert_false(scene->has_ended);
}

static void finish(struct scene *scene)
{
	curl_easy_cleanup(scene->transfer.easy);
	curl_loop_destroy(scene->curl);
	for (size_t i = 0; i < POOL_THREADS; i++)
		sem_post(&may_unblock);
	loop_run_until(&scene->loop, &scene->blockers_are_done);
	uv_close((uv_handle_t *)&scene->timer, NULL);
	loop_finish(&scene->loop);
}

static void names_are_resolved_beside_the_loop_and_the_pool(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene);
	sem_post(&may_resolve);
	sem_post(&may_resolve);
	loop_run_until(&scene.loop, &scene.has_ended);
	assert_int_equal(scene.result, CURLE_COULDNT_RESOLVE_HOST);
	finish(&scene);
}

static void who_cancels_does_not_wait_for_a_name(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene);
	curl_loop_cancel(scene.curl, &scene.transfer);
	finish(&scene);
	assert_int_equal(atomic_load(&n_resolved), 0);
	/* libcurl's thread ends by itself, and takes what it holds with it. */
	while (atomic_load(&n_resolved) < atomic_load(&n_resolving))
		sem_post(&may_resolve);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(names_are_resolved_beside_the_loop_and_the_pool),
	cmocka_unit_test(who_cancels_does_not_wait_for_a_name),
};

int main(int argc, char **argv)
{
	/* Before libuv makes its pool. */
	setenv("UV_THREADPOOL_SIZE", "2", 1);
	return cases_run(argc, argv, cases, LENGTH(cases));
}
