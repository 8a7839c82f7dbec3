/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a journal holds, segment by segment, and how far each cursor is behind. Reads
 * every frame, changes nothing, and is safe beside a running agent.
 */
#ifndef JOURNAL_SURVEY_H
#define JOURNAL_SURVEY_H

#include "cursors.h"

struct buffer;

struct survey_segment {
	uint64_t epoch;
	uint64_t first_sequence, end_sequence;    /* the end: one behind the last */
	int64_t created_ns, oldest_ns, newest_ns; /* of frames; 0: there is none */
	uint64_t size, series_size;               /* bytes of the two files */
	uint64_t frames, samples, events;
	uint64_t damaged; /* frames that ought to be there and are not, or not whole */
	bool sealed;      /* nothing is added to it any more */
};

struct survey_cursor {
	uint64_t frames_behind, bytes_behind; /* whole frames that are yet to come */
	uint64_t frames_lost; /* as its record has it, and removed since then */
};

struct survey {
	struct survey_segment *segments; /* owned; oldest first */
	size_t n_segments;
	struct cursors cursors;
	struct survey_cursor *lags; /* owned; one for each of cursors */
	bool agent_runs;
	int holder; /* its pid; 0: not known */
};

/* 0 or a negative errno with the reason appended to why (-EPROTONOSUPPORT: a newer
 * version wrote a file); survey_finish in both cases. Blocks. */
int survey_make(struct survey *survey, const char *state_dir, struct buffer *why);
void survey_finish(struct survey *survey);

#endif
