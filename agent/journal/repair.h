/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Puts a journal in order while no agent runs: what an agent does at its start and as
 * it meets damage, and .series files besides. Only what is proven useless is cut off;
 * all that is damaged is in quarantine/ afterwards. Doing it again changes nothing.
 */
#ifndef JOURNAL_REPAIR_H
#define JOURNAL_REPAIR_H

#include <stdint.h>

struct buffer;

struct repair_options {
	const char *state_dir;                            /* its lock is the caller's */
	void (*on_step)(void *context, const char *text); /* what was done */
	void (*on_left)(void *context, const char *text); /* what could not be */
	void *context;
};

struct repair_result {
	uint64_t n_steps, n_left;
};

/* 0; -EPROTONOSUPPORT where a newer version wrote a file, and then nothing was changed;
 * another negative errno. In both cases why says it in words. Blocks. */
int journal_repair(const struct repair_options *options, struct repair_result *ret_result,
	struct buffer *why);

#endif
