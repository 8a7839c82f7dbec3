/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A receiver of batches on a socket, in a thread of its own, which does what real
 * ones do at their worst, and a transport that talks to it.
 *
 * A message is a head (epoch, sequence, index, records, size; 28 bytes, little-endian)
 * and the bytes; one connection carries one. The answer is a byte: 'y' or 'n'.
 */
#ifndef CRASH_RECEIVER_H
#define CRASH_RECEIVER_H

#include "base/random.h"
#include "ledger.h"

#include <pthread.h>

struct world;

enum { RECEIVER_HEAD_SIZE = 28 };

enum receiver_mode {
	RECEIVER_DROPS,   /* often takes it and closes the connection instead of answering
			   */
	RECEIVER_REJECTS, /* says no to 70 % */
	RECEIVER_IS_LATE, /* often answers later than the transport waits */
	RECEIVER_TEARS,   /* often closes the connection before it has read all */
	RECEIVER_MODES,
};

struct receiver {
	enum receiver_mode mode;
	struct random random;
	int listener, port;
	int stop[2]; /* a pipe: readable when the thread shall end */
	pthread_t thread;
	/* The thread's, until receiver_stop: */
	struct ledger_batch *ids; /* what was taken, without values ... */
	struct buffer *contents;  /* ... and its bytes */
	size_t n, capacity;
	uint64_t n_messages, n_repeated, n_rejected, n_dropped, n_late, n_torn;
};

void receiver_start(struct receiver *receiver, enum receiver_mode mode, uint64_t seed);

/* Ends the thread; what it took stays until receiver_finish. */
void receiver_stop(struct receiver *receiver);
void receiver_finish(struct receiver *receiver);

/* The transport of a world whose batches go to the receiver. */
const struct transport *receiver_transport(struct world *world, int port);

#endif
