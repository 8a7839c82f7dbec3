/* SPDX-License-Identifier: Apache-2.0 */
/* A libuv loop for tests: runs until something happened, and fails the test where
 * it does not within a generous time. */
#ifndef SUPPORT_LOOP_H
#define SUPPORT_LOOP_H

#include <stdbool.h>
#include <uv.h>

/* Runs the loop until *flag is true. */
void loop_run_until(uv_loop_t *loop, const bool *flag);

/* Runs until no handle is left, and closes the loop. */
void loop_finish(uv_loop_t *loop);

#endif
