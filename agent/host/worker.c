/* SPDX-License-Identifier: Apache-2.0 */
#include "worker.h"

#include <signal.h>
#include <stdio.h>

static void *worker_run(void *argument)
{
	struct worker *worker = argument;

	pthread_mutex_lock(&worker->lock);
	while (!worker->ending) {
		void (*call)(void *context) = worker->call;
		void *context = worker->context;

		if (!call) {
			pthread_cond_wait(&worker->wake, &worker->lock);
			continue;
		}
		worker->call = NULL;
		pthread_mutex_unlock(&worker->lock);
		call(context);
		pthread_mutex_lock(&worker->lock);
	}
	pthread_mutex_unlock(&worker->lock);
	return NULL;
}

int worker_start(struct worker *worker, const char *name)
{
	char short_name[16]; /* as much as the kernel keeps: pthread_setname_np(3) */
	sigset_t all, before;
	int r;

	*worker = (struct worker){ 0 };
	pthread_mutex_init(&worker->lock, NULL);
	pthread_cond_init(&worker->wake, NULL);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = -pthread_create(&worker->thread, NULL, worker_run, worker);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r < 0)
		return r;
	snprintf(short_name, sizeof(short_name), "%s", name);
	pthread_setname_np(worker->thread, short_name);
	return 0;
}

void worker_call(struct worker *worker, void (*call)(void *context), void *context)
{
	pthread_mutex_lock(&worker->lock);
	worker->call = call;
	worker->context = context;
	pthread_cond_signal(&worker->wake);
	pthread_mutex_unlock(&worker->lock);
}

void worker_end(struct worker *worker)
{
	pthread_mutex_lock(&worker->lock);
	worker->ending = true;
	pthread_cond_signal(&worker->wake);
	pthread_mutex_unlock(&worker->lock);
	pthread_join(worker->thread, NULL);
	pthread_cond_destroy(&worker->wake);
	pthread_mutex_destroy(&worker->lock);
}
