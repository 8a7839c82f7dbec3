/* SPDX-License-Identifier: Apache-2.0 */
#include "loop.h"

#include "cases.h"

enum { LOOP_PATIENCE_MS = 60000 };

static void on_patience_ends(uv_timer_t *timer)
{
	(void)timer;
	fail_msg("what the test waits for does not happen");
}

void loop_run_until(uv_loop_t *loop, const bool *flag)
{
	uv_timer_t patience;

	uv_timer_init(loop, &patience);
	uv_timer_start(&patience, on_patience_ends, LOOP_PATIENCE_MS, 0);
	while (!*flag)
		uv_run(loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&patience, NULL);
	uv_run(loop, UV_RUN_NOWAIT);
}

void loop_finish(uv_loop_t *loop)
{
	uv_run(loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(loop), 0);
}
