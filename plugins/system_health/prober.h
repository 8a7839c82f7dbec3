/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks file systems how full they are, on a thread of its own, since statfs on a
 * dead mount (a server that is gone, a FUSE program that hangs) never returns and
 * cannot be called off.
 *
 *	          prober_ask                 answers in time
 *	no thread ----------> thread at work ---------------> thread waits
 *	                        |                              | prober_ask: at work
 *	                        | a mount does not answer      | prober_stop: ends
 *	                        v
 *	                thread is left behind with that mount;
 *	                a fresh one goes on with the next mount
 *
 * A thread that was left behind shares nothing with the prober but one block of
 * memory, freed by whichever of the two lets go of it last. It is never waited for:
 * it ends when its mount answers, or with the process.
 */
#ifndef SYSTEM_HEALTH_PROBER_H
#define SYSTEM_HEALTH_PROBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/vfs.h>

struct report;
struct worker;

/* How many threads may hang at once; more dead mounts are not asked. */
enum { PROBER_HUNG_LIMIT = 8 };

typedef int prober_function(const char *path, struct statfs *ret_space);

struct probe {
	char *path; /* the caller's */
	bool answered;
	int result; /* of statfs: 0 or a negative errno */
	struct statfs space;
};

struct prober {
	prober_function *ask;  /* statfs(2) where it is NULL; a test lets it hang */
	struct worker *worker; /* at work or waiting; NULL: none */
	struct worker *hung[PROBER_HUNG_LIMIT]; /* left behind */
	size_t n_hung;
};

/*
 * Asks all of them and waits for timeout_ns at most, for a single one half of that.
 * Those that do not answer are left unanswered, and not asked again until they
 * have: both is logged once. Returns early where the run is over. 0, or why no
 * thread could be started.
 */
int prober_ask(struct prober *prober, struct probe *probes, size_t n, int64_t timeout_ns,
	struct report *report);

/* Returns at once, whatever hangs. */
void prober_stop(struct prober *prober);

#endif
