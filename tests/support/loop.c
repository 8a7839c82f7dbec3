/* SPDX-License-Identifier: Apache-2.0 */
#include "loop.h"

#include "cases.h"

enum { LOOP_LOOK_MS = 20, LOOP_MOST_LOOKS = 3000 };

/* What happens before a turn polls, such as a timer that was due, would be seen only
 * behind it. */
static void on_look(uv_timer_t *timer)
{
	unsigned int *n_looks = timer->data;

	if (++*n_looks > LOOP_MOST_LOOKS)
		fail_msg("what the test waits for does not happen");
}

void loop_run_until(uv_loop_t *loop, const bool *flag)
{
	unsigned int n_looks = 0;
	uv_timer_t patience = { .data = &n_looks };

	uv_timer_init(loop, &patience);
	uv_timer_start(&patience, on_look, LOOP_LOOK_MS, LOOP_LOOK_MS);
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
