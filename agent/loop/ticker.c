/* SPDX-License-Identifier: Apache-2.0 */
#include "ticker.h"

#include "base/clock.h"
#include "base/macros.h"

static void ticker_on_timer(uv_timer_t *handle);

/* libuv counts in milliseconds: round up, so that what is due then is due. */
static void ticker_arm(struct ticker *ticker)
{
	int64_t next_ns = timers_next_ns(&ticker->timers);
	int64_t wait_ns = next_ns - clock_monotonic_ns(ticker->timers.clock);

	if (next_ns == INT64_MAX) {
		uv_timer_stop(&ticker->handle);
		return;
	}
	uv_update_time(ticker->handle.loop);
	uv_timer_start(&ticker->handle, ticker_on_timer,
		wait_ns > 0 ? (uint64_t)((wait_ns + NS_PER_MS - 1) / NS_PER_MS) : 0, 0);
}

static void ticker_on_timer(uv_timer_t *handle)
{
	struct ticker *ticker = container_of(handle, struct ticker, handle);

	ticker->running = true;
	timers_run(&ticker->timers);
	ticker->running = false;
	ticker_arm(ticker);
}

static void ticker_on_earlier(struct timers *timers)
{
	struct ticker *ticker = container_of(timers, struct ticker, timers);

	if (!ticker->running)
		ticker_arm(ticker);
}

int ticker_open(struct ticker *ticker, uv_loop_t *loop, const struct clock *clock)
{
	ticker->running = false;
	timers_init(&ticker->timers, clock);
	ticker->timers.on_earlier = ticker_on_earlier;
	return uv_timer_init(loop, &ticker->handle);
}

void ticker_close(struct ticker *ticker)
{
	uv_close((uv_handle_t *)&ticker->handle, NULL);
	timers_finish(&ticker->timers);
}
