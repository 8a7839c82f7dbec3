/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A world for collectors: a clock that the test moves, runners whose behaviour the
 * test states, a journal that takes parts or does not.
 */
#ifndef SIM_SIMULATION_H
#define SIM_SIMULATION_H

#include "base/clock.h"
#include "base/random.h"
#include "collect/scheduler.h"
#include "model/state.h"

#include <stdbool.h>

/* 2026-11-22T05:27:11Z */
#define SIM_WALL_BEGIN_NS INT64_C(1795325231000000000)

struct simulation {
	struct clock clock;
	int64_t monotonic_ns, wall_ns;
	struct timers timers;
	struct random random;
	struct scheduler scheduler;
	/* The journal: what happens to parts. */
	int append_result;     /* what append answers */
	size_t n_appends;      /* how often it was asked */
	int settle_result;     /* what becomes of a part that was taken */
	bool hold_settling;    /* parts wait for simulation_settle */
	struct list answers;   /* what is said on the next turn */
	struct list unsettled; /* ... and what waits for simulation_settle */
};

/* How a simulated plugin behaves: change it while it runs. */
struct behaviour {
	int start_result;
	int64_t run_ns; /* how long a run takes; -1: for ever */
	int run_result;
	size_t n_parts;    /* of one sample each that a run emits */
	bool emits_first;  /* ... when it begins, not when it ends */
	bool begins_event; /* ... and keeps a key in its state */
	bool obeys_cancel;
	bool start_hangs, stop_hangs;
	bool is_apart; /* what hangs can be killed */
};

/* One collector in the world, with all that happened to it. */
struct actor {
	struct simulation *simulation;
	struct collector collector;
	struct collector_options options; /* to be changed before actor_add */
	struct collector_services services;
	struct behaviour behaviour;
	size_t n_opened, n_closed, n_starts, n_stops, n_cancels, n_rests;
	size_t n_runs_open, most_runs_open;
	int64_t began_ns[512]; /* monotonic, of each run */
	int64_t began_wall_ns[512];
	size_t n_began;
	struct state committed;     /* the journal's: of parts that were settled */
	size_t state_size_at_start; /* keys that the last runner was given */
};

void simulation_init(struct simulation *simulation);
void simulation_finish(struct simulation *simulation);

/* Lets time pass; everything that comes due on the way happens at its time. */
void simulation_run(struct simulation *simulation, int64_t span_ns);

/* Settles the parts that wait. */
void simulation_settle(struct simulation *simulation);

/* The wall clock jumps; the monotonic one does not. */
void simulation_jump(struct simulation *simulation, int64_t span_ns);

/* A collector that collects every interval, and adding it to the scheduler. */
void actor_init(struct actor *actor, struct simulation *simulation, const char *id,
	int64_t interval_ns);
void actor_add(struct actor *actor);

/* The process that its runner lives in ends now; where it has none, nothing happens. */
void actor_lose(struct actor *actor);

/* Stops it, waits for that, and frees all. */
void actor_finish(struct actor *actor);

#endif
