/* SPDX-License-Identifier: Apache-2.0 */
/* Runs timers (base/timers.h) on a libuv loop, with one uv_timer for all. */
#ifndef LOOP_TICKER_H
#define LOOP_TICKER_H

#include "base/timers.h"

#include <stdbool.h>
#include <uv.h>

struct ticker {
	struct timers timers;
	uv_timer_t handle;
	bool running;
};

/* 0 or a negative errno. [loop] */
int ticker_open(struct ticker *ticker, uv_loop_t *loop, const struct clock *clock);

/* Every timer must have been unset. [loop] */
void ticker_close(struct ticker *ticker);

#endif
