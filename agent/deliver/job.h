/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a delivery does on a thread of the pool: fills a batch, has the transport
 * prepare it, and writes the cursor. The loop hands the job over as a whole and
 * touches it again when it comes back.
 */
#ifndef DELIVER_JOB_H
#define DELIVER_JOB_H

#include "base/arena.h"
#include "sink.h"

struct delivery_options;
struct replay;

enum job_kind {
	JOB_ACKNOWLEDGE, /* up to from */
	JOB_FILL,        /* ... and make the next batch */
	JOB_SKIP,        /* give up what stands between from and skip_to, in extent */
	JOB_BURY,        /* the next `buries` records go to the dead letters */
	JOB_REPLAY,      /* a step of the replay; the batch is then one of dead letters */
};

struct job {
	struct feed feed;
	struct encoder encoder;
	struct arena arena; /* of the format's options */
	struct batch batch;
	struct cursor cursor;
	struct cursor_record record; /* what stands in the cursor */
	bool recovered;              /* the transport knows how the last life ended */
	bool sync;
	const struct delivery_options *options;
	/* The order: */
	struct journal_extent extent;
	char *extent_path; /* owned; extent.path points to it */
	struct position from;
	struct batch_bounds bounds;
	enum job_kind kind;
	struct position skip_to;
	uint32_t buries;
	/* Of these, only those; NULL: all. The transport's. */
	const struct refused_record *refused;
	uint32_t n_refused;
	int refused_status; /* as deadletter.h has it */
	char refused_why[256];
	struct replay *replay; /* owned; NULL: there is none */
	/* The answer: */
	int result;
	const char *failed_at;
	uint64_t skipped_frames, skipped_samples;
	uint32_t n_buried, n_left_out;
	uint64_t n_dropped; /* of the oldest dead letters, for these */
};

/* Opens or creates the cursor. 0, or a negative errno with a reason appended to why.
 * job_finish in both cases. Blocks. */
int job_init(struct job *job, const struct delivery_options *options, struct buffer *why);
void job_finish(struct job *job);

/* Keeps a copy of the path in job->extent, which is about to be handed over. 0 or
 * -ENOMEM. */
int job_take_extent(struct job *job);

/* Does what is ordered, in one write of the cursor. Blocks. */
void job_run(struct job *job, struct sink *sink);

#endif
