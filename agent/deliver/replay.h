/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dead letters on their way to their sink again: in batches, oldest first, each with an
 * id that is made of what is in it. replay.c has what the loop does, replay_job.c what a
 * job does; the loop hands the replay over with the job.
 */
#ifndef DELIVER_REPLAY_H
#define DELIVER_REPLAY_H

#include "feed.h"
#include "letter_reader.h"
#include "split.h"

/* What became of the letters. */
struct replay_result {
	uint64_t delivered;
	uint64_t refused;    /* again; kept, with the new answer */
	uint64_t waiting;    /* kept as they were, since it ended early */
	uint64_t unreadable; /* kept: damaged, or the format has no place for them */
	int error;           /* a negative errno where it ended early */
	char why[256];       /* of error; else the last answer that refused one */
};

struct replay {
	struct letters letters;
	struct letter_reader reader;
	bool is_loaded;
	bool begins; /* its first job was ordered */
	bool ends;   /* the next job is the last */
	struct split split;
	uint32_t most; /* records that the receiver takes at once; 0: not known */
	struct replay_result result;
	void (*on_done)(void *context, const struct replay_result *result);
	void *context;
};

void replay_destroy(struct replay *replay);

/* One step, on a thread of the pool: notes on disk what was delivered and fills the next
 * batch. Where none is left, or replay->ends, the batch is empty and the files are
 * written anew. 0 or a negative errno. Blocks. */
int replay_step(struct replay *replay, const struct sink_settings *settings,
	const char *folder, struct encoder *encoder, struct batch *batch);

#endif
