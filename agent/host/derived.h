/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets that nobody configured but that come of such: a token that was fetched, a user
 * and password as they stand in a header. A server may repeat them, and then a plugin may
 * log them or give them as a reason.
 */
#ifndef HOST_DERIVED_H
#define HOST_DERIVED_H

#include <pthread.h>
#include <stddef.h>

/* The newest count: what is older is of no use to anybody. */
#define DERIVED_MOST 32

struct derived {
	pthread_mutex_t lock;
	char *texts[DERIVED_MOST]; /* owned */
	size_t next;
};

void derived_init(struct derived *derived);
void derived_finish(struct derived *derived);

/* Knows one more; short ones, which would hide what is none, are left out. [any] */
void derived_add(struct derived *derived, const char *text);

/* Puts asterisks over them in a text. [any] */
void derived_hide(struct derived *derived, char *text);

#endif
