/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A batch that a receiver refuses for good is halved until the record is found that it
 * does not take, which goes to the dead letters; the others arrive. Each half is a batch
 * of its own, with an id of its own, recorded before it is sent.
 *
 * What is known of the refused batch: how many of its records are left, from the
 * delivery's end on. While a part of them is refused, a half of that part is tried; when
 * a half was taken, the poison is in the rest.
 */
#ifndef DELIVER_SPLIT_H
#define DELIVER_SPLIT_H

#include <stdint.h>

/* After so many requests for one batch, what is left of it goes to the dead letters. */
#define SPLIT_MAX_REQUESTS 64

struct split {
	uint32_t left;       /* records; 0: nothing is being split */
	uint32_t suspect;    /* of them, the first so many hold poison */
	uint32_t next;       /* records of the next batch */
	uint32_t buries;     /* records that are given up now; 0: none */
	unsigned int n_sent; /* requests since the batch was refused */
};

/* A batch of n records was refused; it is the one to split, or a part of that. Says in
 * next or buries what to do. */
void split_refused(struct split *split, uint32_t n);

/* One of n records was taken. */
void split_taken(struct split *split, uint32_t n);

/* What was to be buried is. */
void split_buried(struct split *split);

#endif
