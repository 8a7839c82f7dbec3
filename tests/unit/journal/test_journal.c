/* SPDX-License-Identifier: Apache-2.0 */
/* The journal as its users see it: appends, positions, restarts, retention. */
#include "base/cleanup.h"

#include "cases.h"
#include "fixture.h"
#include "loop.h"
#include "parts.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void what_was_appended_can_be_read_over_segments(void **state)
{
	struct fixture fixture;
	struct position begin;

	(void)state;
	fixture_init(&fixture);
	begin = journal_end(fixture.journal);
	for (int64_t i = 0; i < 200; i++)
		assert_int_equal(
			append(&fixture, parts_make(0, 300, 300 * i, i == 0)), 0);
	/* 64 KiB a segment make several of them. */
	assert_true(journal_bytes_behind(fixture.journal,
			    &(struct journal_extent){ .epoch = begin.epoch,
				    .first_sequence = begin.sequence }) > 64u << 10);
	assert_int_equal(read_from(&fixture, begin, 0), 60000);
	fixture_finish(&fixture);
}

static void positions_are_never_used_twice(void **state)
{
	struct fixture fixture;
	struct position begin, first, second;

	(void)state;
	fixture_init(&fixture);
	begin = journal_end(fixture.journal);
	append(&fixture, parts_make(0, 10, 0, true));
	first = fixture.position;
	close_journal(&fixture);
	open_journal(&fixture);
	append(&fixture, parts_make(0, 10, 10, true));
	second = fixture.position;
	assert_true(second.sequence == first.sequence + 1);
	assert_true(second.epoch != first.epoch);
	assert_int_equal(read_from(&fixture, begin, 0), 20);
	fixture_finish(&fixture);
}

static void opens_without_appends_leave_one_segment(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	for (int i = 0; i < 5; i++) {
		close_journal(&fixture);
		open_journal(&fixture);
	}
	assert_int_equal(count_files(fixture.folder, ".segment"), 1);
	assert_int_equal(count_files(fixture.folder, ".series"), 1);
	fixture_finish(&fixture);
}

static void lives_without_appends_lose_nothing_of_those_before(void **state)
{
	struct fixture fixture;
	struct position begin;

	(void)state;
	fixture_init(&fixture);
	begin = journal_end(fixture.journal);
	append(&fixture, parts_make(0, 50, 0, true));
	for (int i = 0; i < 3; i++) {
		close_journal(&fixture);
		open_journal(&fixture);
	}
	assert_int_equal(read_from(&fixture, begin, 0), 50);
	append(&fixture, parts_make(0, 50, 50, true));
	assert_int_equal(read_from(&fixture, begin, 0), 100);
	fixture_finish(&fixture);
}

static void a_position_whose_segments_were_removed_waits_for_the_next_frame(void **state)
{
	struct fixture fixture;
	struct position end;
	struct journal_extent extent;
	uint64_t lost;

	(void)state;
	fixture_init(&fixture);
	journal_add_consumer(fixture.journal, &fixture.consumer);
	append(&fixture, parts_make(0, 50, 0, true));
	end = journal_end(fixture.journal);
	journal_remove_consumer(fixture.journal, &fixture.consumer);
	close_journal(&fixture);
	open_journal(&fixture);
	fixture.consumer.position = end;
	journal_add_consumer(fixture.journal, &fixture.consumer);
	/* The removal is asked for; a kill before it brings the segment back, and the
	 * empty one goes. */
	journal_acknowledge(fixture.journal, &fixture.consumer, &end);
	assert_false(journal_locate(fixture.journal, &end, &extent, &lost));
	assert_int_equal(lost, 0);
	assert_int_equal(end.epoch, fixture.consumer.position.epoch);
	assert_int_equal(end.sequence, fixture.consumer.position.sequence);
	assert_int_equal(end.index, fixture.consumer.position.index);
	assert_false(journal_is_behind(fixture.journal, &end));
	append(&fixture, parts_make(0, 50, 50, true));
	assert_true(journal_is_behind(fixture.journal, &end));
	assert_int_equal(read_from(&fixture, end, 50), 50);
	journal_remove_consumer(fixture.journal, &fixture.consumer);
	fixture_finish(&fixture);
}

static void a_position_at_the_end_stays_there_over_lives_without_appends(void **state)
{
	struct fixture fixture;
	struct position end;
	struct journal_extent extent;
	uint64_t lost;

	(void)state;
	fixture_init(&fixture);
	append(&fixture, parts_make(0, 50, 0, true));
	end = journal_end(fixture.journal);
	for (int i = 0; i < 3; i++) {
		/* As a sink's cursor does, take over where the journal says to read on.
		 */
		close_journal(&fixture);
		open_journal(&fixture);
		assert_false(journal_locate(fixture.journal, &end, &extent, &lost));
		assert_int_equal(lost, 0);
		if (i == 1)
			end = journal_end(fixture.journal);
	}
	append(&fixture, parts_make(0, 20, 50, true));
	assert_int_equal(read_from(&fixture, end, 50), 20);
	fixture_finish(&fixture);
}

static char *last_segment_path(const struct fixture *fixture)
{
	struct position position = journal_oldest(fixture->journal);
	struct journal_extent extent;
	uint64_t lost;

	journal_locate(fixture->journal, &position, &extent, &lost);
	return strdup(extent.path);
}

static void a_torn_tail_is_cut_and_the_rest_stays(void **state)
{
	struct fixture fixture;
	struct position begin;
	CLEANUP_FREE char *path = NULL;
	struct stat status;

	(void)state;
	fixture_init(&fixture);
	begin = journal_end(fixture.journal);
	append(&fixture, parts_make(0, 100, 0, true));
	append(&fixture, parts_make(0, 100, 100, false));
	append(&fixture, parts_make(0, 100, 200, false));
	path = last_segment_path(&fixture);
	close_journal(&fixture);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(truncate(path, status.st_size - 10), 0);
	open_journal(&fixture);
	append(&fixture, parts_make(0, 100, 200, true));
	assert_int_equal(read_from(&fixture, begin, 0), 300);
	fixture_finish(&fixture);
}

static void segments_that_all_have_passed_are_removed(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	fixture.consumer.position = journal_end(fixture.journal);
	journal_add_consumer(fixture.journal, &fixture.consumer);
	for (int64_t i = 0; i < 200; i++)
		append(&fixture, parts_make(0, 300, 300 * i, i == 0));
	assert_true(count_files(fixture.folder, ".segment") > 2);
	assert_true(fixture.readable);
	fixture.position = journal_end(fixture.journal);
	journal_acknowledge(fixture.journal, &fixture.consumer, &fixture.position);
	/* The next append's answer comes after the removals. */
	append(&fixture, parts_make(0, 1, 0, false));
	assert_int_equal(count_files(fixture.folder, ".segment"), 1);
	journal_remove_consumer(fixture.journal, &fixture.consumer);
	fixture_finish(&fixture);
}

static void beyond_max_size_the_oldest_goes_and_its_loss_is_told(void **state)
{
	struct fixture fixture;
	struct position position;
	struct journal_extent extent;
	uint64_t lost;

	(void)state;
	fixture_init(&fixture);
	close_journal(&fixture);
	fixture.settings.max_size.bytes = 256u << 10;
	open_journal(&fixture);
	position = fixture.consumer.position = journal_end(fixture.journal);
	journal_add_consumer(fixture.journal, &fixture.consumer);
	for (int64_t i = 0; i < 400; i++)
		append(&fixture, parts_make(0, 300, INT64_MAX / 2 + i, i == 0));
	assert_true(count_files(fixture.folder, ".segment") <= 6);
	assert_true(journal_locate(fixture.journal, &position, &extent, &lost));
	assert_true(lost > 0);
	assert_true(position.sequence == fixture.consumer.position.sequence + lost);
	journal_remove_consumer(fixture.journal, &fixture.consumer);
	fixture_finish(&fixture);
}

static void where_all_is_gone_and_nothing_follows_there_is_nothing_to_read(void **state)
{
	struct fixture fixture;
	struct position position;
	struct journal_extent extent;
	uint64_t lost;

	(void)state;
	fixture_init(&fixture);
	position = fixture.consumer.position = journal_end(fixture.journal);
	append(&fixture, parts_make(0, 10, 0, true));
	close_journal(&fixture);
	open_journal(&fixture);
	journal_add_consumer(fixture.journal, &fixture.consumer);
	fixture.settings.max_size.bytes = 1;
	journal_set_bounds(fixture.journal, &fixture.settings);
	journal_acknowledge(fixture.journal, &fixture.consumer, &position);
	assert_false(journal_locate(fixture.journal, &position, &extent, &lost));
	assert_false(journal_is_behind(fixture.journal, &position));
	append(&fixture, parts_make(0, 10, 10, true));
	assert_true(journal_locate(fixture.journal, &position, &extent, &lost));
	assert_int_equal(lost, 1);
	journal_remove_consumer(fixture.journal, &fixture.consumer);
	fixture_finish(&fixture);
}

static void sequences_go_on_where_all_was_delivered_and_removed(void **state)
{
	struct fixture fixture;
	struct position end;

	(void)state;
	fixture_init(&fixture);
	append(&fixture, parts_make(0, 10, 0, true));
	close_journal(&fixture);
	open_journal(&fixture);
	end = fixture.consumer.position = journal_end(fixture.journal);
	/* The sealed segment is passed although nothing follows in the new one. */
	journal_add_consumer(fixture.journal, &fixture.consumer);
	journal_acknowledge(fixture.journal, &fixture.consumer, &end);
	close_journal(&fixture);
	assert_int_equal(count_files(fixture.folder, ".segment"), 1);
	open_journal(&fixture);
	append(&fixture, parts_make(0, 10, 10, true));
	assert_true(fixture.position.sequence == end.sequence);
	assert_int_equal(read_from(&fixture, end, 10), 10);
	fixture_finish(&fixture);
}

static void a_position_of_another_journal_starts_at_the_oldest(void **state)
{
	struct fixture fixture;
	struct position foreign = { 12345, 1000, 0 };
	struct journal_extent extent;
	uint64_t lost;

	(void)state;
	fixture_init(&fixture);
	append(&fixture, parts_make(0, 3, 0, true));
	assert_true(journal_locate(fixture.journal, &foreign, &extent, &lost));
	assert_int_equal(lost, 0);
	assert_true(foreign.sequence == fixture.position.sequence);
	fixture_finish(&fixture);
}

static void a_failed_write_commits_nothing_and_later_ones_work(void **state)
{
	struct rlimit before, small = { 0 };
	struct fixture fixture;
	struct position begin;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	fixture_init(&fixture);
	begin = journal_end(fixture.journal);
	assert_int_equal(append(&fixture, parts_make(0, 10, 0, true)), 0);
	getrlimit(RLIMIT_FSIZE, &before);
	small.rlim_cur = 2000;
	small.rlim_max = before.rlim_max;
	setrlimit(RLIMIT_FSIZE, &small);
	assert_int_equal(append(&fixture, parts_make(0, 300, 7777, true)), -EFBIG);
	assert_int_equal(fixture.health, -EFBIG);
	setrlimit(RLIMIT_FSIZE, &before);
	/* Series that the failed frame would have defined are defined now. */
	assert_int_equal(append(&fixture, parts_make(0, 300, 10, false)), 0);
	assert_int_equal(fixture.health, 0);
	assert_int_equal(read_from(&fixture, begin, 0), 310);
	fixture_finish(&fixture);
}

/* Appends until the journal asks to wait. Returns how many samples it took. */
static int64_t append_until_blocked(struct fixture *fixture, int64_t value)
{
	for (;;) {
		struct part *part = parts_make(0, 300, value, true);

		fixture->settled = false;
		if (journal_append(fixture->journal, fixture->source, part,
			    fixture_on_done, fixture) == -EAGAIN) {
			part_destroy(part);
			return value;
		}
		loop_run_until(&fixture->loop, &fixture->settled);
		assert_int_equal(fixture->result, 0);
		value += 300;
		assert_true(value < 1000000);
	}
}

static void acknowledge_all(struct fixture *fixture)
{
	struct position end = journal_end(fixture->journal);

	journal_acknowledge(fixture->journal, &fixture->consumer, &end);
}

static void a_consumer_that_blocks_lets_appends_wait_until_it_has_caught_up(void **state)
{
	struct fixture fixture;
	struct position begin;
	int64_t value;

	(void)state;
	fixture_init(&fixture);
	begin = fixture.consumer.position = journal_end(fixture.journal);
	fixture.consumer.max_size = 256u << 10;
	fixture.consumer.blocks = true;
	journal_add_consumer(fixture.journal, &fixture.consumer);
	value = append_until_blocked(&fixture, 0);
	assert_true(count_files(fixture.folder, ".segment") >= 4);
	assert_true(count_files(fixture.folder, ".segment") <= 6);
	assert_int_equal(read_from(&fixture, begin, 0), value);
	begin = journal_end(fixture.journal);
	acknowledge_all(&fixture);
	assert_true(append_until_blocked(&fixture, value) > value);
	journal_remove_consumer(fixture.journal, &fixture.consumer);
	assert_int_equal(append(&fixture, parts_make(0, 1, 0, false)), 0);
	fixture_finish(&fixture);
}

static void the_journals_max_size_takes_nothing_from_a_consumer_that_blocks(void **state)
{
	struct fixture fixture;
	struct position begin;
	int64_t value;

	(void)state;
	fixture_init(&fixture);
	close_journal(&fixture);
	fixture.settings.max_size.bytes = 256u << 10;
	open_journal(&fixture);
	begin = fixture.consumer.position = journal_end(fixture.journal);
	fixture.consumer.blocks = true;
	journal_add_consumer(fixture.journal, &fixture.consumer);
	value = append_until_blocked(&fixture, 0);
	assert_int_equal(read_from(&fixture, begin, 0), value);
	acknowledge_all(&fixture);
	assert_int_equal(append(&fixture, parts_make(0, 1, value, false)), 0);
	/* At a stop, nothing waits. */
	value = append_until_blocked(&fixture, value + 1);
	journal_hurry(fixture.journal);
	assert_int_equal(append(&fixture, parts_make(0, 1, value, false)), 0);
	journal_remove_consumer(fixture.journal, &fixture.consumer);
	fixture_finish(&fixture);
}

static void observed_never_goes_back(void **state)
{
	struct fixture fixture;
	int64_t last = 0;

	(void)state;
	fixture_init(&fixture);
	for (int i = 0; i < 1000; i++) {
		int64_t observed = journal_observe(fixture.journal);

		assert_true(observed > last);
		last = observed;
	}
	append(&fixture, parts_make(0, 1, 0, true));
	last = journal_observe(fixture.journal) - 1;
	close_journal(&fixture);
	open_journal(&fixture);
	assert_true(journal_observe(fixture.journal) >= last);
	fixture_finish(&fixture);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(what_was_appended_can_be_read_over_segments),
	cmocka_unit_test(positions_are_never_used_twice),
	cmocka_unit_test(opens_without_appends_leave_one_segment),
	cmocka_unit_test(lives_without_appends_lose_nothing_of_those_before),
	cmocka_unit_test(a_position_whose_segments_were_removed_waits_for_the_next_frame),
	cmocka_unit_test(a_position_at_the_end_stays_there_over_lives_without_appends),
	cmocka_unit_test(a_torn_tail_is_cut_and_the_rest_stays),
	cmocka_unit_test(segments_that_all_have_passed_are_removed),
	cmocka_unit_test(beyond_max_size_the_oldest_goes_and_its_loss_is_told),
	cmocka_unit_test(where_all_is_gone_and_nothing_follows_there_is_nothing_to_read),
	cmocka_unit_test(sequences_go_on_where_all_was_delivered_and_removed),
	cmocka_unit_test(a_position_of_another_journal_starts_at_the_oldest),
	cmocka_unit_test(a_failed_write_commits_nothing_and_later_ones_work),
	cmocka_unit_test(a_consumer_that_blocks_lets_appends_wait_until_it_has_caught_up),
	cmocka_unit_test(the_journals_max_size_takes_nothing_from_a_consumer_that_blocks),
	cmocka_unit_test(observed_never_goes_back),
};

CASES_MAIN(cases)
