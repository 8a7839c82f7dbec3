/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What goes wrong again and again is told the first time, then with a count at
 * growing intervals, and once more when it is over.
 */
#ifndef BASE_COMPLAINT_H
#define BASE_COMPLAINT_H

#include <stdbool.h>
#include <stdint.h>

/* A zeroed struct is at peace. */
struct complaint {
	uint64_t failures;   /* since it began; 0: at peace */
	int64_t began_ns;    /* monotonic */
	int64_t next_ns;     /* when it is told again */
	int64_t interval_ns; /* how long after that the next time */
};

/* One more failure. Whether it is to be told now. */
bool complaint_fails(struct complaint *complaint, int64_t now_ns);

/* It works. Whether that is to be told: the number of failures and for how long
 * they lasted are written then. */
bool complaint_recovers(struct complaint *complaint, int64_t now_ns,
	uint64_t *ret_failures, int64_t *ret_span_ns);

#endif
