/* SPDX-License-Identifier: Apache-2.0 */
#include "worker.h"

#include "monotonic.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* statfs needs next to nothing, also through the C library. */
enum { WORKER_STACK_SIZE = 128 * 1024 };

static void free_questions(struct question *questions, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(questions[i].path);
	free(questions);
}

void worker_unref(struct worker *worker)
{
	bool last;

	pthread_mutex_lock(&worker->lock);
	last = --worker->references == 0;
	pthread_mutex_unlock(&worker->lock);
	if (!last)
		return;
	free_questions(worker->questions, worker->n);
	pthread_cond_destroy(&worker->changed);
	pthread_mutex_destroy(&worker->lock);
	free(worker);
}

/* Asks what is to be asked. The lock is held, but not while a mount is asked: the
 * questions stay as they are as long as one is open. */
static void answer_all(struct worker *worker)
{
	while (worker->next < worker->n && !worker->quit) {
		struct question *question = &worker->questions[worker->next];
		struct statfs space = { 0 };
		int result;

		worker->asked_ns = monotonic_ns();
		pthread_mutex_unlock(&worker->lock);
		result = worker->ask(question->path, &space) < 0 ? -errno : 0;
		pthread_mutex_lock(&worker->lock);
		question->result = result;
		question->space = space;
		worker->next++;
		pthread_cond_signal(&worker->changed);
	}
}

static void *worker_run(void *argument)
{
	struct worker *worker = argument;

	pthread_mutex_lock(&worker->lock);
	while (!worker->quit) {
		answer_all(worker);
		if (!worker->quit)
			pthread_cond_wait(&worker->changed, &worker->lock);
	}
	worker->ended = true;
	pthread_mutex_unlock(&worker->lock);
	worker_unref(worker);
	return NULL;
}

static int start_thread(struct worker *worker)
{
	pthread_attr_t attributes;
	sigset_t all, before;
	int r = pthread_attr_init(&attributes);

	if (r != 0)
		return -r;
	pthread_attr_setstacksize(&attributes, WORKER_STACK_SIZE);
	/* Signals are for the host's threads. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(&worker->thread, &attributes, worker_run, worker);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return -r;
}

int worker_create(prober_function *ask, struct worker **ret_worker)
{
	struct worker *worker = calloc(1, sizeof(*worker));
	pthread_condattr_t attributes;
	int r;

	if (!worker)
		return -ENOMEM;
	worker->ask = ask;
	worker->references = 2;
	pthread_mutex_init(&worker->lock, NULL);
	pthread_condattr_init(&attributes);
	/* The wall clock may jump. */
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&worker->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	r = start_thread(worker);
	if (r < 0) {
		worker->references = 1;
		worker_unref(worker);
		return r;
	}
	*ret_worker = worker;
	return 0;
}

int worker_give(struct worker *worker, const char *const *paths, size_t n)
{
	struct question *questions = calloc(n, sizeof(*questions));

	if (!questions)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		questions[i].path = strdup(paths[i]);
		if (!questions[i].path) {
			free_questions(questions, i);
			return -ENOMEM;
		}
	}
	pthread_mutex_lock(&worker->lock);
	free_questions(worker->questions, worker->n);
	worker->questions = questions;
	worker->n = n;
	worker->next = 0;
	worker->asked_ns = monotonic_ns();
	pthread_cond_signal(&worker->changed);
	pthread_mutex_unlock(&worker->lock);
	return 0;
}

bool worker_is_busy(struct worker *worker)
{
	bool busy;

	pthread_mutex_lock(&worker->lock);
	busy = worker->next < worker->n;
	pthread_mutex_unlock(&worker->lock);
	return busy;
}

bool worker_has_ended(struct worker *worker)
{
	bool ended;

	pthread_mutex_lock(&worker->lock);
	ended = worker->ended;
	pthread_mutex_unlock(&worker->lock);
	return ended;
}

static void quit(struct worker *worker)
{
	pthread_mutex_lock(&worker->lock);
	worker->quit = true;
	pthread_cond_signal(&worker->changed);
	pthread_mutex_unlock(&worker->lock);
}

void worker_leave(struct worker *worker)
{
	pthread_detach(worker->thread);
	quit(worker);
}

void worker_end(struct worker *worker)
{
	quit(worker);
	pthread_join(worker->thread, NULL);
	worker_unref(worker);
}
