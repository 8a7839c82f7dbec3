/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A token bucket for each account: it holds up to `burst` tokens, `per_second` come, and
 * each request takes one; who finds none waits behind those who do. All on the loop.
 */
#ifndef HOST_BUCKETS_H
#define HOST_BUCKETS_H

#include "leases.h"

#include <stddef.h>

/* Accounts beyond it are refused, unless one of those that are kept rests full. */
#define BUCKETS_MOST 1024

struct timers;

struct buckets {
	struct leases leases;
	struct timers *timers; /* borrowed */
	struct list list;      /* of struct bucket */
	size_t n;
};

void buckets_init(struct buckets *buckets, struct timers *timers);

/* Nobody waits any more. */
void buckets_finish(struct buckets *buckets);

#endif
