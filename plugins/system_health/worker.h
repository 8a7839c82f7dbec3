/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thread that asks file systems how full they are, one after the other. It shares
 * one block of memory with the prober, freed by whichever of the two lets go last,
 * so that it can be left behind in a call that never returns.
 */
#ifndef SYSTEM_HEALTH_WORKER_H
#define SYSTEM_HEALTH_WORKER_H

#include "prober.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct question {
	char *path; /* owned */
	int result; /* 0 or a negative errno */
	struct statfs space;
};

struct worker {
	pthread_mutex_t lock;   /* all below, but for the last two */
	pthread_cond_t changed; /* told whenever one side waits for the other */
	unsigned int references;
	bool quit;  /* the thread ends as soon as it can */
	bool ended; /* ... and has, or is about to */
	pthread_t thread;
	prober_function *ask;
	struct question *questions; /* owned array */
	size_t n;
	size_t next;      /* the one that is being asked; n: none */
	int64_t asked_ns; /* since when, monotonic */
	/* The prober's own. */
	size_t stuck_at; /* the question that it was found hanging with */
	bool told;       /* ... which was logged */
};

/* Starts a thread that waits for questions. 0 or a negative errno. */
int worker_create(prober_function *ask, struct worker **ret_worker);

/* Hands it n paths to ask, which it copies. It must not be busy. 0 or -ENOMEM. */
int worker_give(struct worker *worker, const char *const *paths, size_t n);

bool worker_is_busy(struct worker *worker);

/* Whether a thread that was left behind has come back. */
bool worker_has_ended(struct worker *worker);

/* Lets the thread go its way; it is never waited for. The memory is the caller's
 * until worker_unref. */
void worker_leave(struct worker *worker);

void worker_unref(struct worker *worker);

/* Ends a thread that is not busy, and frees all. */
void worker_end(struct worker *worker);

#endif
