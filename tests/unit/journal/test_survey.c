/* SPDX-License-Identifier: Apache-2.0 */
/* How far cursors are behind, wherever they point. */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "journal/survey.h"

#include "cases.h"
#include "folder.h"
#include "segment_file.h"

#include <stdio.h>
#include <stdlib.h>

enum { N_FRAMES = 5 };

static const uint64_t epochs[3] = { 70, 80, 90 };

/* Three segments of three lives: frames 11 to 15, 16 to 20, 21 to 25. */
static char *make_state(uint64_t *offsets)
{
	char *state_dir = folder_make();
	CLEANUP_FREE char *journal = path_join(state_dir, "journal");

	assert_int_equal(folder_create(journal, 0750), 0);
	for (uint64_t i = 0; i < 3; i++) {
		struct segment_header header = {
			.version = JOURNAL_VERSION,
			.kind = SEGMENT_FRAMES,
			.epoch = epochs[i],
			.first_sequence = 11 + i * N_FRAMES,
		};
		struct segment segment;

		segment_file_write(journal, &header, N_FRAMES, &segment, offsets);
		segment_close(&segment);
	}
	return state_dir;
}

static struct survey_cursor lag_of(
	const char *state_dir, uint64_t epoch, uint64_t sequence)
{
	struct cursor_record record = { .acknowledged = { epoch, sequence, 0 } };
	CLEANUP(survey_finish) struct survey survey = { 0 };
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	CLEANUP_FREE char *folder = path_join(state_dir, "cursors");
	CLEANUP_FREE char *path = path_join(folder, "a.cursor");
	struct cursor cursor;

	assert_int_equal(folder_create(folder, 0750), 0);
	assert_int_equal(cursor_create(&cursor, path, &record), 0);
	cursor_close(&cursor);
	assert_int_equal(survey_make(&survey, state_dir, &why), 0);
	assert_int_equal(survey.n_segments, 3);
	return survey.lags[0];
}

static void a_cursor_is_behind_what_follows_it_in_all_segments(void **state)
{
	static const struct {
		uint64_t epoch, sequence, behind, lost;
	} rows[] = {
		{ 70, 11, 15, 0 }, { 70, 13, 13, 0 },
		{ 70, 16, 10, 0 }, /* at the end of its segment */
		{ 80, 16, 10, 0 }, { 90, 25, 1, 0 }, { 90, 26, 0, 0 },
		{ 80, 99, 5, 0 },  /* power loss took back what it points to */
		{ 60, 11, 15, 0 }, /* its segment is gone, and all of it was taken */
		{ 60, 4, 15, 7 },  /* ... and not all of it was */
	};
	uint64_t offsets[N_FRAMES];
	char *state_dir = make_state(offsets);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct survey_cursor lag =
			lag_of(state_dir, rows[i].epoch, rows[i].sequence);

		assert_true(lag.frames_behind == rows[i].behind);
		assert_true(lag.frames_lost == rows[i].lost);
	}
	/* Each segment has the same bytes; the second frame is the first's neighbour. */
	assert_true(lag_of(state_dir, 70, 12).bytes_behind + offsets[1] - offsets[0] ==
		    lag_of(state_dir, 70, 11).bytes_behind);
	folder_remove(state_dir);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(a_cursor_is_behind_what_follows_it_in_all_segments),
};

CASES_MAIN(cases)
