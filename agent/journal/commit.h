/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How parts become committed frames, and what follows where that fails:
 *
 *	            frames          written          synced
 *	commit_add -------> group ---------> written -------> settled
 *	                      |                 |
 *	                      +---- failed -----+--> settled with an errno; a new segment
 *	                                             of a new epoch; perhaps a pause
 *
 * In mode `commit` the fate of a part is told after the sync; otherwise it is settled
 * once it is written. Frames that failed are cut off. A cut may not survive power
 * loss on a disk that fails; but the segment that follows says where the one before
 * ends, and its epoch is another, so that no position ever has two contents.
 *
 * In a pause, appends fail at once. It ends when the reserve is whole and a segment
 * is open, which is tried at growing intervals and at each removal of a segment. The
 * writer's thread alone.
 */
#ifndef JOURNAL_COMMIT_H
#define JOURNAL_COMMIT_H

#include "writer.h"

/* Opens the first segment. Where the disk is full, the reserve of the life before is
 * given up for it and the writer begins with a pause. 0 or a negative errno. */
int commit_begin(struct writer *writer);

/* Adds a part to the group; a full group is written. */
void commit_add(struct writer *writer, struct journal_append *append);

/* Writes what is in the group. */
void commit_write(struct writer *writer);

/* Makes what was written safe and readable. */
void commit_sync(struct writer *writer);

/* Ends the segment: nothing is added to it any more. */
void commit_seal(struct writer *writer);

/* In a pause: tries whether it can end. */
void commit_retry(struct writer *writer);

#endif
