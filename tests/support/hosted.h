/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plugin as the agent hosts it, on a loop of the test's own: the real host code, and
 * a listener that keeps what it hears. One at a time.
 *
 *	struct hosted *hosted = hosted_open(&plugin, &no_values);
 *	assert_int_equal(hosted_start(hosted), 0);
 *	assert_int_equal(hosted_collect(hosted), 0);
 *	... hosted->parts
 *	hosted_close(hosted);
 */
#ifndef SUPPORT_HOSTED_H
#define SUPPORT_HOSTED_H

#include "host/instance.h"
#include "host/shared.h"
#include "loop/mailbox.h"
#include "loop/ticker.h"
#include "model/value.h"

#include <rookery/plugin.h>
#include <stdbool.h>
#include <stddef.h>

enum { HOSTED_MAX_PARTS = 64 };

struct hosted {
	uv_loop_t loop;
	struct ticker ticker;
	struct mailbox mailbox;
	struct host_shared shared;
	struct object object;
	struct runner_listener listener;
	struct runner *runner; /* NULL: stopped or left behind */
	struct part *parts[HOSTED_MAX_PARTS];
	size_t n_parts;
	bool hold_parts; /* their fate stays unknown until they are released */
	size_t n_held;
	bool started, done, stopped, mailbox_closed;
	int start_result, result;
	char why[512]; /* of the last run */
};

/* Reads the plugin's tables and makes the instance. values: of its options, borrowed;
 * NULL: it has none. */
struct hosted *hosted_open(const struct rk_plugin *plugin, const struct values *values);

/* What start returned. */
int hosted_start(struct hosted *hosted);

/* Opens a run, and returns what it came to; begin does not wait for that. */
int hosted_collect(struct hosted *hosted);
void hosted_begin(struct hosted *hosted);
int hosted_finish_run(struct hosted *hosted);
void hosted_cancel(struct hosted *hosted);

/* Runs the loop until *flag is true. */
void hosted_run_until(struct hosted *hosted, const bool *flag);

/* Stops the instance and destroys it. */
void hosted_stop(struct hosted *hosted);

/* Takes the instance for one that hangs: it is left behind. */
void hosted_park(struct hosted *hosted);

/* What was held is kept, as all that comes from now on. */
void hosted_release_parts(struct hosted *hosted);

void hosted_drop_parts(struct hosted *hosted);

/* Ends all, and fails the test where something is left on the loop. */
void hosted_close(struct hosted *hosted);

#endif
