/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Space that is kept for the moment in which the disk is full: a preallocated file,
 * <folder>/reserve. It is given up when an append finds no space, so that what is
 * needed to get out of there can be written: the header of a new segment (without
 * which the full one could never be removed), cursors of new sinks, snapshots. What
 * is collected is taken again once there is room for the file and for as much again,
 * so that the journal does not live from hand to mouth on the last block. Blocks; the
 * writer's thread, or the start.
 */
#ifndef JOURNAL_RESERVE_H
#define JOURNAL_RESERVE_H

#include <stdbool.h>
#include <stdint.h>

struct reserve {
	char *path;    /* owned */
	uint64_t size; /* 0: there is none */
	bool is_whole;
};

/* 0 or -ENOMEM. Nothing is written yet. */
int reserve_init(struct reserve *reserve, const char *folder, uint64_t size);
void reserve_finish(struct reserve *reserve);

/* Makes the file whole; with headroom only where there is as much space beside it. 0
 * or a negative errno, and then it is given up. */
int reserve_fill(struct reserve *reserve, bool headroom);

/* Gives the space up. */
void reserve_release(struct reserve *reserve);

#endif
