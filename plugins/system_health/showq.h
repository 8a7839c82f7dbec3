/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The answer of Postfix's showq(8), since Postfix 3.1: records of attributes, each
 * a name and a value that end with a NUL; an empty name ends a record, an empty
 * record the answer. Since 3.4 the first record names the protocol. One record is
 * one message:
 *
 *	queue_name time size, which are counted, and addresses and reasons, which
 *	are passed over and kept nowhere
 */
#ifndef SYSTEM_HEALTH_SHOWQ_H
#define SYSTEM_HEALTH_SHOWQ_H

#include "mail.h"

#include <stddef.h>

enum { SHOWQ_QUEUES = 5, SHOWQ_TEXT_SIZE = 32 };

extern const char *const showq_queue_names[SHOWQ_QUEUES];

/* A zeroed struct stands at the beginning of an answer. */
struct showq {
	struct mail_queue queues[SHOWQ_QUEUES];
	uint64_t messages; /* of all */
	/* The record that is being read. */
	bool in_value;
	bool wanted; /* the value is one that is counted */
	size_t pairs;
	char name[SHOWQ_TEXT_SIZE], value[SHOWQ_TEXT_SIZE];
	size_t size;  /* of whichever is being read */
	size_t queue; /* SHOWQ_QUEUES: one that is not known */
	uint64_t time_s, bytes;
	unsigned int known; /* which of the three were there */
};

enum showq_result { SHOWQ_MORE, SHOWQ_END, SHOWQ_BROKEN };

/* Reads on. After SHOWQ_END or SHOWQ_BROKEN nothing more may come. */
enum showq_result showq_feed(struct showq *showq, const char *bytes, size_t n);

#endif
