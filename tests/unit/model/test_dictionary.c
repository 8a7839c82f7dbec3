/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cleanup.h"
#include "base/random.h"
#include "model/dictionary.h"

#include "cases.h"

#include <errno.h>

static void pack_series_named(struct buffer *to, uint32_t number, const char *metric)
{
	CLEANUP(buffer_finish) struct buffer packed = { 0 };
	struct series_view series = {
		.metric = slice_of(metric), .unit = slice_of("1"), .confidence = RK_EXACT
	};

	series_pack(&packed, &series);
	pack_unsigned(to, number);
	pack_slice(to, (struct slice){ (char *)packed.data, packed.size });
}

/* A frame of source 2 that defines it (named so), and one series. */
static void pack_frame(struct buffer *to, const char *collector, const char *metric)
{
	CLEANUP(buffer_finish) struct buffer section = { 0 };
	struct source_view source = { .collector = slice_of(collector) };
	struct part *part = part_create(9);
	struct rk_sample sample = { .series = 4, .time_ns = 9, .confidence = RK_EXACT };

	buffer_clear(to);
	frame_pack_source_number(to, 2);
	if (collector) {
		source_pack(&section, &source);
		frame_pack_section(to, FRAME_SOURCE,
			(struct slice){ (char *)section.data, section.size });
		buffer_clear(&section);
	}
	pack_series_named(&section, 4, metric);
	frame_pack_section(
		to, FRAME_SERIES, (struct slice){ (char *)section.data, section.size });
	part_add_sample(part, &sample);
	frame_pack_part(to, part);
	part_destroy(part);
}

static void learn(struct dictionary *dictionary, const struct buffer *bytes, int result)
{
	struct frame_view frame;

	assert_int_equal(frame_unpack(bytes->data, bytes->size, &frame), 0);
	assert_int_equal(frame.source, 2);
	assert_int_equal(frame.n_samples, 1);
	assert_int_equal(dictionary_learn(dictionary, &frame), result);
}

static int n_forgotten;

static void count_forgotten(void *context, void *made)
{
	(void)context;
	(void)made;
	n_forgotten++;
}

static void a_number_that_is_defined_anew_replaces_the_old(void **state)
{
	CLEANUP(buffer_finish) struct buffer bytes = { 0 };
	struct dictionary dictionary = { .forget = count_forgotten };
	struct known_series *series;

	(void)state;
	n_forgotten = 0;
	pack_frame(&bytes, "first", "a.one");
	learn(&dictionary, &bytes, 0);
	assert_null(dictionary_source(&dictionary, 1));
	series = known_source_series(dictionary_source(&dictionary, 2), 4);
	assert_true(slice_equal(series->view.metric, slice_of("a.one")));
	series->made = &n_forgotten;
	pack_frame(&bytes, NULL, "a.two");
	learn(&dictionary, &bytes, 0);
	assert_int_equal(n_forgotten, 1);
	series = known_source_series(dictionary_source(&dictionary, 2), 4);
	assert_true(slice_equal(series->view.metric, slice_of("a.two")));
	series->made = &n_forgotten;
	pack_frame(&bytes, "second", "a.three");
	learn(&dictionary, &bytes, 0);
	assert_int_equal(n_forgotten, 2);
	dictionary_clear(&dictionary);
	assert_int_equal(n_forgotten, 2);
}

static void series_of_an_unknown_source_are_refused(void **state)
{
	CLEANUP(buffer_finish) struct buffer bytes = { 0 };
	struct dictionary dictionary = { 0 };

	(void)state;
	pack_frame(&bytes, NULL, "a.one");
	learn(&dictionary, &bytes, -EBADMSG);
	dictionary_clear(&dictionary);
}

static void damaged_frames_are_refused_or_harmless(void **state)
{
	CLEANUP(buffer_finish) struct buffer bytes = { 0 };
	struct random random;

	(void)state;
	random_seed(&random, 8);
	for (int round = 0; round < 5000; round++) {
		struct dictionary dictionary = { 0 };
		struct frame_view frame;

		pack_frame(&bytes, "c", "a.one");
		for (int i = 0; i < 3; i++)
			bytes.data[random_below(&random, bytes.size)] =
				(uint8_t)random_next(&random);
		bytes.size = 1 + (size_t)random_below(&random, bytes.size);
		if (frame_unpack(bytes.data, bytes.size, &frame) == 0 &&
			frame.source < 1000)
			dictionary_learn(&dictionary, &frame);
		dictionary_clear(&dictionary);
	}
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(a_number_that_is_defined_anew_replaces_the_old),
	cmocka_unit_test(series_of_an_unknown_source_are_refused),
	cmocka_unit_test(damaged_frames_are_refused_or_harmless),
};

CASES_MAIN(cases)
