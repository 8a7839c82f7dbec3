/* SPDX-License-Identifier: Apache-2.0 */
/* Segments on disk: what a reader makes of whole, torn and damaged ones. */
#include "base/random.h"
#include "journal/tail.h"

#include "cases.h"
#include "folder.h"
#include "segment_file.h"

#include <errno.h>

enum { N_FRAMES = 40 };

static const struct segment_header header = {
	.version = JOURNAL_VERSION,
	.kind = SEGMENT_FRAMES,
	.epoch = UINT64_C(0x1122334455667788),
	.first_sequence = 100,
};

/* Reads all that can be read; seen[i] says that frame i came, with its value. */
static size_t read_all(
	const char *path, uint64_t limit, bool *seen, uint64_t *ret_damaged)
{
	struct tail tail = { .reader.fd = -1 };
	struct frame frame;
	struct frame_view view;
	size_t n = 0;
	int r = tail_open(&tail, path);

	while (r >= 0 && (r = tail_next(&tail, limit, &frame, &view)) > 0) {
		struct sample_codec codec = sample_codec_start(view.base_ns);
		struct unpack from = unpack_start(view.samples.at, view.samples.n);
		struct known_source *source =
			dictionary_source(&tail.dictionary, view.source);
		struct rk_sample sample;

		sample_unpack(&codec, &from, &sample);
		assert_false(from.failed);
		assert_true(
			sample.value.digits == (int64_t)(frame.header.sequence - 100));
		assert_non_null(source);
		assert_non_null(known_source_series(source, sample.series));
		if (seen)
			seen[frame.header.sequence - 100] = true;
		n++;
	}
	assert_int_equal(r, 0);
	*ret_damaged = tail.n_damaged;
	tail_close(&tail);
	return n;
}

static void a_whole_segment_is_read_up_to_its_limit(void **state)
{
	char *folder = folder_make();
	uint64_t offsets[N_FRAMES], damaged;
	struct segment segment;

	(void)state;
	segment_file_write(folder, &header, N_FRAMES, &segment, offsets);
	assert_int_equal(
		read_all(segment.frames.path, segment.frames.size, NULL, &damaged),
		N_FRAMES);
	assert_int_equal(damaged, 0);
	assert_int_equal(read_all(segment.frames.path, offsets[7], NULL, &damaged), 7);
	segment_close(&segment);
	folder_remove(folder);
}

static void a_damaged_frame_orphans_no_other(void **state)
{
	(void)state;
	/* Damage each frame in turn: in its header, then in its content. */
	for (int round = 0; round < 2 * N_FRAMES; round++) {
		char *folder = folder_make();
		uint64_t offsets[N_FRAMES], damaged;
		bool seen[N_FRAMES] = { false };
		struct segment segment;
		int frame = round / 2;

		segment_file_write(folder, &header, N_FRAMES, &segment, offsets);
		segment_file_damage(segment.frames.path,
			offsets[frame] + (round % 2 ? 9 : FRAME_HEADER_SIZE + 1),
			"\xa5\xa5", 2);
		assert_int_equal(read_all(segment.frames.path, segment.frames.size, seen,
					 &damaged),
			N_FRAMES - 1);
		assert_false(seen[frame]);
		assert_int_equal(damaged, frame == N_FRAMES - 1 ? 0 : 1);
		segment_close(&segment);
		folder_remove(folder);
	}
}

static void random_damage_costs_only_the_frames_it_hits(void **state)
{
	struct random random;

	(void)state;
	random_seed(&random, 17);
	for (int round = 0; round < 300; round++) {
		char *folder = folder_make();
		uint64_t offsets[N_FRAMES], damaged;
		bool hit[N_FRAMES] = { false }, seen[N_FRAMES] = { false };
		struct segment segment;

		segment_file_write(folder, &header, N_FRAMES, &segment, offsets);
		for (int i = 0; i < 5; i++) {
			uint64_t span = segment.frames.size - SEGMENT_HEADER_SIZE;
			uint64_t at = SEGMENT_HEADER_SIZE + random_below(&random, span);
			uint64_t bytes = random_next(&random);
			size_t n = 1 + (size_t)random_below(&random, 8);

			if (at + n > segment.frames.size)
				n = 1;
			segment_file_damage(segment.frames.path, at, &bytes, n);
			for (int k = 0; k < N_FRAMES; k++) {
				uint64_t end = k + 1 < N_FRAMES ? offsets[k + 1]
								: segment.frames.size;

				hit[k] |= at < end && at + n > offsets[k];
			}
		}
		read_all(segment.frames.path, segment.frames.size, seen, &damaged);
		for (int k = 0; k < N_FRAMES; k++)
			assert_true(seen[k] || hit[k]);
		segment_close(&segment);
		folder_remove(folder);
	}
}

static void a_torn_tail_is_one_damaged_stretch(void **state)
{
	char *folder = folder_make();
	uint64_t offsets[N_FRAMES];
	struct segment segment;

	(void)state;
	segment_file_write(folder, &header, N_FRAMES, &segment, offsets);
	for (uint64_t cut = offsets[N_FRAMES - 1] + 1; cut < segment.frames.size; cut++) {
		struct reader reader;
		struct frame frame;
		int n = 0, r;

		assert_int_equal(reader_open(&reader, segment.frames.path), 0);
		while ((r = reader_next(&reader, cut, &frame)) == READER_FRAME)
			n++;
		assert_int_equal(r, READER_DAMAGED);
		assert_true(frame.offset == offsets[N_FRAMES - 1]);
		assert_int_equal(n, N_FRAMES - 1);
		assert_int_equal(reader_next(&reader, cut, &frame), READER_END);
		reader_close(&reader);
	}
	segment_close(&segment);
	folder_remove(folder);
}

static void a_segment_of_a_newer_version_is_refused(void **state)
{
	char *folder = folder_make();
	struct segment_header newer = header;
	uint8_t bytes[SEGMENT_HEADER_SIZE];
	struct segment segment;
	struct reader reader;

	(void)state;
	segment_file_write(folder, &header, N_FRAMES, &segment, NULL);
	newer.version = JOURNAL_VERSION + 1;
	segment_header_put(bytes, &newer);
	segment_file_damage(segment.frames.path, 0, bytes, sizeof(bytes));
	assert_int_equal(reader_open(&reader, segment.frames.path), -EPROTONOSUPPORT);
	reader_close(&reader);
	segment_file_damage(segment.frames.path, 20, "x", 1);
	assert_int_equal(reader_open(&reader, segment.frames.path), -EBADMSG);
	reader_close(&reader);
	segment_close(&segment);
	folder_remove(folder);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(a_whole_segment_is_read_up_to_its_limit),
	cmocka_unit_test(a_damaged_frame_orphans_no_other),
	cmocka_unit_test(random_damage_costs_only_the_frames_it_hits),
	cmocka_unit_test(a_torn_tail_is_one_damaged_stretch),
	cmocka_unit_test(a_segment_of_a_newer_version_is_refused),
};

CASES_MAIN(cases)
