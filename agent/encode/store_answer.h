/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a store says of the records of a batch, one by one, where an answer of status 200
 * does not mean that all were taken.
 */
#ifndef ENCODE_STORE_ANSWER_H
#define ENCODE_STORE_ANSWER_H

#include "base/arena.h"

#include <stdint.h>

/* An answer that is longer is not read. */
#define STORE_ANSWER_MOST (UINT32_C(4) << 20)

enum store_verdict {
	STORE_TOOK,      /* all but what is refused or outdated */
	STORE_BUSY,      /* not all: the same again, soon */
	STORE_SHUT,      /* not all, until a person mends something: again, slowly */
	STORE_SAID_MUCH, /* more than is read: smaller batches */
};

/* A record that will never be taken. */
struct refused_record {
	uint32_t index; /* in the batch, from 0 */
	int status;
	char *why; /* a line, in the answer's arena; NULL: no reason is known */
};

struct store_answer {
	enum store_verdict verdict;
	uint32_t n_outdated; /* the store has them already, or something newer */
	int status;          /* of BUSY and SHUT */
	const char *why;     /* ... a line; in the arena, or forever */
	const struct refused_record *refused; /* in the arena, by index */
	uint32_t n_refused;
	struct arena arena;
};

#endif
