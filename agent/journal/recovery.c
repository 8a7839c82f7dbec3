/* SPDX-License-Identifier: Apache-2.0 */
#include "recovery.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/macros.h"
#include "quarantine.h"
#include "segments.h"
#include "snapshot.h"
#include "tail.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How often a look begins anew, where files go while it lasts. */
#define LOOKS 20

void recovery_finish(struct recovery *recovery)
{
	states_finish(&recovery->states);
}

/* ---- snapshots --------------------------------------------------------- */

char *recovery_find_newer(const char *folder)
{
	CLEANUP_FREE uint64_t *numbers = NULL;
	size_t n = 0;

	if (snapshots_list(folder, &numbers, &n) < 0)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		struct states states = { 0 };
		struct position end;
		int r = snapshot_read(folder, numbers[i], &states, &end);

		states_finish(&states);
		if (r == -EPROTONOSUPPORT)
			return snapshot_path(folder, numbers[i]);
	}
	return NULL;
}

static void set_aside(const char *folder, uint64_t number, bool repair)
{
	CLEANUP_FREE char *path = snapshot_path(folder, number);
	int r = 0;

	if (path && repair)
		r = quarantine_file(
			folder, path, "it is no undamaged snapshot of states");
	log_warning("journal",
		"'%s' is damaged: the states come from another snapshot or from frames%s",
		path ? path : folder, r < 0 ? "; it cannot be set aside" : "");
}

/* The newest that is sound becomes the states; of the one before, what it covers. Where
 * neither has a key, what is before them is not needed in place of the newest: it would
 * add up to nothing again. */
static int read_snapshots(struct recovery *recovery, const char *folder, bool repair)
{
	CLEANUP_FREE uint64_t *numbers = NULL;
	size_t n = 0, n_sound = 0, n_states = 0;
	int r = snapshots_list(folder, &numbers, &n);

	if (r < 0)
		return r;
	recovery->highest_number = n > 0 ? numbers[0] : 0;
	for (size_t i = 0; i < n && n_sound < 2; i++) {
		struct states states = { 0 };
		struct position end;

		r = snapshot_read(folder, numbers[i], &states, &end);
		if (r == -EBADMSG)
			set_aside(folder, numbers[i], repair);
		else if (r < 0)
			break;
		if (r < 0)
			continue;
		n_states += states.n;
		if (n_sound++ == 0) {
			recovery->states = states;
			recovery->end = end;
			recovery->newest_covers = end.sequence;
			recovery->newest_number = numbers[i];
		} else {
			states_finish(&states);
			recovery->other_covers = end.sequence;
		}
	}
	if (n_states == 0)
		recovery->other_covers = recovery->newest_covers;
	return r == -EBADMSG ? 0 : r;
}

/* ---- frames behind the snapshot ---------------------------------------- */

static int apply(
	struct recovery *recovery, const struct tail *tail, const struct frame_view *view)
{
	const struct known_source *source =
		dictionary_source(&tail->dictionary, view->source);
	struct kept_state *collector;
	int r = source ? states_add(&recovery->states, source->view.collector, &collector)
		       : -EBADMSG;

	if (r == 0)
		r = state_apply(&collector->state, view->state);
	if (r == -ENOMEM)
		return r;
	recovery->n_lost += r < 0;
	return 0;
}

static int replay_segment(struct recovery *recovery, struct segment_info *info)
{
	struct tail tail = { .reader.fd = -1 };
	struct frame_view view;
	struct frame frame;
	uint64_t n_damaged = 0;
	int r = tail_open(&tail, info->path);

	while (r >= 0 && (r = tail_next(&tail, info->extent.size, &frame, &view)) > 0) {
		/* From here on frames failed to be committed; other ones stand in the
		 * next segment. */
		if (frame.header.sequence >= info->extent.end_sequence)
			break;
		if (frame.header.sequence < recovery->newest_covers) {
			n_damaged = tail.n_damaged; /* up to here of no matter */
			continue;
		}
		recovery->n_frames++;
		if (view.state.n == 0)
			continue;
		info->states_end = frame.header.sequence + 1;
		r = apply(recovery, &tail, &view);
	}
	recovery->n_lost += tail.n_damaged - n_damaged;
	tail_close(&tail);
	return MIN(r, 0);
}

/* What of a segment only the newest snapshot covers may have changed a state. */
static void note_covered(const struct recovery *recovery, struct segment_info *info)
{
	uint64_t end = MIN(info->extent.end_sequence, recovery->newest_covers);

	if (end > info->first_sequence && end > recovery->other_covers)
		info->states_end = end;
}

int recovery_read(struct recovery *recovery, const char *folder,
	const struct list *segments, bool repair)
{
	int r;

	*recovery = (struct recovery){ 0 };
	r = read_snapshots(recovery, folder, repair);
	list_each(link, segments)
	{
		struct segment_info *info = container_of(link, struct segment_info, link);

		note_covered(recovery, info);
		if (r == 0 && info->extent.end_sequence > recovery->newest_covers)
			r = replay_segment(recovery, info);
		if (info->extent.end_sequence > recovery->end.sequence)
			recovery->end = (struct position){ info->epoch,
				info->extent.end_sequence, 0 };
	}
	if (r < 0)
		recovery_finish(recovery);
	return r;
}

/* ---- looking ----------------------------------------------------------- */

/* Segments first: one that is gone by the time it is read is covered by snapshots
 * that are newer than what was read, and the look begins anew. */
static int look_once(const char *folder, struct recovery *recovery, struct buffer *why)
{
	struct segments_scan scan = { 0 };
	struct list segments;
	int r;

	list_init(&segments);
	r = segments_find(folder, false, &segments, &scan);
	if (r == 0)
		r = recovery_read(recovery, folder, &segments, false);
	if (r == -EPROTONOSUPPORT)
		buffer_append_format(why,
			"'%s' was written by a newer version of rookery",
			scan.newer ? scan.newer : folder);
	segments_free(&segments);
	segments_scan_finish(&scan);
	return r;
}

int recovery_look(const char *folder, struct recovery *recovery, struct buffer *why)
{
	int r = -ENOENT;

	for (int i = 0; r == -ENOENT && access(folder, F_OK) == 0 && i < LOOKS; i++)
		r = look_once(folder, recovery, why);
	if (r < 0 && why->size == 0)
		buffer_append_format(
			why, "cannot read the states in '%s': %s", folder, strerror(-r));
	return r;
}
