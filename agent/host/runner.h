/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What collects: a started plugin, wherever it is. host/instance.h is the one in
 * this process; a child process can be another, and the simulation's tests have
 * theirs. Whoever owns a runner calls its functions and hears of what happens
 * through its listener, both on the loop's thread; no answer comes from inside the
 * call that asked for it.
 */
#ifndef HOST_RUNNER_H
#define HOST_RUNNER_H

#include "model/part.h"

#include <rookery/plugin.h>
#include <stdbool.h>

struct runner;

struct runner_listener {
	/* The plugin's start returned: 0 or a negative errno. */
	void (*on_started)(struct runner_listener *listener, int result);
	/* A part was committed by the plugin; it belongs to the listener now, which
	 * calls part_settled once its fate is known. */
	void (*on_part)(struct runner_listener *listener, struct part *part);
	/* The run ended: 0, RK_PARTIAL or a negative errno; why: a line or NULL. All of
	 * its parts came before. */
	void (*on_done)(struct runner_listener *listener, int result, const char *why);
	/* The plugin's stop returned; the runner may be destroyed. */
	void (*on_stopped)(struct runner_listener *listener);
	/* The process that it lived in is gone, and with it what was open; it is to be
	 * destroyed. why: a line. Only where the runner is apart. */
	void (*on_lost)(struct runner_listener *listener, const char *why);
};

struct runner_ops {
	void (*start)(struct runner *runner);
	/* Opens a run; the request is copied. */
	void (*collect)(struct runner *runner, const struct rk_request *request);
	/* Asks the open run to end soon. */
	void (*cancel)(struct runner *runner);
	/* No run is open. */
	void (*stop)(struct runner *runner);
	void (*part_settled)(struct runner *runner);
	/* After on_stopped or on_lost, or without a start: frees it. Else (it hangs):
	 * where it is apart, its process is killed; where not, it is left behind for
	 * good. There is no further answer. */
	void (*destroy)(struct runner *runner);
};

struct runner {
	const struct runner_ops *ops;
	struct runner_listener *listener;
	bool is_apart; /* in another process */
};

#endif
