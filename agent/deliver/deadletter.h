/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records that a receiver will never take, kept for people: a file for each sink,
 * <state_dir>/dead-letters/<sink>.ndjson, with a line for each record:
 *
 *	{"refused":"2026-11-22T10:00:00Z","batch":"9d60...-17-0-1","status":422,
 *	 "why":"...","record":{"time":...}}
 *
 * The record is the object that the format ndjson writes. A file that is full becomes
 * <sink>.ndjson.1, whose place it takes; so there are never more than two. Blocks.
 */
#ifndef DELIVER_DEADLETTER_H
#define DELIVER_DEADLETTER_H

#include "base/buffer.h"
#include "encode/store_answer.h"
#include "journal/format.h"

#define DEADLETTER_MAX_SIZE (UINT64_C(16) << 20) /* of one file */

struct deadletter {
	const char *folder, *sink;
	struct position begin; /* of the first record */
	uint32_t n;            /* records */
	int status;            /* of the answer; 0: none */
	const char *why;
	int64_t refused_ns;
	const struct buffer *lines; /* the records as ndjson */
	/* Only these of them, each for a reason of its own, by index; n_only is 0: all.
	 */
	const struct refused_record *only;
	uint32_t n_only;
};

/* Appends them, durable. Those of the same batch that a life wrote and did not get to
 * acknowledge are written anew, not twice. 0 or a negative errno. */
int deadletter_write(const struct deadletter *letter);

#endif
