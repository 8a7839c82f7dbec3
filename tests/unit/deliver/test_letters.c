/* SPDX-License-Identifier: Apache-2.0 */
/* Dead letters are read back as they were collected, and files change as a whole. */
#include "base/cleanup.h"
#include "base/file.h"
#include "base/macros.h"
#include "cases.h"
#include "deliver/deadletter.h"
#include "deliver/letter_reader.h"
#include "deliver/letters.h"
#include "encode/letter.h"
#include "encode/records.h"
#include "folder.h"
#include "format_options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- records ----------------------------------------------------------- */

static const struct known_source renamed = {
	.view = { .host = TEXT("mx1"),
		.collector = TEXT("c"),
		.identity = TEXT("pair/one"),
		.plugin = TEXT("p"),
		.tenant = TEXT("acme"),
		.labels = { { TEXT("team"), TEXT("mail") } },
		.n_labels = 1 },
};

/* What the object for people cannot give back is among them: a declared confidence, an
 * identity, a decimal without a fraction and a double that is whole. */
static void make_records(struct written records[6])
{
	const struct series_view delta = {
		.kind = RK_DELTA,
		.confidence = RK_APPROXIMATE,
		.tenant = TEXT("other"),
		.labels = { { TEXT("a"), TEXT("x \"y\"\n\\") }, { TEXT("b"), TEXT("") } },
		.n_labels = 2,
	};

	records[0] = (struct written){ .sample = sample_of(decimal_of(1230, 2)) };
	records[1] = (struct written){ .sample = sample_of(decimal_of(317, 0)) };
	records[2] = (struct written){ .sample = sample_of(real_of(317)) };
	records[3] = (struct written){ .sample = sample_of(decimal_of(INT64_MIN, 18)) };
	records[4] = (struct written){ .source = &renamed, .series = delta };
	records[4].sample = (struct rk_sample){
		.value = real_of(0.1),
		.series = 17,
		.time_ns = DAY_NS + 1,
		.start_ns = DAY_NS - HOUR_NS,
		.confidence = RK_DIRECTIONAL,
		.flags = RK_PROVISIONAL,
	};
	records[5] = (struct written){ .source = &renamed, .event = &records_event };
}

/* A record's line, without what stands before it. */
static struct buffer line_of(const struct written *record)
{
	struct buffer line = { 0 };
	struct encoder encoder;

	encoder_init(&encoder, &encoder_letter, SINK_DECIMALS_NUMBER);
	buffer_append_text(&line, "{");
	records_add(&encoder, &line, record);
	assert_true(line.size > 1 && line.data[line.size - 1] == '\n');
	buffer_cut(&line, line.size - 1);
	buffer_append_text(&line, "}");
	assert_false(buffer_failed(&line));
	return line;
}

static struct letter letter_of(const struct buffer *line)
{
	return (struct letter){ .line = { (const char *)line->data, line->size } };
}

/* What a letter becomes in a format; empty where that has no files for it. */
static struct buffer body_of_letter(const struct encoder_type *format,
	struct letter_reader *reader, const struct buffer *line)
{
	CLEANUP(arena_finish) struct arena arena = { 0 };
	struct letter letter = letter_of(line);
	struct buffer body = { 0 };
	struct encoder encoder;

	encoder_init(&encoder, format, SINK_DECIMALS_NUMBER);
	assert_int_equal(format_options_set(&encoder, &arena, NULL), 0);
	encoder.makes_bodies = true;
	assert_int_equal(letter_read(reader, &letter), 0);
	encoder_begin_batch(&encoder, &body);
	if (letter_encode(reader, &encoder, &body) == 0)
		buffer_clear(&body);
	else
		assert_int_equal(encoder_end_batch(&encoder, &body), 0);
	return body;
}

static void expect_same(const struct encoder_type *format, struct letter_reader *reader,
	const struct written *record)
{
	struct buffer line = line_of(record), direct = { 0 };
	struct buffer replayed = body_of_letter(format, reader, &line);

	if (!record->event || format->event)
		direct = records_body(format->name, record, 1);
	assert_int_equal(replayed.size, direct.size);
	assert_true(
		direct.size == 0 || memcmp(replayed.data, direct.data, direct.size) == 0);
	buffer_finish(&line);
	buffer_finish(&direct);
	buffer_finish(&replayed);
}

static void a_letter_becomes_the_same_bytes_in_every_format(void **state)
{
	CLEANUP(letter_reader_finish) struct letter_reader reader = { 0 };
	struct written records[6];

	(void)state;
	make_records(records);
	for (size_t i = 0; i < n_encoder_types; i++) {
		for (size_t k = 0; k < LENGTH(records); k++)
			expect_same(encoder_types[i], &reader, &records[k]);
	}
}

static void no_bit_of_the_frame_can_change(void **state)
{
	CLEANUP(letter_reader_finish) struct letter_reader reader = { 0 };
	struct written records[6];
	struct buffer line;
	struct letter letter;
	const char *digits;

	(void)state;
	make_records(records);
	line = line_of(&records[4]);
	letter = letter_of(&line);
	digits = strstr(buffer_text(&line), "\"frame\":\"");
	assert_non_null(digits);
	for (size_t i = (size_t)(digits - (char *)line.data); i < line.size; i++) {
		line.data[i] ^= 1;
		assert_int_equal(letter_read(&reader, &letter), -EBADMSG);
		line.data[i] ^= 1;
	}
	assert_int_equal(letter_read(&reader, &letter), 0);
	for (size_t n = 0; n < line.size; n++) {
		letter.line.n = n;
		assert_int_equal(letter_read(&reader, &letter), -EBADMSG);
	}
	buffer_finish(&line);
}

/* ---- files ------------------------------------------------------------- */

struct files {
	char *folder, *path; /* owned */
};

static void write_batch(const struct files *files, uint64_t sequence, int64_t refused_ns)
{
	struct written records[6];
	struct buffer lines = { 0 };
	struct encoder encoder;
	struct deadletter letter = {
		.folder = files->folder,
		.sink = "out",
		.begin = { 0xabc, sequence, 0 },
		.n = 3,
		.status = 422,
		.why = "odd,\"record\":",
		.refused_ns = refused_ns,
		.lines = &lines,
	};
	uint64_t dropped = 1;

	make_records(records);
	encoder_init(&encoder, &encoder_letter, SINK_DECIMALS_NUMBER);
	for (size_t i = 0; i < 3; i++)
		records_add(&encoder, &lines, &records[i]);
	assert_int_equal(deadletter_write(&letter, &dropped), 0);
	assert_int_equal(dropped, 0);
	buffer_finish(&lines);
}

static void files_init(struct files *files)
{
	files->folder = folder_make();
	files->path = path_join(files->folder, "out.ndjson");
	write_batch(files, 1, 10 * NS_PER_SECOND);
	write_batch(files, 2, 20 * NS_PER_SECOND);
}

static void files_finish(struct files *files)
{
	folder_remove(files->folder);
	free(files->path);
}

static void load(const struct files *files, struct letters *letters, size_t n)
{
	assert_int_equal(letters_load(letters, files->folder, "out", true), 0);
	assert_int_equal(letters->n, n);
}

static void what_is_marked_is_gone_for_the_next_reader(void **state)
{
	struct letters letters;
	struct files files;
	struct stat before, after;

	(void)state;
	files_init(&files);
	load(&files, &letters, 6);
	letters.items[1].state = letters.items[4].state = LETTER_GONE;
	assert_int_equal(stat(files.path, &before), 0);
	assert_int_equal(letters_mark(&letters), 0);
	letters_finish(&letters);
	assert_int_equal(stat(files.path, &after), 0);
	assert_true(before.st_ino == after.st_ino && before.st_size == after.st_size);
	load(&files, &letters, 4);
	/* Written anew, they are not even there. */
	assert_int_equal(letters_settle(&letters), 0);
	letters_finish(&letters);
	assert_int_equal(stat(files.path, &after), 0);
	assert_true(after.st_size < before.st_size);
	load(&files, &letters, 4);
	letters_finish(&letters);
	files_finish(&files);
}

static void a_new_answer_takes_the_place_of_the_old_one(void **state)
{
	CLEANUP(letter_reader_finish) struct letter_reader reader = { 0 };
	struct letters letters;
	struct files files;
	static const char answer[] =
		"\"status\":400,\"why\":\"still \\\"odd\\\"\",\"record\":{";
	struct letter *letter;

	(void)state;
	files_init(&files);
	load(&files, &letters, 6);
	letter = &letters.items[3];
	letter->state = LETTER_REFUSED;
	letter->status = 400;
	letter->why = strdup("still \"odd\"");
	letter->when_ns = 30 * NS_PER_SECOND;
	assert_int_equal(letters_settle(&letters), 0);
	letters_finish(&letters);
	load(&files, &letters, 6);
	letter = &letters.items[3];
	assert_int_equal(letter_refused_ns(letter), 30 * NS_PER_SECOND);
	assert_int_equal(letter_read(&reader, letter), 0);
	assert_non_null(memmem(letter->line.at, letter->line.n, answer, strlen(answer)));
	assert_int_equal(letter_refused_ns(&letters.items[2]), 10 * NS_PER_SECOND);
	letters_finish(&letters);
	files_finish(&files);
}

static void a_file_that_took_its_place_meanwhile_is_left_alone(void **state)
{
	struct letters letters, others;
	struct files files;

	(void)state;
	files_init(&files);
	load(&files, &letters, 6);
	for (size_t i = 0; i < letters.n; i++)
		letters.items[i].state = LETTER_GONE;
	assert_int_equal(unlink(files.path), 0);
	write_batch(&files, 3, 30 * NS_PER_SECOND);
	assert_int_equal(letters_mark(&letters), 0);
	assert_int_equal(letters_settle(&letters), 0);
	letters_finish(&letters);
	load(&files, &others, 3);
	letters_finish(&others);
	files_finish(&files);
}

static void a_purge_removes_what_was_refused_before_a_time(void **state)
{
	struct letters letters;
	struct files files;
	uint64_t n = 0;

	(void)state;
	files_init(&files);
	assert_int_equal(letters_purge(files.folder, "out", 20 * NS_PER_SECOND, &n), 0);
	assert_int_equal(n, 3);
	load(&files, &letters, 3);
	assert_int_equal(letter_refused_ns(&letters.items[0]), 20 * NS_PER_SECOND);
	letters_finish(&letters);
	assert_int_equal(letters_purge(files.folder, "out", INT64_MAX, &n), 0);
	assert_int_equal(n, 3);
	assert_int_equal(access(files.path, F_OK), -1);
	files_finish(&files);
}

/* Fills the file up to its bound, so that the next batch puts it aside. */
static void fill_file(const struct files *files)
{
	struct stat status;

	assert_int_equal(stat(files->path, &status), 0);
	assert_int_equal(truncate(files->path, DEADLETTER_MAX_SIZE - 1), 0);
	CLEANUP_FCLOSE FILE *file = fopen(files->path, "a");
	assert_non_null(file);
	assert_int_equal(fputc('\n', file), '\n');
}

static void letters_that_fall_out_are_counted(void **state)
{
	struct files files;
	struct buffer lines = { 0 };
	struct deadletter letter = { .sink = "out", .n = 1, .lines = &lines };
	struct letters letters;
	uint64_t dropped = 1;

	(void)state;
	files_init(&files);
	letter.folder = files.folder;
	buffer_append_text(&lines, "\"record\":{}\n");
	fill_file(&files);
	write_batch(&files, 3, 30 * NS_PER_SECOND);
	fill_file(&files);
	/* Both files are full: the older one goes, with six letters and the filling. */
	assert_int_equal(deadletter_write(&letter, &dropped), 0);
	assert_int_equal(dropped, 7);
	load(&files, &letters, 5);
	letters_finish(&letters);
	buffer_finish(&lines);
	files_finish(&files);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(a_letter_becomes_the_same_bytes_in_every_format),
	cmocka_unit_test(no_bit_of_the_frame_can_change),
	cmocka_unit_test(what_is_marked_is_gone_for_the_next_reader),
	cmocka_unit_test(a_new_answer_takes_the_place_of_the_old_one),
	cmocka_unit_test(a_file_that_took_its_place_meanwhile_is_left_alone),
	cmocka_unit_test(a_purge_removes_what_was_refused_before_a_time),
	cmocka_unit_test(letters_that_fall_out_are_counted),
};

CASES_MAIN(cases)
