/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records that a receiver will never take, kept for people: a file for each sink,
 * <state_dir>/dead-letters/<sink>.ndjson, with a line for each record:
 *
 *	{"kept":1,"batch":"9d60...-17-0-1","refused":"2026-11-22T10:00:00Z",
 *	 "status":422,"why":"...","record":{"time":...},"frame":"..."}
 *
 * Record and frame are those of encode/letter.h. A letter that was delivered after all
 * has kept 0, until its file is written anew (letters.h). A file that is full becomes
 * <sink>.ndjson.1, whose place it takes; so there are never more than two. Blocks.
 */
#ifndef DELIVER_DEADLETTER_H
#define DELIVER_DEADLETTER_H

#include "base/buffer.h"
#include "encode/store_answer.h"
#include "journal/format.h"

#define DEADLETTER_MAX_SIZE (UINT64_C(16) << 20) /* of one file */

/* One batch always finds room, and makes a file larger where it has to: 65,536 records
 * with texts at their bounds. What is larger than this, nobody here wrote. */
#define DEADLETTER_MAX_READ (UINT64_C(1) << 30)

/* How lines begin, and at which byte the difference is. */
#define DEADLETTER_KEPT      "{\"kept\":1,\"batch\":\""
#define DEADLETTER_DELIVERED "{\"kept\":0,\"batch\":\""
#define DEADLETTER_MARK      8

struct deadletter {
	const char *folder, *sink;
	struct position begin; /* of the first record */
	uint32_t n;            /* records */
	int status;            /* of the answer; 0: none */
	const char *why;
	int64_t refused_ns;
	const struct buffer *lines; /* the records, as encoder_letter writes them */
	/* Only these of them, each for a reason of its own, by index; n_only is 0: all.
	 */
	const struct refused_record *only;
	uint32_t n_only;
};

/* Appends them, durable. Those of the same batch that a life wrote and did not get to
 * acknowledge are written anew, not twice. 0 and how many of the oldest letters fell out
 * for it, or a negative errno. */
int deadletter_write(const struct deadletter *letter, uint64_t *ret_dropped);

/* Appends what a line says of the answer, up to the record. */
void deadletter_append_answer(
	struct buffer *to, int64_t refused_ns, int status, const char *why);

/* Threads of the pool may come at one file, a delivery's job and a purge: who has the
 * lock, for no longer than one file takes, is alone. Other processes are kept away by
 * the lock of the state folder. deadletter_write takes it itself. */
void deadletter_lock(void);
void deadletter_unlock(void);

#endif
