/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who says when a request may go that counts for an account's budget. In the agent
 * these are the buckets themselves (buckets.h); a child asks the agent for what its own
 * leases want, which is small and plain on purpose.
 */
#ifndef HOST_LEASES_H
#define HOST_LEASES_H

#include "base/list.h"

#include <stdint.h>

/* An account's name, with its NUL. */
#define LEASE_ACCOUNT_SIZE 129

/* One token that somebody waits for; embedded by who does. */
struct lease {
	char account[LEASE_ACCOUNT_SIZE];
	double per_second; /* > 0; the last who asks says it for the account */
	uint32_t burst;    /* >= 1; likewise */
	/* It may go, on a later turn of the loop. */
	void (*on_granted)(struct lease *lease);
	/* The lessor's while it waits. */
	struct list link;
	void *lessor;
};

struct leases;

struct lease_ops {
	/* 0; -EAGAIN: more accounts than can be kept; -ENOMEM. */
	int (*ask)(struct leases *leases, struct lease *lease);
	/* It is not wanted any more; not from on_granted on. */
	void (*cancel)(struct leases *leases, struct lease *lease);
	/* Nobody goes before so long from now. */
	void (*penalize)(struct leases *leases, const char *account, int64_t span_ns);
};

struct leases {
	const struct lease_ops *ops;
};

#endif
