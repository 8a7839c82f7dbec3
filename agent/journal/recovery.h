/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The states as a journal's files have them: the newest snapshot that is sound, and
 * on top of it what the frames behind it changed. At the start of the journal, and
 * for those who only look. Blocks; memory is bounded by the states and by what one
 * segment defines.
 */
#ifndef JOURNAL_RECOVERY_H
#define JOURNAL_RECOVERY_H

#include "base/list.h"
#include "format.h"
#include "states.h"

struct recovery {
	struct states states; /* owned */
	struct position end;  /* all frames before it are in them */
	/* The last two snapshots that are sound cover all frames before these
	 * sequences; 0: there is none. */
	uint64_t newest_covers, other_covers;
	uint64_t highest_number, newest_number; /* of any snapshot, of the newest sound */
	uint64_t n_frames;                      /* that were read behind the snapshot */
	uint64_t n_lost; /* changes that could not be read or applied */
};

/* Whether the folder has a snapshot of a newer version: its path, owned by the
 * caller; NULL where it has none. */
char *recovery_find_newer(const char *folder);

/* Finds the states. segments: what segments_find found; each is told whether it
 * changes a state that the snapshots do not cover (states_end). With repair, damaged
 * snapshots are moved to <folder>/quarantine. 0; -EPROTONOSUPPORT; -ENOENT: a file
 * was removed meanwhile, which only happens to those who look; or another negative errno.
 */
int recovery_read(struct recovery *recovery, const char *folder,
	const struct list *segments, bool repair);

/* The same for those who only look, also beside an agent that writes: nothing is
 * changed, and what is removed meanwhile is looked for again. A problem is told in
 * words in why. 0 or a negative errno. */
int recovery_look(const char *folder, struct recovery *recovery, struct buffer *why);

void recovery_finish(struct recovery *recovery);

#endif
