/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The append-only log that everything goes through. Parts are appended and become
 * frames; consumers follow with cursors of their own; a segment goes when all of
 * them have passed it, or by the journal's bounds.
 *
 * All functions are the loop's; none waits, but for journal_open. What reads
 * segments does so on other threads, from what journal_locate says.
 */
#ifndef JOURNAL_JOURNAL_H
#define JOURNAL_JOURNAL_H

#include "base/list.h"
#include "config/config.h"
#include "format.h"

#include <uv.h>

struct clock;
struct journal;
struct journal_source;
struct state;
struct states;

struct journal_options {
	const char *folder; /* copied; created where it is not there */
	const struct journal_settings *settings; /* borrowed until open returns */
	const struct clock *clock;
	/* Told when a write or sync fails (negative errno) and when it works again
	 * (0). May be NULL. */
	void (*on_health)(void *context, int result);
	void *context;
};

/* Finds what is there, cuts a torn tail, and starts a new segment and the writer's
 * thread. Blocks. A problem is told in words in why. 0 or a negative errno. */
int journal_open(uv_loop_t *loop, const struct journal_options *options,
	struct journal **ret_journal, struct buffer *why);

/* Writes and syncs what was appended, then frees all and tells so. Appends are told
 * their fate before. Consumers must be gone. */
void journal_close(
	struct journal *journal, void (*on_closed)(void *context), void *context);

/* Other bounds (max_size, max_age) from now on; what is beyond them goes with the next
 * frames. The other settings count from journal_open alone. */
void journal_set_bounds(struct journal *journal, const struct journal_settings *settings);

struct journal_status {
	int failure; /* of writing or syncing, a negative errno; 0: none now */
	uint64_t n_failed_syncs; /* of what was told committed before */
	bool is_blocked;         /* by a sink that must not lose anything */
};

void journal_status(const struct journal *journal, struct journal_status *ret_status);

/* ---- appending --------------------------------------------------------- */

/* A new source of parts; its definition is copied. NULL where memory ran out. */
struct journal_source *journal_source_create(
	struct journal *journal, const struct source_view *source);

/* Its appends so far still happen. Accepts NULL. */
void journal_source_destroy(struct journal *journal, struct journal_source *source);

/* What became of a part: 0 and where it is committed, or a negative errno. The part
 * is borrowed until this returns. */
typedef void journal_on_done(void *context, int result, const struct part *part,
	const struct position *position);

/* Hands over a part, which belongs to the journal from then on and is freed by it.
 * on_done is called later, once the frame is written (with sync: commit, synced) or
 * could not be. -EAGAIN: too much is waiting already, the disk is full, or a consumer
 * blocks: try again; -ENOMEM: in both cases the part stays the caller's. */
int journal_append(struct journal *journal, struct journal_source *source,
	struct part *part, journal_on_done *on_done, void *context);

/* From now on no append has to wait: it is written, also beyond a consumer's bound,
 * or it fails. For a stop. */
void journal_hurry(struct journal *journal);

/* Makes what was appended readable soon, whatever the interval of syncs. */
void journal_sync(struct journal *journal);

/* The stamp of the next frame: the wall clock, but never back and never twice. */
int64_t journal_observe(struct journal *journal);

/* ---- states ------------------------------------------------------------ */

/* What a collector remembers, as of the last part of it that is committed; NULL where
 * it never did. Borrowed until the loop turns. */
const struct state *journal_state(const struct journal *journal, const char *collector);

/* All of them, also of collectors that are not configured any more. Borrowed until
 * the loop turns. */
const struct states *journal_states(const struct journal *journal);

/* Changes a collector's state from outside, by packed operations (model/state.h), in
 * a frame of its own. As journal_append; -E2BIG, too: they do not fit into a part. An
 * instance that runs has a state of its own and must be started anew. */
int journal_change_state(struct journal *journal, const char *collector,
	const struct buffer *operations, journal_on_done *on_done, void *context);

/* ---- consuming --------------------------------------------------------- */

struct journal_consumer {
	struct list link;
	struct position position; /* all before it is done with */
	/* How much of the journal may be held back for it, in whole segments; 0: as
	 * much as the journal holds. */
	uint64_t max_size;
	int64_t max_age_ns;
	/* Beyond that, appends wait for it, also where the journal is at its own
	 * max_size; else the consumer is asked to go on further ahead. */
	bool blocks;
	void (*on_readable)(
		struct journal_consumer *consumer); /* there is more to read */
};

/* Holds segments from consumer->position on until it is removed. */
void journal_add_consumer(struct journal *journal, struct journal_consumer *consumer);
void journal_remove_consumer(struct journal *journal, struct journal_consumer *consumer);
void journal_acknowledge(struct journal *journal, struct journal_consumer *consumer,
	const struct position *position);

/* What can be read of one segment. */
struct journal_extent {
	const char *path; /* borrowed until the loop turns */
	uint64_t epoch, first_sequence, end_sequence;
	uint64_t size; /* bytes that may be read */
	bool sealed;   /* nothing comes after end_sequence in this segment */
};

/* Where to read on at a position: sets it to the next record that is there, also
 * in a later segment. False: there is nothing to read yet. ret_lost: how many
 * frames were passed over because they are gone. */
bool journal_locate(struct journal *journal, struct position *position,
	struct journal_extent *ret_extent, uint64_t *ret_lost);

/* Whether a consumer that reads on at from is beyond its bounds and has to give up the
 * rest of that segment, ret_extent; it goes on at ret_to then, which it acknowledges. */
bool journal_overtake(const struct journal *journal,
	const struct journal_consumer *consumer, const struct position *from,
	struct journal_extent *ret_extent, struct position *ret_to);

/* Whether what waits for the consumer is within half of its bounds and of the
 * journal's: it loses nothing soon. */
bool journal_has_caught_up(
	const struct journal *journal, const struct journal_consumer *consumer);

/* Whether there are frames behind a position, readable yet or not. */
bool journal_is_behind(const struct journal *journal, const struct position *position);

/* The first position that is there, and the one behind all that is written. */
struct position journal_oldest(const struct journal *journal);
struct position journal_end(const struct journal *journal);

/* How many bytes of frames stand in the segments behind the one that extent is of:
 * with what is left of that, a measure of lag. */
uint64_t journal_bytes_behind(
	const struct journal *journal, const struct journal_extent *extent);

#endif
