/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a whole journal, with its .series files and cursors, and tells of all that is
 * not as it must be. Changes nothing and is safe beside a running agent, whose newest
 * segment may end in the middle of a frame and whose oldest may vanish.
 */
#ifndef JOURNAL_CHECK_H
#define JOURNAL_CHECK_H

#include <stdbool.h>
#include <stdint.h>

struct buffer;

enum check_kind {
	CHECK_HEADER,    /* a segment whose header is damaged */
	CHECK_DAMAGED,   /* bytes that are no frame */
	CHECK_MISSING,   /* frames that ought to be there, and no bytes of theirs */
	CHECK_CONTENT,   /* a frame that is whole and contradicts itself */
	CHECK_UNDEFINED, /* samples of series that nobody defined */
	CHECK_SERIES,    /* a .series file that does not say what the frames say */
	CHECK_CURSOR,    /* a cursor that is damaged or points nowhere */
};

struct check_fault {
	enum check_kind kind;
	const char *path;    /* borrowed until on_fault returns, as all here */
	uint64_t begin, end; /* bytes of that file; both 0: all of it */
	uint64_t sequence;   /* of the frame that was expected there; 0: none */
	const char *what;    /* what is wrong and what was expected */
};

struct check_options {
	const char *state_dir;
	bool lock_is_ours; /* no agent can run: the caller has its lock */
	/* A torn tail of the newest segment is told of, or it is what the next start
	 * cuts off; never while an agent runs. */
	void (*on_fault)(void *context, const struct check_fault *fault);
	void *context;
};

struct check_result {
	uint64_t n_segments, n_bytes, n_frames, n_samples, n_events, n_cursors;
	uint64_t n_faults;
	uint64_t n_set_aside; /* damage that is in quarantine/ already: no fault */
	bool agent_runs;
};

/* 0, with the faults told one by one; -EPROTONOSUPPORT where a newer version wrote a
 * file; another negative errno. In both cases why says it in words. Blocks. */
int journal_check(const struct check_options *options, struct check_result *ret_result,
	struct buffer *why);

/* "damaged", "missing", ... */
const char *check_kind_name(enum check_kind kind);

#endif
