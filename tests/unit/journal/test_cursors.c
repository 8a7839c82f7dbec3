/* SPDX-License-Identifier: Apache-2.0 */
/* The folder of cursors: what is in it, and how one goes or changes its name. */
#include "base/cleanup.h"
#include "base/file.h"
#include "journal/cursors.h"

#include "cases.h"
#include "folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void make(const char *folder, const char *id, uint64_t sequence)
{
	struct cursor_record record = { .acknowledged = { 7, sequence, 0 } };
	CLEANUP_FREE char *path = NULL;
	struct cursor cursor;

	assert_true(asprintf(&path, "%s/%s.cursor", folder, id) > 0);
	assert_int_equal(cursor_create(&cursor, path, &record), 0);
	cursor_close(&cursor);
}

static uint64_t sequence_of(const char *folder, const char *id)
{
	CLEANUP(cursors_finish) struct cursors cursors = { 0 };
	const struct known_cursor *cursor;

	assert_int_equal(cursors_load(&cursors, folder), 0);
	cursor = cursors_find(&cursors, id);
	return cursor ? cursor->record.acknowledged.sequence : 0;
}

static void cursors_are_read_in_the_order_of_their_ids(void **state)
{
	CLEANUP(cursors_finish) struct cursors cursors = { 0 };
	CLEANUP_FREE char *other = NULL;
	char *folder = folder_make();
	FILE *file;

	(void)state;
	make(folder, "b", 2);
	make(folder, "a.b", 3);
	make(folder, "c", 4);
	assert_true(asprintf(&other, "%s/x.cursor.new", folder) > 0);
	file = fopen(other, "w");
	fclose(file);
	assert_int_equal(cursors_load(&cursors, folder), 0);
	assert_int_equal(cursors.n, 3);
	assert_string_equal(cursors.items[0].id, "a.b");
	assert_string_equal(cursors.items[2].id, "c");
	assert_int_equal(cursors.items[2].result, 0);
	assert_true(cursors.items[2].record.acknowledged.sequence == 4);
	folder_remove(folder);
}

static void a_folder_that_is_not_there_has_no_cursors(void **state)
{
	CLEANUP(cursors_finish) struct cursors cursors = { 0 };

	(void)state;
	assert_int_equal(cursors_load(&cursors, "/nowhere/at/all"), 0);
	assert_int_equal(cursors.n, 0);
}

static void a_damaged_cursor_is_listed_as_such(void **state)
{
	CLEANUP(cursors_finish) struct cursors cursors = { 0 };
	CLEANUP_FREE char *path = NULL;
	char *folder = folder_make();

	(void)state;
	make(folder, "a", 2);
	assert_true(asprintf(&path, "%s/a.cursor", folder) > 0);
	assert_int_equal(truncate(path, 10), 0);
	assert_int_equal(cursors_load(&cursors, folder), 0);
	assert_int_equal(cursors.items[0].result, -EBADMSG);
	folder_remove(folder);
}

static void a_cursor_changes_its_name_and_overwrites_none(void **state)
{
	char *folder = folder_make();

	(void)state;
	make(folder, "old", 5);
	make(folder, "other", 9);
	assert_int_equal(cursors_rename(folder, "old", "other"), -EEXIST);
	assert_true(sequence_of(folder, "old") == 5);
	assert_true(sequence_of(folder, "other") == 9);
	assert_int_equal(cursors_rename(folder, "old", "new"), 0);
	assert_true(sequence_of(folder, "new") == 5);
	assert_true(sequence_of(folder, "old") == 0);
	assert_int_equal(cursors_rename(folder, "old", "newer"), -ENOENT);
	folder_remove(folder);
}

static void a_cursor_is_dropped_once(void **state)
{
	char *folder = folder_make();

	(void)state;
	make(folder, "old", 5);
	assert_int_equal(cursors_drop(folder, "old"), 0);
	assert_int_equal(cursors_drop(folder, "old"), -ENOENT);
	folder_remove(folder);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(cursors_are_read_in_the_order_of_their_ids),
	cmocka_unit_test(a_folder_that_is_not_there_has_no_cursors),
	cmocka_unit_test(a_damaged_cursor_is_listed_as_such),
	cmocka_unit_test(a_cursor_changes_its_name_and_overwrites_none),
	cmocka_unit_test(a_cursor_is_dropped_once),
};

CASES_MAIN(cases)
