/* SPDX-License-Identifier: Apache-2.0 */
/* What a check finds, and what is left for it after a repair. */
#include "base/cleanup.h"
#include "base/file.h"
#include "base/random.h"
#include "journal/check.h"
#include "journal/lock.h"
#include "journal/repair.h"

#include "cases.h"
#include "folder.h"
#include "segment_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { N_FRAMES = 6 };

/* A state folder with two segments of N_FRAMES each. */
struct fixture {
	char *state_dir, *journal;
	char *paths[2], *series[2];
	uint64_t offsets[2][N_FRAMES];
	/* Of the last check: */
	struct check_result result;
	enum check_kind kind;
	uint64_t begin, end, sequence;
	char what[256];
};

static struct segment_header header_of(uint64_t first_sequence)
{
	return (struct segment_header){
		.version = JOURNAL_VERSION,
		.kind = SEGMENT_FRAMES,
		.epoch = UINT64_C(0x1122334455667788),
		.first_sequence = first_sequence,
	};
}

static void fixture_init(struct fixture *fixture, uint64_t second_begin)
{
	const uint64_t first[2] = { 1, second_begin };

	*fixture = (struct fixture){ .state_dir = folder_make() };
	fixture->journal = path_join(fixture->state_dir, "journal");
	assert_int_equal(folder_create(fixture->journal, 0750), 0);
	for (int i = 0; i < 2; i++) {
		struct segment_header header = header_of(first[i]);
		struct segment segment;

		segment_file_write(fixture->journal, &header, N_FRAMES, &segment,
			fixture->offsets[i]);
		fixture->paths[i] = strdup(segment.frames.path);
		fixture->series[i] = strdup(segment.definitions.path);
		segment_close(&segment);
	}
}

static void fixture_finish(struct fixture *fixture)
{
	for (int i = 0; i < 2; i++) {
		free(fixture->paths[i]);
		free(fixture->series[i]);
	}
	free(fixture->journal);
	folder_remove(fixture->state_dir);
}

static void on_fault(void *context, const struct check_fault *fault)
{
	struct fixture *fixture = context;

	fixture->kind = fault->kind;
	fixture->begin = fault->begin;
	fixture->end = fault->end;
	fixture->sequence = fault->sequence;
	snprintf(fixture->what, sizeof(fixture->what), "%s", fault->what);
}

/* How many faults there are; the last one is kept. */
static uint64_t check(struct fixture *fixture)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	struct check_options options = {
		.state_dir = fixture->state_dir,
		.on_fault = on_fault,
		.context = fixture,
	};

	assert_int_equal(journal_check(&options, &fixture->result, &why), 0);
	return fixture->result.n_faults;
}

static struct repair_result repair(struct fixture *fixture)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	struct repair_options options = { .state_dir = fixture->state_dir };
	struct repair_result result;

	assert_int_equal(journal_repair(&options, &result, &why), 0);
	return result;
}

static uint8_t flip(const char *path, uint64_t offset)
{
	CLEANUP_CLOSE int fd = open(path, O_RDWR);
	uint8_t byte;

	assert_int_equal(file_read_at(fd, &byte, 1, (off_t)offset), 1);
	byte ^= 0x55;
	assert_int_equal(file_write_at(fd, &byte, 1, (off_t)offset), 0);
	return byte;
}

static uint64_t size_of(const char *path)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return (uint64_t)status.st_size;
}

static void a_whole_journal_has_no_faults(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture, 1 + N_FRAMES);
	assert_int_equal(check(&fixture), 0);
	assert_int_equal(fixture.result.n_segments, 2);
	assert_int_equal(fixture.result.n_frames, 2 * N_FRAMES);
	assert_int_equal(fixture.result.n_samples, 2 * N_FRAMES);
	assert_false(fixture.result.agent_runs);
	fixture_finish(&fixture);
}

static void every_byte_is_checked_and_can_be_repaired(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture, 1 + N_FRAMES);
	for (int file = 0; file < 4; file++) {
		const char *path =
			file < 2 ? fixture.paths[file] : fixture.series[file - 2];
		uint64_t size = size_of(path);

		for (uint64_t offset = 0; offset < size; offset++) {
			flip(path, offset);
			assert_true(check(&fixture) > 0);
			flip(path, offset);
		}
		assert_int_equal(check(&fixture), 0);
	}
	fixture_finish(&fixture);
}

static void after_a_repair_there_is_nothing_left_to_repair(void **state)
{
	struct random random;

	(void)state;
	random_seed(&random, 29);
	for (int round = 0; round < 150; round++) {
		struct repair_result result;
		struct fixture fixture;

		fixture_init(&fixture, 1 + N_FRAMES);
		for (int i = 0; i < 3; i++) {
			uint64_t file = random_below(&random, 4);
			const char *path =
				file < 2 ? fixture.paths[file] : fixture.series[file - 2];

			flip(path, random_below(&random, size_of(path)));
		}
		assert_true(check(&fixture) > 0);
		result = repair(&fixture);
		assert_true(result.n_steps > 0);
		/* Left is at most what was lost twice: samples without a definition. */
		if (result.n_left > 0)
			assert_int_equal(
				(check(&fixture), fixture.kind), CHECK_UNDEFINED);
		assert_int_equal(check(&fixture), result.n_left);
		assert_int_equal(repair(&fixture).n_steps, 0);
		fixture_finish(&fixture);
	}
}

static void a_fault_has_its_place(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture, 1 + N_FRAMES);
	flip(fixture.paths[0], fixture.offsets[0][3] + FRAME_HEADER_SIZE);
	assert_int_equal(check(&fixture), 1);
	assert_int_equal(fixture.kind, CHECK_DAMAGED);
	assert_true(fixture.begin == fixture.offsets[0][3]);
	assert_true(fixture.end == fixture.offsets[0][4]);
	assert_true(fixture.sequence == 4);
	fixture_finish(&fixture);
}

static void frames_that_lack_without_a_trace_are_told_of(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture, 1 + N_FRAMES + 2);
	assert_int_equal(check(&fixture), 1);
	assert_int_equal(fixture.kind, CHECK_MISSING);
	assert_true(fixture.sequence == 1 + N_FRAMES);
	fixture_finish(&fixture);
	/* And frames that are there twice. */
	fixture_init(&fixture, 1 + N_FRAMES - 2);
	assert_int_equal(check(&fixture), 1);
	assert_int_equal(fixture.kind, CHECK_MISSING);
	fixture_finish(&fixture);
}

static void what_failed_to_be_committed_is_no_fault(void **state)
{
	struct segment_header header = header_of(1 + N_FRAMES + 4);
	uint64_t offsets[N_FRAMES];
	struct segment segment;
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture, 1 + N_FRAMES);
	/* The last two of those before stand there, as they could not be cut off. */
	header.epoch++;
	segment_file_write(fixture.journal, &header, N_FRAMES, &segment, offsets);
	segment_close(&segment);
	assert_int_equal(check(&fixture), 0);
	assert_int_equal(fixture.result.n_frames, 3 * N_FRAMES - 2);
	assert_int_equal(repair(&fixture).n_steps, 0);
	fixture_finish(&fixture);
}

/* Appends a frame with a checksum that holds to the newest segment. */
static void append(
	struct fixture *fixture, uint64_t sequence, const char *bytes, size_t n)
{
	struct segment_header header = header_of(0);
	CLEANUP(buffer_finish) struct buffer content = { 0 };
	CLEANUP(buffer_finish) struct buffer frame = { 0 };

	buffer_append(&content, bytes, n);
	segment_file_pack(&frame, &header, sequence, &content);
	segment_file_damage(
		fixture->paths[1], size_of(fixture->paths[1]), frame.data, frame.size);
}

static void a_frame_that_contradicts_itself_is_told_of(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture, 1 + N_FRAMES);
	/* It says that it holds a sample, and does not. */
	append(&fixture, 1 + 2 * N_FRAMES, "\0", 1);
	assert_int_equal(check(&fixture), 1);
	assert_int_equal(fixture.kind, CHECK_CONTENT);
	fixture_finish(&fixture);

	fixture_init(&fixture, 1 + N_FRAMES);
	append(&fixture, 1 + 2 * N_FRAMES, "\0\x09\x01x", 4);
	assert_int_equal(check(&fixture), 1);
	assert_int_equal(fixture.kind, CHECK_DAMAGED);
	assert_non_null(strstr(fixture.what, "cannot be understood"));
	fixture_finish(&fixture);

	fixture_init(&fixture, 1 + N_FRAMES);
	append(&fixture, 5, "\0", 1);
	check(&fixture);
	assert_int_equal(fixture.kind, CHECK_CONTENT);
	assert_true(fixture.result.n_faults == 2);
	fixture_finish(&fixture);
}

static void a_series_file_of_another_segment_is_told_of(void **state)
{
	CLEANUP(buffer_finish) struct buffer bytes = { 0 };
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture, 1 + N_FRAMES);
	assert_int_equal(file_read(fixture.series[0], 1 << 20, &bytes), 0);
	segment_file_damage(fixture.series[1], 0, bytes.data, bytes.size);
	assert_int_equal(check(&fixture), 1);
	assert_int_equal(fixture.kind, CHECK_SERIES);
	assert_int_equal(repair(&fixture).n_steps, 1);
	assert_int_equal(check(&fixture), 0);
	fixture_finish(&fixture);
}

static void a_half_written_tail_is_no_fault_beside_an_agent(void **state)
{
	struct fixture fixture;
	int holder, lock;

	(void)state;
	fixture_init(&fixture, 1 + N_FRAMES);
	for (uint64_t cut = size_of(fixture.paths[1]) - 1;
		cut > fixture.offsets[1][N_FRAMES - 1]; cut--) {
		assert_int_equal(truncate(fixture.paths[1], (off_t)cut), 0);
		assert_int_equal(check(&fixture), 1);
		assert_int_equal(fixture.kind, CHECK_DAMAGED);
		assert_non_null(strstr(fixture.what, "torn tail"));
		lock = lock_take(fixture.state_dir, &holder);
		assert_true(lock >= 0);
		assert_int_equal(check(&fixture), 0);
		assert_true(fixture.result.agent_runs);
		lock_release(lock);
	}
	/* What lies in front of the tail is damage, agent or not. */
	flip(fixture.paths[1], fixture.offsets[1][2]);
	lock = lock_take(fixture.state_dir, &holder);
	assert_int_equal(check(&fixture), 1);
	lock_release(lock);
	fixture_finish(&fixture);
}

static void a_segment_that_is_being_created_is_no_fault_beside_an_agent(void **state)
{
	struct segment_header header = header_of(1 + 2 * N_FRAMES);
	CLEANUP_FREE char *path = NULL;
	CLEANUP_CLOSE int fd = -1;
	struct fixture fixture;
	int holder, lock;

	(void)state;
	fixture_init(&fixture, 1 + N_FRAMES);
	path = segment_path(
		fixture.journal, header.first_sequence, header.epoch, SEGMENT_FRAMES);
	fd = open(path, O_CREAT | O_WRONLY, 0640);
	assert_true(fd >= 0);
	assert_int_equal(check(&fixture), 1);
	assert_int_equal(fixture.kind, CHECK_HEADER);
	lock = lock_take(fixture.state_dir, &holder);
	assert_int_equal(check(&fixture), 0);
	/* A header that is there and damaged is one. */
	assert_int_equal(ftruncate(fd, SEGMENT_HEADER_SIZE), 0);
	assert_int_equal(check(&fixture), 1);
	lock_release(lock);
	fixture_finish(&fixture);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(a_whole_journal_has_no_faults),
	cmocka_unit_test(every_byte_is_checked_and_can_be_repaired),
	cmocka_unit_test(after_a_repair_there_is_nothing_left_to_repair),
	cmocka_unit_test(a_fault_has_its_place),
	cmocka_unit_test(frames_that_lack_without_a_trace_are_told_of),
	cmocka_unit_test(what_failed_to_be_committed_is_no_fault),
	cmocka_unit_test(a_frame_that_contradicts_itself_is_told_of),
	cmocka_unit_test(a_series_file_of_another_segment_is_told_of),
	cmocka_unit_test(a_half_written_tail_is_no_fault_beside_an_agent),
	cmocka_unit_test(a_segment_that_is_being_created_is_no_fault_beside_an_agent),
};

CASES_MAIN(cases)
