/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thread that makes one call at a time for one instance. It is kept for it alone:
 * calls that hang, such as statfs on a dead mount, hold up nobody else.
 */
#ifndef HOST_WORKER_H
#define HOST_WORKER_H

#include <pthread.h>
#include <stdbool.h>

struct worker {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	void (*call)(void *context); /* the next one; NULL: none */
	void *context;
	bool ending;
};

/* Starts the thread, which takes no signals. name: for people who look at threads.
 * 0 or a negative errno. */
int worker_start(struct worker *worker, const char *name);

/* Has the thread make a call; the one before has returned. */
void worker_call(struct worker *worker, void (*call)(void *context), void *context);

/* Ends the thread and waits for it; no call is under way. */
void worker_end(struct worker *worker);

#endif
