/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One collector: when it runs, what happens when it is late, fails or hangs, and
 * that no run opens before the fate of the one before is known. collector.c draws
 * its states.
 *
 * It knows no event loop, no plugin and no journal: time comes from timers, a plugin
 * from a runner, and parts go where its services say. So tests/sim can play days of
 * it in milliseconds.
 */
#ifndef COLLECT_COLLECTOR_H
#define COLLECT_COLLECTOR_H

#include "base/complaint.h"
#include "base/list.h"
#include "base/timers.h"
#include "host/runner.h"
#include "schedule.h"

struct collector;
struct random;

enum collector_state {
	COLLECTOR_OFF,         /* not started, stopped, or not to be tried again */
	COLLECTOR_IDLE,        /* the next run is scheduled */
	COLLECTOR_STARTING,    /* its runner is being started */
	COLLECTOR_RUNNING,     /* a run is open */
	COLLECTOR_LATE,        /* ... and was asked to end */
	COLLECTOR_SETTLING,    /* the run ended; the fate of its parts is not known */
	COLLECTOR_STOPPING,    /* its runner is being stopped */
	COLLECTOR_BACKING_OFF, /* it failed; the next try is scheduled */
	COLLECTOR_PARKED,      /* it hangs in this process and was left behind for good */
};

/* What a collector needs of its surroundings. */
struct collector_services {
	/* Makes a runner, with the collector's listener and committed state, and all
	 * that its parts need. 0 or a negative errno. */
	int (*open)(
		void *context, struct collector *collector, struct runner **ret_runner);
	/* The runner is gone: what open made beside it is not needed any more. */
	void (*close)(void *context, struct collector *collector);
	/* Takes over a part and later calls collector_part_settled. -EAGAIN: not now;
	 * then, as with any other error, the part is still the collector's. */
	int (*append)(void *context, struct collector *collector, struct part *part);
	/* The collector has come to rest: after its only run (once), or stopped. */
	void (*on_rest)(void *context, struct collector *collector);
	void *context;
};

struct collector_options {
	const char *id; /* outlives the collector, as all pointers here */
	const char *identity;
	int64_t interval_ns, timeout_ns, jitter_ns;
	bool align;
	bool stream; /* one run without end and deadline */
	bool once;   /* run now, then rest */
	uint32_t request_flags;
	struct timers *timers;
	struct random *random;
	const struct collector_services *services;
};

/* A runner keeps fewer parts than this on their way. */
#define COLLECTOR_MAX_HELD 8

struct collector_counts {
	uint64_t runs, failed, partial, timed_out, skipped, restarts;
	uint64_t samples, events, parts, parts_lost;
	int64_t last_success_ns; /* Unix time; 0: none yet */
	int last_result;
};

struct collector {
	struct runner_listener listener;
	struct list link; /* the owner's */
	struct collector_options options;
	enum collector_state state;
	struct runner *runner; /* owned; NULL: none */
	bool runner_started;   /* start succeeded */
	struct schedule schedule;
	struct timer timer; /* the next run, a deadline or the end of a grace */
	int64_t due_ns;     /* of the run that is scheduled or open */
	bool asked_to_stop;
	/* The run that is open or settling. */
	size_t n_unsettled; /* parts */
	int result;
	char why[256]; /* what the plugin said of it */
	bool part_lost;
	bool is_lost;          /* the process that it ran in has ended */
	unsigned int n_reruns; /* at once after that, since a run succeeded */
	/* Parts that the journal would not take yet, in their order. */
	struct part *held[COLLECTOR_MAX_HELD]; /* owned */
	size_t n_held;
	struct timer held_timer;
	/* Failures. */
	unsigned int n_failures; /* in a row */
	struct complaint failing, partial, overrun;
	struct collector_counts counts;
};

/* 0 or -ENOMEM. */
int collector_init(struct collector *collector, const struct collector_options *options);

/* Only in COLLECTOR_OFF or COLLECTOR_PARKED. */
void collector_finish(struct collector *collector);

/* Schedules the first run. */
void collector_start(struct collector *collector);

/* Ends a run that is open and the runner; on_rest tells when, at the latest after
 * twice the grace. */
void collector_stop(struct collector *collector);

/* Where the wall clock jumped: an aligned run that is awaited is scheduled anew. */
void collector_clock_jumped(struct collector *collector);

/* From services.append: the part is a frame (0), or it could not become one. */
void collector_part_settled(
	struct collector *collector, int result, const struct part *part);

const char *collector_state_name(enum collector_state state);

/* How long a run that was asked to end may still take. */
#define COLLECTOR_GRACE_NS INT64_C(5000000000)

#endif
