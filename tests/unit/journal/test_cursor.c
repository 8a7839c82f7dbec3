/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cleanup.h"
#include "base/file.h"
#include "journal/cursor.h"
#include "journal/lock.h"

#include "cases.h"
#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct cursor_record record_of(uint64_t sequence)
{
	struct cursor_record record = {
		.acknowledged = { 7, sequence, 3 },
		.has_batch = true,
		.n_records = 5,
		.shape = 99,
		.end = { 7, sequence + 2, 0 },
		.lost_frames = sequence * 10,
		.lost_samples = sequence * 100,
		.note_size = 4,
	};

	memcpy(record.note, "note", 4);
	return record;
}

static void assert_reads(const char *path, uint64_t sequence)
{
	struct cursor_record record;
	struct cursor cursor;

	assert_int_equal(cursor_open(&cursor, path, &record), 0);
	assert_true(record.acknowledged.sequence == sequence);
	assert_int_equal(record.acknowledged.index, 3);
	assert_true(record.has_batch);
	assert_true(record.end.sequence == sequence + 2);
	assert_int_equal(record.lost_frames, sequence * 10);
	assert_int_equal(record.lost_samples, sequence * 100);
	assert_int_equal(record.note_size, 4);
	assert_memory_equal(record.note, "note", 4);
	cursor_close(&cursor);
}

static void a_torn_write_leaves_the_record_before(void **state)
{
	char *folder = folder_make();
	CLEANUP_FREE char *path = path_join(folder, "archive.cursor");
	struct cursor_record record = record_of(1);
	struct cursor cursor;

	(void)state;
	assert_int_equal(cursor_open(&cursor, path, &record), -ENOENT);
	assert_int_equal(cursor_create(&cursor, path, &record), 0);
	assert_reads(path, 1);
	for (uint64_t i = 2; i < 6; i++) {
		off_t slot = cursor.counter % 2 ? 0 : CURSOR_SLOT_SIZE;

		record = record_of(i);
		assert_int_equal(cursor_write(&cursor, &record, true), 0);
		assert_reads(path, i);
		/* The slot that was just written is damaged: the older one counts. */
		file_write_at(cursor.fd, "\xff", 1, slot + 20);
		assert_reads(path, i - 1);
		assert_int_equal(cursor_write(&cursor, &record, true), 0);
		assert_int_equal(cursor_write(&cursor, &record, true), 0);
	}
	cursor_close(&cursor);
	folder_remove(folder);
}

static void two_damaged_slots_are_told(void **state)
{
	char *folder = folder_make();
	CLEANUP_FREE char *path = path_join(folder, "archive.cursor");
	struct cursor_record record = record_of(1);
	struct cursor cursor;

	(void)state;
	assert_int_equal(cursor_create(&cursor, path, &record), 0);
	assert_int_equal(ftruncate(cursor.fd, 100), 0);
	cursor_close(&cursor);
	assert_int_equal(cursor_open(&cursor, path, &record), -EBADMSG);
	cursor_close(&cursor);
	folder_remove(folder);
}

static void a_second_agent_learns_who_has_the_state_folder(void **state)
{
	char *folder = folder_make();
	int holder = 0, fd = lock_take(folder, &holder);

	(void)state;
	assert_true(fd >= 0);
	if (fork() == 0) {
		int r = lock_take(folder, &holder);

		_exit(r == -EWOULDBLOCK && holder == getppid() ? 0 : 1);
	} else {
		int status;

		wait(&status);
		assert_int_equal(status, 0);
	}
	lock_release(fd);
	fd = lock_take(folder, &holder);
	assert_true(fd >= 0);
	lock_release(fd);
	folder_remove(folder);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(a_torn_write_leaves_the_record_before),
	cmocka_unit_test(two_damaged_slots_are_told),
	cmocka_unit_test(a_second_agent_learns_who_has_the_state_folder),
};

CASES_MAIN(cases)
