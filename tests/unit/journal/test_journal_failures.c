/* SPDX-License-Identifier: Apache-2.0 */
/* The journal on a disk that fails: what is told, what stays, what comes after. */
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/macros.h"
#include "journal/segments.h"
#include "journal/snapshot.h"

#include "cases.h"
#include "fixture.h"
#include "loop.h"
#include "parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the disk ---------------------------------------------------------- */

static atomic_int sync_error, write_error, open_error, space_error;

int __real_fdatasync(int fd);
ssize_t __real_pwrite(int fd, const void *from, size_t n, off_t offset);
int __real_open(const char *path, int flags, ...);
int __real_posix_fallocate(int fd, off_t offset, off_t n);
int __wrap_fdatasync(int fd);
ssize_t __wrap_pwrite(int fd, const void *from, size_t n, off_t offset);
int __wrap_open(const char *path, int flags, ...);
int __wrap_posix_fallocate(int fd, off_t offset, off_t n);

static int fails_with(int error)
{
	errno = error;
	return -1;
}

int __wrap_fdatasync(int fd)
{
	return sync_error ? fails_with(sync_error) : __real_fdatasync(fd);
}

/* A write that fails leaves something behind. */
ssize_t __wrap_pwrite(int fd, const void *from, size_t n, off_t offset)
{
	if (write_error && n > SEGMENT_HEADER_SIZE) {
		assert_true(__real_pwrite(fd, from, n / 2, offset) > 0);
		return fails_with(write_error);
	}
	return __real_pwrite(fd, from, n, offset);
}

int __wrap_open(const char *path, int flags, ...)
{
	mode_t mode;
	va_list more;

	va_start(more, flags);
	mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
	va_end(more);
	if (open_error && (flags & O_CREAT))
		return fails_with(open_error);
	return __real_open(path, flags, mode);
}

int __wrap_posix_fallocate(int fd, off_t offset, off_t n)
{
	return space_error ? space_error : __real_posix_fallocate(fd, offset, n);
}

static void disk_works(void)
{
	sync_error = write_error = open_error = space_error = 0;
}

/* ---- helpers ----------------------------------------------------------- */

static void begin(struct fixture *fixture, enum journal_sync sync, uint64_t reserve)
{
	disk_works();
	fixture_init(fixture);
	close_journal(fixture);
	fixture->settings.sync = sync;
	fixture->settings.sync_interval.ns = NS_PER_MS;
	fixture->settings.reserve.bytes = reserve;
	fixture->settings.segment_size.bytes = 1u << 20;
	open_journal(fixture);
}

/* Appends; where the journal takes nothing, turns the loop until it does. */
static int append_patiently(struct fixture *fixture, struct part *part)
{
	int r;

	fixture->settled = false;
	while ((r = journal_append(fixture->journal, fixture->source, part,
			fixture_on_done, fixture)) == -EAGAIN)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	assert_int_equal(r, 0);
	loop_run_until(&fixture->loop, &fixture->settled);
	return fixture->result;
}

/* Whether the journal asks to wait. */
static bool takes_nothing(struct fixture *fixture)
{
	struct part *part = parts_make(0, 1, 0, true);
	int r = journal_append(
		fixture->journal, fixture->source, part, fixture_on_done, fixture);

	assert_int_equal(r, -EAGAIN);
	part_destroy(part);
	return true;
}

static bool reserve_is_there(const struct fixture *fixture)
{
	CLEANUP_FREE char *path = path_join(fixture->folder, "reserve");
	struct stat status;

	return stat(path, &status) == 0 &&
	       (uint64_t)status.st_size == fixture->settings.reserve.bytes;
}

/* Turns the loop until all that was written can be read. */
static void until_readable(struct fixture *fixture)
{
	struct position oldest = journal_oldest(fixture->journal);
	struct position end = journal_end(fixture->journal);

	for (;;) {
		struct position position = oldest;
		struct journal_extent extent;
		uint64_t lost;

		while (journal_locate(fixture->journal, &position, &extent, &lost))
			position.sequence = extent.end_sequence;
		if (position.sequence == end.sequence)
			return;
		uv_run(&fixture->loop, UV_RUN_ONCE);
	}
}

/* ---- cases ------------------------------------------------------------- */

static void a_failed_sync_fails_the_parts_that_it_was_to_commit(void **state)
{
	struct fixture fixture;
	struct position oldest;

	(void)state;
	begin(&fixture, JOURNAL_SYNC_COMMIT, 0);
	oldest = journal_end(fixture.journal);
	assert_int_equal(append(&fixture, parts_make(0, 10, 0, true)), 0);
	sync_error = EIO;
	assert_int_equal(append(&fixture, parts_make(0, 10, 7777, false)), -EIO);
	assert_int_equal(fixture.health, -EIO);
	assert_int_equal(read_from(&fixture, oldest, 0), 10);
	sync_error = 0;
	assert_int_equal(append_patiently(&fixture, parts_make(0, 10, 10, false)), 0);
	assert_int_equal(fixture.health, 0);
	assert_int_equal(read_from(&fixture, oldest, 0), 20);
	close_journal(&fixture);
	open_journal(&fixture);
	assert_int_equal(read_from(&fixture, oldest, 0), 20);
	fixture_finish(&fixture);
}

static void a_failed_sync_with_an_interval_leaves_what_was_told_readable(void **state)
{
	struct fixture fixture;
	struct position oldest;

	(void)state;
	begin(&fixture, JOURNAL_SYNC_INTERVAL, 0);
	oldest = journal_end(fixture.journal);
	sync_error = EIO;
	assert_int_equal(append(&fixture, parts_make(0, 10, 0, true)), 0);
	until_readable(&fixture);
	assert_int_equal(fixture.health, 0);
	sync_error = 0;
	assert_int_equal(append(&fixture, parts_make(0, 10, 10, false)), 0);
	until_readable(&fixture);
	assert_int_equal(read_from(&fixture, oldest, 0), 20);
	assert_int_equal(count_files(fixture.folder, ".segment"), 2);
	fixture_finish(&fixture);
}

static void positions_of_failed_parts_are_not_used_again(void **state)
{
	struct fixture fixture;
	struct position failed;

	(void)state;
	begin(&fixture, JOURNAL_SYNC_COMMIT, 0);
	assert_int_equal(append(&fixture, parts_make(0, 10, 0, true)), 0);
	sync_error = EIO;
	append(&fixture, parts_make(0, 10, 7777, false));
	failed = fixture.position;
	sync_error = 0;
	assert_int_equal(append_patiently(&fixture, parts_make(0, 10, 10, false)), 0);
	assert_true(fixture.position.epoch != failed.epoch);
	write_error = EIO;
	append(&fixture, parts_make(0, 10, 7777, false));
	failed = fixture.position;
	write_error = 0;
	assert_int_equal(append_patiently(&fixture, parts_make(0, 10, 20, false)), 0);
	assert_true(fixture.position.epoch != failed.epoch);
	fixture_finish(&fixture);
}

/* The bytes of the oldest segment. */
static char *oldest_path(const struct fixture *fixture)
{
	struct position position = journal_oldest(fixture->journal);
	struct journal_extent extent;
	uint64_t lost;

	journal_locate(fixture->journal, &position, &extent, &lost);
	return strdup(extent.path);
}

static void write_file(const char *path, const struct buffer *bytes)
{
	int fd = __real_open(path, O_WRONLY | O_CREAT | O_TRUNC, 0640);

	assert_true(fd >= 0);
	assert_int_equal(file_write(fd, bytes->data, bytes->size), 0);
	close(fd);
}

static void remove_snapshots(const struct fixture *fixture)
{
	CLEANUP_FREE uint64_t *numbers = NULL;
	size_t n = 0;

	assert_int_equal(snapshots_list(fixture->folder, &numbers, &n), 0);
	for (size_t i = 0; i < n; i++) {
		CLEANUP_FREE char *path = snapshot_path(fixture->folder, numbers[i]);

		assert_non_null(path);
		assert_int_equal(unlink(path), 0);
	}
}

static void a_cut_that_power_loss_takes_back_reveals_nothing(void **state)
{
	CLEANUP(buffer_finish) struct buffer whole = { 0 };
	CLEANUP_FREE char *path = NULL;
	struct fixture fixture;
	struct position oldest;

	(void)state;
	begin(&fixture, JOURNAL_SYNC_COMMIT, 0);
	oldest = journal_end(fixture.journal);
	assert_int_equal(append(&fixture, parts_make(0, 10, 0, true)), 0);
	assert_int_equal(append(&fixture, parts_make(0, 10, 7777, false)), 0);
	path = oldest_path(&fixture);
	assert_int_equal(file_read(path, 1u << 20, &whole), 0);
	close_journal(&fixture);
	/* The same, but the second part failed, in a segment that comes back whole; no
	 * snapshot of states has it. */
	remove_snapshots(&fixture);
	assert_int_equal(truncate(path, (off_t)whole.size - 20), 0);
	open_journal(&fixture);
	write_file(path, &whole);
	for (int i = 0; i < 2; i++) {
		/* First the new segment is empty, then it is not. */
		if (i == 1)
			assert_int_equal(
				append(&fixture, parts_make(0, 10, 10, true)), 0);
		close_journal(&fixture);
		open_journal(&fixture);
		assert_true(journal_end(fixture.journal).sequence ==
			    oldest.sequence + 1 + (uint64_t)i);
		write_file(path, &whole);
	}
	fixture_finish(&fixture);
}

static void a_full_disk_is_told_once_and_lets_appends_wait(void **state)
{
	struct fixture fixture;
	struct position oldest;

	(void)state;
	begin(&fixture, JOURNAL_SYNC_COMMIT, 1u << 16);
	oldest = journal_end(fixture.journal);
	assert_true(reserve_is_there(&fixture));
	assert_int_equal(append(&fixture, parts_make(0, 10, 0, true)), 0);
	write_error = space_error = ENOSPC;
	assert_int_equal(append(&fixture, parts_make(0, 10, 7777, false)), -ENOSPC);
	assert_false(reserve_is_there(&fixture));
	assert_true(takes_nothing(&fixture));
	/* At least one try in vain. */
	uv_run(&fixture.loop, UV_RUN_ONCE);
	assert_true(takes_nothing(&fixture));
	assert_int_equal(fixture.n_health, 1);
	assert_int_equal(read_from(&fixture, oldest, 0), 10);
	disk_works();
	assert_int_equal(append_patiently(&fixture, parts_make(0, 10, 10, false)), 0);
	assert_true(reserve_is_there(&fixture));
	assert_int_equal(fixture.n_health, 2);
	assert_int_equal(read_from(&fixture, oldest, 0), 20);
	fixture_finish(&fixture);
}

static void a_full_disk_can_be_emptied_by_deliveries(void **state)
{
	struct fixture fixture;

	(void)state;
	begin(&fixture, JOURNAL_SYNC_COMMIT, 1u << 16);
	fixture.consumer.position = journal_end(fixture.journal);
	journal_add_consumer(fixture.journal, &fixture.consumer);
	assert_int_equal(append(&fixture, parts_make(0, 10, 0, true)), 0);
	write_error = space_error = ENOSPC;
	assert_int_equal(append(&fixture, parts_make(0, 10, 7777, false)), -ENOSPC);
	/* What was in use is closed, so that it can go. */
	assert_int_equal(count_files(fixture.folder, ".segment"), 2);
	disk_works();
	fixture.position = journal_end(fixture.journal);
	journal_acknowledge(fixture.journal, &fixture.consumer, &fixture.position);
	assert_int_equal(append_patiently(&fixture, parts_make(0, 10, 10, false)), 0);
	fixture.position = journal_end(fixture.journal);
	journal_acknowledge(fixture.journal, &fixture.consumer, &fixture.position);
	assert_int_equal(append(&fixture, parts_make(0, 10, 20, false)), 0);
	assert_int_equal(count_files(fixture.folder, ".segment"), 1);
	journal_remove_consumer(fixture.journal, &fixture.consumer);
	fixture_finish(&fixture);
}

static void a_journal_on_a_full_disk_opens_with_what_was_kept_for_it(void **state)
{
	struct fixture fixture;

	(void)state;
	begin(&fixture, JOURNAL_SYNC_COMMIT, 1u << 16);
	assert_int_equal(append(&fixture, parts_make(0, 10, 0, true)), 0);
	close_journal(&fixture);
	space_error = ENOSPC;
	open_journal(&fixture);
	assert_true(takes_nothing(&fixture));
	disk_works();
	assert_int_equal(append_patiently(&fixture, parts_make(0, 10, 10, true)), 0);
	fixture_finish(&fixture);
}

static void a_stop_on_a_full_disk_does_not_wait(void **state)
{
	struct fixture fixture;

	(void)state;
	begin(&fixture, JOURNAL_SYNC_COMMIT, 1u << 16);
	write_error = space_error = ENOSPC;
	assert_int_equal(append(&fixture, parts_make(0, 10, 0, true)), -ENOSPC);
	journal_hurry(fixture.journal);
	assert_int_equal(append(&fixture, parts_make(0, 10, 0, true)), -ENOSPC);
	fixture_finish(&fixture);
}

static void no_descriptor_for_a_segment_is_told_once_and_tried_again(void **state)
{
	struct fixture fixture;
	struct position oldest;
	int64_t value = 0;

	(void)state;
	begin(&fixture, JOURNAL_SYNC_COMMIT, 1u << 16);
	oldest = journal_end(fixture.journal);
	open_error = EMFILE;
	while (append(&fixture, parts_make(0, 10000, value, true)) == 0)
		value += 10000;
	assert_int_equal(fixture.result, -EMFILE);
	assert_true(takes_nothing(&fixture));
	uv_run(&fixture.loop, UV_RUN_ONCE);
	assert_true(takes_nothing(&fixture));
	assert_int_equal(fixture.n_health, 1);
	disk_works();
	assert_int_equal(append_patiently(&fixture, parts_make(0, 10, value, true)), 0);
	assert_int_equal(fixture.n_health, 2);
	assert_int_equal(read_from(&fixture, oldest, 0), value + 10);
	fixture_finish(&fixture);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(a_failed_sync_fails_the_parts_that_it_was_to_commit),
	cmocka_unit_test(a_failed_sync_with_an_interval_leaves_what_was_told_readable),
	cmocka_unit_test(positions_of_failed_parts_are_not_used_again),
	cmocka_unit_test(a_cut_that_power_loss_takes_back_reveals_nothing),
	cmocka_unit_test(a_full_disk_is_told_once_and_lets_appends_wait),
	cmocka_unit_test(a_full_disk_can_be_emptied_by_deliveries),
	cmocka_unit_test(a_journal_on_a_full_disk_opens_with_what_was_kept_for_it),
	cmocka_unit_test(a_stop_on_a_full_disk_does_not_wait),
	cmocka_unit_test(no_descriptor_for_a_segment_is_told_once_and_tried_again),
};

CASES_MAIN(cases)
