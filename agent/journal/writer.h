/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The thread that writes the journal. The loop hands it tasks; it turns parts into
 * frames, many in one write, syncs them as configured, and tells back what became
 * of each part and how far readers may go.
 *
 * Between the two threads stands one lock, which guards the list of tasks, the
 * lists that go back, and segment_info.latest.
 */
#ifndef JOURNAL_WRITER_H
#define JOURNAL_WRITER_H

#include "config/config.h"
#include "loop/mailbox.h"
#include "reserve.h"
#include "segment.h"
#include "segments.h"
#include "states.h"

#include <stdatomic.h>

enum task_kind {
	TASK_APPEND,
	TASK_FORGET_SOURCE,
	TASK_REMOVE_SEGMENT,
	TASK_SNAPSHOT,
	TASK_SYNC,
};

struct task {
	struct list link;
	enum task_kind kind;
};

/* A series as the writer knows it. */
struct definition {
	char *packed; /* owned; NULL: not defined */
	size_t size;
	uint32_t mark; /* the segment that it was last written into */
};

/* One source; the number and the state are the loop's, the rest is the writer's. */
struct journal_source {
	struct task forget;
	uint32_t number;
	struct kept_state *state; /* of its collector */
	struct buffer packed;
	uint32_t mark;
	struct definition *series; /* by number */
	size_t n_series;
};

/* One part on its way to being a frame. */
struct journal_append {
	struct task task;
	struct journal_source *source;
	struct kept_state *state; /* the loop's; the source may be gone by then */
	struct part *part;        /* owned */
	size_t size;              /* of all that, for the bound on what waits */
	int64_t observed_ns;
	int result;
	struct position position; /* where it is committed */
	void (*on_done)(void *context, int result, const struct part *part,
		const struct position *position);
	void *context;
};

struct removal {
	struct task task;
	struct segment_info *segment; /* owned */
};

/* The states as they were when the loop made it. */
struct snapshot_task {
	struct task task;
	struct buffer bytes;
	uint64_t number, keep; /* its own; the lowest that stays behind it */
	uint64_t covers;       /* all frames before this sequence */
	int result;
};

struct writer_options {
	const char *folder;
	uint64_t segment_size, reserve_size;
	enum journal_sync sync;
	int64_t sync_interval_ns;
	uint64_t epoch, next_sequence;
	const struct clock *clock;
};

struct writer {
	struct writer_options options;
	pthread_t thread;
	bool started;

	pthread_mutex_t lock; /* what follows, up to the next comment */
	pthread_cond_t wake;
	struct list tasks;
	bool stopping;
	struct list done;               /* of struct journal_append */
	struct list created;            /* of struct segment_info */
	struct snapshot_task *snapshot; /* that is done with; NULL: none */
	bool ended;                     /* the thread does nothing any more */
	bool takes_nothing;             /* as paused was last told */

	atomic_int failure;      /* of the last write; 0: none */
	atomic_int sync_failure; /* of the last sync; 0: none */
	atomic_ullong n_failed_syncs;

	/* How the loop is told. */
	struct mailbox *mailbox;
	struct mail mail;
	bool mail_posted; /* under the lock */

	/* The thread's own. */
	struct segment segment;
	struct segment_info *info; /* of the segment; NULL: none is open */
	struct segment_extent extent;
	uint64_t safe_definitions; /* size of the .series file at the last sync */
	uint32_t mark;             /* names the segment in definitions */
	uint64_t epoch, next_sequence;
	int64_t last_created_ns;
	int64_t unsynced_since_ns; /* monotonic; INT64_MAX: all is synced */
	bool sync_asked;
	struct reserve reserve;
	bool paused;      /* appends fail at once, until it is found that writing works */
	int64_t retry_ns; /* monotonic: when that is tried; INT64_MAX: not paused */
	int64_t retry_span_ns;
	struct buffer frames, definitions, section;
	/* Of struct journal_append: */
	struct list group;   /* their frames are not written yet */
	struct list written; /* ... not synced, with JOURNAL_SYNC_COMMIT */
	struct list settled; /* their result is known */
};

/* Creates the first segment and starts the thread. deliver is called on the loop
 * after something changed. 0 or a negative errno. */
int writer_start(struct writer *writer, const struct writer_options *options,
	struct mailbox *mailbox, void (*deliver)(struct mail *mail));

/* Hands over a task. [loop] */
void writer_post(struct writer *writer, struct task *task);

/* Asks the thread to write and sync what is there and to end, which deliver is told
 * with writer->ended. [loop] */
void writer_ask_stop(struct writer *writer);

/* Frees everything; after writer->ended, or after a start that failed. [loop] */
void writer_finish(struct writer *writer);

#endif
