/* SPDX-License-Identifier: Apache-2.0 */
/* Finding the segments of a folder again: versions, damaged headers, other names. */
#include "base/cleanup.h"
#include "base/file.h"
#include "journal/reader.h"
#include "journal/segments.h"

#include "cases.h"
#include "folder.h"
#include "segment_file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct segment_header header_of(uint64_t first_sequence)
{
	return (struct segment_header){
		.version = JOURNAL_VERSION,
		.kind = SEGMENT_FRAMES,
		.epoch = UINT64_C(0x1122334455667788),
		.first_sequence = first_sequence,
	};
}

static char *make_segment(const char *folder, uint64_t first_sequence)
{
	struct segment_header header = header_of(first_sequence);
	struct segment segment;
	char *path;

	segment_file_write(folder, &header, 1, &segment, NULL);
	path = strdup(segment.frames.path);
	segment_close(&segment);
	return path;
}

static void set_version(const char *path, uint32_t kind, uint32_t version)
{
	struct segment_header header = header_of(20);
	uint8_t bytes[SEGMENT_HEADER_SIZE];

	header.kind = kind;
	header.version = version;
	segment_header_put(bytes, &header);
	segment_file_damage(path, 0, bytes, sizeof(bytes));
}

/* How many segments there are, or a negative errno. */
static int find(const char *folder, bool repair, struct segments_scan *scan)
{
	struct list segments;
	int r, n = 0;

	list_init(&segments);
	r = segments_find(folder, repair, &segments, scan);
	list_each(link, &segments) n++;
	segments_free(&segments);
	return r < 0 ? r : n;
}

static size_t count_files(const char *folder)
{
	CLEANUP_CLOSEDIR DIR *directory = opendir(folder);
	size_t n = 0;

	while (readdir(directory))
		n++;
	return n;
}

static void beside_a_newer_version_nothing_is_touched(void **state)
{
	static const enum segment_kind kinds[] = { SEGMENT_FRAMES, SEGMENT_DEFINITIONS };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char *folder = folder_make();
		CLEANUP_FREE char *first = make_segment(folder, 10);
		CLEANUP_FREE char *second = make_segment(folder, 20);
		CLEANUP_FREE char *third = make_segment(folder, 30);
		CLEANUP_FREE char *newer = kinds[i] == SEGMENT_FRAMES
						   ? strdup(second)
						   : segment_series_path(second);
		struct segments_scan scan = { 0 };
		size_t n = count_files(folder);

		/* Damage before and behind it, in whatever order they are found. */
		segment_file_damage(first, 0, "garbage", 7);
		segment_file_damage(third, 0, "garbage", 7);
		set_version(newer, kinds[i], JOURNAL_VERSION + 1);
		assert_int_equal(find(folder, true, &scan), -EPROTONOSUPPORT);
		assert_string_equal(scan.newer, newer);
		assert_int_equal(count_files(folder), n);
		assert_int_equal(access(first, F_OK), 0);
		segments_scan_finish(&scan);
		folder_remove(folder);
	}
}

static void an_older_version_is_read(void **state)
{
	char *folder = folder_make();
	CLEANUP_FREE char *path = make_segment(folder, 20);
	struct segments_scan scan = { 0 };
	struct reader reader;
	struct frame frame;

	(void)state;
	set_version(path, SEGMENT_FRAMES, JOURNAL_VERSION - 1);
	assert_int_equal(find(folder, true, &scan), 1);
	assert_true(scan.next_sequence == 21);
	segments_scan_finish(&scan);
	assert_int_equal(reader_open(&reader, path), 0);
	assert_int_equal(reader.header.version, JOURNAL_VERSION - 1);
	assert_int_equal(reader_next(&reader, UINT64_MAX, &frame), READER_FRAME);
	reader_close(&reader);
	folder_remove(folder);
}

static void a_damaged_header_is_written_anew_and_one_of_another_file_moved(void **state)
{
	char *folder = folder_make();
	CLEANUP_FREE char *first = make_segment(folder, 10);
	CLEANUP_FREE char *second = make_segment(folder, 20);
	CLEANUP_FREE char *third = make_segment(folder, 30);
	CLEANUP_FREE char *renamed = NULL;
	CLEANUP_FREE char *quarantine = path_join(folder, "quarantine");
	struct segments_scan scan = { 0 };

	(void)state;
	assert_non_null(third);
	segment_file_damage(first, 0, "garbage", 7);
	assert_true(asprintf(&renamed, "%s/00000000000000000025-00000000000000ff.segment",
			    folder) > 0);
	assert_int_equal(rename(second, renamed), 0);
	assert_int_equal(find(folder, false, &scan), 1);
	assert_true(scan.n_damaged == 2);
	segments_scan_finish(&scan);
	assert_int_equal(access(quarantine, F_OK), -1);
	assert_int_equal(find(folder, true, &scan), 2);
	assert_true(scan.n_damaged == 2 && scan.next_sequence == 31);
	assert_true(scan.n_restored == 1 && scan.n_set_aside == 1);
	segments_scan_finish(&scan);
	assert_int_equal(access(first, F_OK), 0);
	assert_int_equal(access(renamed, F_OK), -1);
	/* Each with its reason, and the folder itself twice. */
	assert_int_equal(count_files(quarantine), 2 * 2 + 2);
	assert_int_equal(find(folder, true, &scan), 2);
	assert_true(scan.n_damaged == 0);
	segments_scan_finish(&scan);
	folder_remove(folder);
}

static void a_file_that_goes_while_the_folder_is_read_is_passed_over(void **state)
{
	char *folder = folder_make();
	CLEANUP_FREE char *path = make_segment(folder, 10);
	CLEANUP_FREE char *gone =
		path_join(folder, "00000000000000000005-00000000000000ff.segment");
	struct segments_scan scan = { 0 };

	(void)state;
	assert_non_null(path);
	/* In the list of the folder, and not to be opened. */
	assert_int_equal(symlink("nowhere", gone), 0);
	assert_int_equal(find(folder, false, &scan), 1);
	assert_int_equal(scan.n_damaged, 0);
	segments_scan_finish(&scan);
	folder_remove(folder);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(beside_a_newer_version_nothing_is_touched),
	cmocka_unit_test(an_older_version_is_read),
	cmocka_unit_test(a_damaged_header_is_written_anew_and_one_of_another_file_moved),
	cmocka_unit_test(a_file_that_goes_while_the_folder_is_read_is_passed_over),
};

CASES_MAIN(cases)
