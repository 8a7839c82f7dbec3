/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A journal and a delivery with a receiver, as the agent puts them together, moved
 * step by step by one stream of random numbers: after each step all threads are
 * still, so that the same seed makes the same log of the disk. Time is the world's.
 */
#ifndef CRASH_WORLD_H
#define CRASH_WORLD_H

#include "base/clock.h"
#include "base/random.h"
#include "base/timers.h"
#include "deliver/delivery.h"
#include "ledger.h"

enum { WORLD_SERIES = 24, WORLD_KEYS = 7 };

/* What the receiver does with a batch. */
enum fate {
	FATE_TAKEN,   /* takes it and says so */
	FATE_LOST,    /* takes it; the answer does not arrive */
	FATE_REFUSED, /* does not take it */
	FATE_HELD,    /* takes it and says nothing until the delivery closes */
};

struct world_sink {
	struct sink sink;
	struct world *world;
	int result;
	bool answers; /* a send waits for its answer */
	bool held;    /* ... until the delivery closes */
};

struct world {
	struct clock clock;
	_Atomic int64_t now_ns; /* the writer looks at it, too */
	struct timers timers;
	struct random random; /* decides */
	struct random jitter; /* of the delivery */
	uv_loop_t loop;
	char *state_folder, *journal_folder, *cursor_folder; /* owned */
	struct journal_settings journal_settings;
	struct sink_settings sink_settings;
	struct journal *journal;
	struct journal_source *source;
	struct journal_consumer watcher; /* counts news; is done with all */
	struct delivery *delivery;
	struct world_sink *sink;           /* NULL: the delivery has another transport */
	const struct transport *transport; /* that one; NULL: world_sink.c's */
	bool sending; /* that one's: a send is under way, whose end comes by itself */
	/* What has a thread of its own elsewhere: does a piece of work, where there is
	 * one. NULL: there is no such thing. */
	bool (*background)(struct world *world);
	char *output_folder;   /* owned; of a file sink, NULL: there is none */
	struct ledger *ledger; /* borrowed */
	uint64_t n_news;
	size_t n_unsettled;
	bool series_defined[WORLD_SERIES];
	uint64_t hostility; /* of a hundred batches, how many are not just taken */
	bool is_over;       /* what closes is closed */
};

/* Folders below root; the rest of the settings is random's. */
void world_init(struct world *world, const char *root, enum journal_sync sync,
	uint64_t seed, struct ledger *ledger);
void world_finish(struct world *world);

/* Opens the journal, as at the agent's start; 0 or a negative errno. */
int world_open_journal(struct world *world);
int world_open_delivery(struct world *world);
void world_close_delivery(struct world *world);
void world_close_journal(struct world *world);

/* Hands over n parts at once, which go into one group, of up to most samples. */
void world_append(struct world *world, size_t n, uint32_t most);

/* Lets time pass: an interval of syncs, or all that a delivery waits for. */
void world_pass_interval(struct world *world);
void world_deliver(struct world *world);

/* The same, up to where a batch is being sent. */
void world_begin_sending(struct world *world);

/* Begins to deliver, and leaves it at n jobs. */
void world_begin_jobs(struct world *world, uint64_t n);

/* Delivers all that there is. */
void world_flush(struct world *world);

/* Runs until all threads are still and all that can be answered is. */
void world_settle(struct world *world);

/* The path of the delivery's cursor; owned by the caller. */
char *world_cursor_path(const struct world *world);

/* Before anything is opened: the delivery writes files below this folder. They are in
 * this world what the receiver has. */
void world_use_files(struct world *world, const char *root, bool compress);

/* The receiver as a transport of this world. */
const struct transport *world_transport(struct world *world);

/* Ends the send that is under way, where there is one. */
void world_sink_answer(struct world_sink *sink);

/* ---- between world.c and world_still.c --------------------------------- */

/* One turn of the loop. */
void world_turn(struct world *world);

/* Until the writer has nothing more to do. */
void world_wait_for_writer(struct world *world);

/* Does the job that waits. False: there is none. */
bool world_do_job(struct world *world);

/* Heads or tails, where no world is at hand. Only on the loop's thread. */
bool world_coin(void);

#endif
