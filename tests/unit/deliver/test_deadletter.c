/* SPDX-License-Identifier: Apache-2.0 */
/* Dead letters: kept whole, once each, within a bound. */
#include "base/cleanup.h"
#include "base/file.h"
#include "cases.h"
#include "deliver/deadletter.h"
#include "folder.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
	char *root, *folder, *path, *aside; /* owned */
};

static void place_init(struct place *place)
{
	place->root = folder_make();
	place->folder = path_join(place->root, "dead-letters");
	place->path = path_join(place->folder, "out.ndjson");
	place->aside = path_join(place->folder, "out.ndjson.1");
}

static void place_finish(struct place *place)
{
	folder_remove(place->root);
	free(place->folder);
	free(place->path);
	free(place->aside);
}

/* Writes the lines of a batch that begins at a sequence. */
static int write_lines(
	const struct place *place, uint64_t sequence, uint32_t n, const char *lines)
{
	CLEANUP(buffer_finish) struct buffer bytes = { 0 };
	struct deadletter letter = {
		.folder = place->folder,
		.sink = "out",
		.begin = { 0xabc, sequence, 7 },
		.n = n,
		.status = 422,
		.why = "HTTP 422: \"odd\"",
		.lines = &bytes,
	};
	uint64_t dropped = 0;
	int r;

	buffer_append_text(&bytes, lines);
	r = deadletter_write(&letter, &dropped);
	return r < 0 ? r : (int)dropped;
}

/* Owned by the caller. */
static char *content_of(const char *path)
{
	CLEANUP_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = calloc(1, 4096);

	assert_true(fd >= 0);
	assert_true(read(fd, text, 4095) >= 0);
	return text;
}

#define LINE(batch, record)                                                              \
	"{\"kept\":1,\"batch\":\"" batch                                                 \
	"\",\"refused\":\"1970-01-01T00:00:00Z\",\"status\":422,"                        \
	"\"why\":\"HTTP 422: \\\"odd\\\"\"," record "}\n"

static void each_record_has_a_line_with_its_reason(void **state)
{
	CLEANUP_FREE char *text = NULL;
	struct place place;

	(void)state;
	place_init(&place);
	assert_int_equal(
		write_lines(&place, 5, 2, "\"record\":{\"a\":1}\n\"record\":{\"a\":2}\n"),
		0);
	assert_int_equal(write_lines(&place, 6, 1, "\"record\":{\"a\":3}\n"), 0);
	text = content_of(place.path);
	assert_string_equal(text,
		LINE("0000000000000abc-5-7-2", "\"record\":{\"a\":1}")
			LINE("0000000000000abc-5-7-2", "\"record\":{\"a\":2}")
				LINE("0000000000000abc-6-7-1", "\"record\":{\"a\":3}"));
	place_finish(&place);
}

static void of_some_records_each_has_a_reason_of_its_own(void **state)
{
	static char first[] = "one", second[] = "two";
	const struct refused_record only[] = { { 0, 400, first }, { 2, 413, second },
		{ 7, 400, NULL } };
	CLEANUP(buffer_finish) struct buffer bytes = { 0 };
	CLEANUP_FREE char *text = NULL;
	struct place place;
	struct deadletter letter = {
		.sink = "out",
		.begin = { 0xabc, 5, 7 },
		.n = 4,
		.status = 200,
		.why = "HTTP 200",
		.lines = &bytes,
		.only = only,
		.n_only = 3,
	};
	uint64_t dropped;

	(void)state;
	place_init(&place);
	letter.folder = place.folder;
	buffer_append_text(
		&bytes, "\"record\":0\n\"record\":1\n\"record\":2\n\"record\":3\n");
	assert_int_equal(deadletter_write(&letter, &dropped), 0);
	text = content_of(place.path);
	assert_string_equal(text,
		"{\"kept\":1,\"batch\":\"0000000000000abc-5-7-4\",\"refused\":"
		"\"1970-01-01T00:00:00Z\",\"status\":400,\"why\":\"one\","
		"\"record\":0}\n"
		"{\"kept\":1,\"batch\":\"0000000000000abc-5-7-4\",\"refused\":"
		"\"1970-01-01T00:00:00Z\",\"status\":413,\"why\":\"two\","
		"\"record\":2}\n");
	place_finish(&place);
}

static void what_a_life_wrote_and_did_not_acknowledge_is_not_doubled(void **state)
{
	CLEANUP_FREE char *text = NULL;
	struct place place;
	struct stat status;

	(void)state;
	place_init(&place);
	assert_int_equal(write_lines(&place, 4, 1, "\"record\":{\"a\":0}\n"), 0);
	assert_int_equal(
		write_lines(&place, 5, 2, "\"record\":{\"a\":1}\n\"record\":{\"a\":2}\n"),
		0);
	/* ... and one that died in the middle of it. */
	assert_int_equal(stat(place.path, &status), 0);
	assert_int_equal(truncate(place.path, status.st_size - 9), 0);
	assert_int_equal(
		write_lines(&place, 5, 2, "\"record\":{\"a\":1}\n\"record\":{\"a\":2}\n"),
		0);
	assert_int_equal(
		write_lines(&place, 5, 2, "\"record\":{\"a\":1}\n\"record\":{\"a\":2}\n"),
		0);
	text = content_of(place.path);
	assert_string_equal(text,
		LINE("0000000000000abc-4-7-1", "\"record\":{\"a\":0}")
			LINE("0000000000000abc-5-7-2", "\"record\":{\"a\":1}")
				LINE("0000000000000abc-5-7-2", "\"record\":{\"a\":2}"));
	place_finish(&place);
}

/* Makes the last line so long that the file has this size. */
static void end_at(const char *path, uint64_t size)
{
	CLEANUP_CLOSE int fd = open(path, O_WRONLY | O_CLOEXEC);

	assert_int_equal(file_write_at(fd, "\n", 1, (off_t)size - 1), 0);
}

static void a_full_file_is_put_aside(void **state)
{
	CLEANUP_FREE char *text = NULL;
	struct place place;
	struct stat status;

	(void)state;
	place_init(&place);
	assert_int_equal(write_lines(&place, 4, 1, "\"record\":{\"a\":0}\n"), 0);
	end_at(place.path, DEADLETTER_MAX_SIZE - 10);
	assert_int_equal(write_lines(&place, 5, 1, "\"record\":{\"a\":1}\n"), 0);
	assert_int_equal(stat(place.aside, &status), 0);
	assert_true((uint64_t)status.st_size == DEADLETTER_MAX_SIZE - 10);
	text = content_of(place.path);
	assert_string_equal(text, LINE("0000000000000abc-5-7-1", "\"record\":{\"a\":1}"));
	place_finish(&place);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(each_record_has_a_line_with_its_reason),
	cmocka_unit_test(of_some_records_each_has_a_reason_of_its_own),
	cmocka_unit_test(what_a_life_wrote_and_did_not_acknowledge_is_not_doubled),
	cmocka_unit_test(a_full_file_is_put_aside),
};

CASES_MAIN(cases)
