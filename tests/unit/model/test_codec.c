/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cleanup.h"
#include "base/macros.h"
#include "base/random.h"
#include "model/codec.h"
#include "model/part.h"

#include "cases.h"

#include <float.h>
#include <math.h>

static void assert_same(const struct rk_sample *a, const struct rk_sample *b)
{
	assert_int_equal(a->series, b->series);
	assert_int_equal(a->confidence, b->confidence);
	assert_int_equal(a->flags, b->flags);
	assert_int_equal(a->value.form, b->value.form);
	assert_true(a->value.digits == b->value.digits); /* the bits of a real, too */
	if (a->value.form == RK_DECIMAL)
		assert_int_equal(a->value.scale, b->value.scale);
	assert_true(a->time_ns == b->time_ns);
	assert_true(a->start_ns == b->start_ns);
}

static struct rk_number random_number(struct random *random)
{
	static const double reals[] = { 0.0, -0.0, 1.0, -1.0, 0.1, 9007199254740991.0,
		9007199254740992.0, -9007199254740993.0, DBL_MAX, DBL_MIN, 5e-324, 1e22 };
	struct rk_number number = { .form = RK_DECIMAL };

	switch (random_below(random, 4)) {
	case 0:
		number.form = RK_REAL;
		number.real = reals[random_below(random, LENGTH(reals))];
		break;
	case 1:
		number.form = RK_REAL;
		number.real = (double)random_below(random, 1000000) / 7;
		break;
	case 2:
		number.digits = (int64_t)random_next(random);
		break;
	default:
		number.digits = -(int64_t)random_below(random, 100000);
		number.scale = (uint32_t)random_below(random, 19);
	}
	return number;
}

static struct rk_sample random_sample(struct random *random, int64_t base_ns)
{
	struct rk_sample sample = {
		.series = (uint32_t)random_below(random, SERIES_MAX_NUMBER),
		.confidence = (uint16_t)random_below(random, 4),
		.flags = (uint16_t)random_below(random, 2),
		.value = random_number(random),
		.time_ns = base_ns,
	};

	if (random_below(random, 2))
		sample.time_ns = (int64_t)random_next(random);
	if (random_below(random, 2))
		sample.start_ns =
			random_below(random, 2) ? 12345 : (int64_t)random_next(random);
	return sample;
}

static void samples_come_back_to_the_bit(void **state)
{
	enum { N = 20000 };
	static struct rk_sample samples[N];
	CLEANUP(buffer_finish) struct buffer bytes = { 0 };
	struct sample_codec codec = sample_codec_start(1000);
	struct unpack from;
	struct random random;

	(void)state;
	random_seed(&random, 5);
	for (int i = 0; i < N; i++) {
		size_t before = bytes.size;

		samples[i] = random_sample(&random, 1000);
		sample_pack(&codec, &bytes, &samples[i]);
		assert_true(bytes.size - before <= SAMPLE_MAX_SIZE);
	}
	codec = sample_codec_start(1000);
	from = unpack_start(bytes.data, bytes.size);
	for (int i = 0; i < N; i++) {
		struct rk_sample back = { 0 };

		sample_unpack(&codec, &from, &back);
		assert_false(from.failed);
		assert_same(&samples[i], &back);
	}
	assert_true(unpack_is_done(&from));
}

static void a_counter_of_the_next_series_takes_few_bytes(void **state)
{
	CLEANUP(buffer_finish) struct buffer bytes = { 0 };
	struct sample_codec codec = sample_codec_start(INT64_C(1763770207512345678));
	struct rk_sample sample = {
		.value = { .digits = 123456789, .form = RK_DECIMAL, .scale = 2 },
		.time_ns = INT64_C(1763770207512345678),
		.start_ns = INT64_C(1763000000000000000),
	};
	size_t first;

	(void)state;
	sample_pack(&codec, &bytes, &sample);
	first = bytes.size;
	sample.series = 1;
	sample_pack(&codec, &bytes, &sample);
	assert_int_equal(bytes.size - first, 1 + 1 + 1 + 4);
}

static void cut_or_wrong_bytes_are_refused(void **state)
{
	CLEANUP(buffer_finish) struct buffer bytes = { 0 };
	struct sample_codec codec = sample_codec_start(0);
	struct rk_sample sample = {
		.value = { .real = 0.5 }, .time_ns = 7, .start_ns = 3
	};
	struct rk_sample back;

	(void)state;
	sample_pack(&codec, &bytes, &sample);
	for (size_t n = 0; n < bytes.size; n++) {
		struct unpack from = unpack_start(bytes.data, n);

		codec = sample_codec_start(0);
		sample_unpack(&codec, &from, &back);
		assert_true(from.failed);
	}
	memset(bytes.data + 3, 0xff, 8); /* the value: a NaN */
	codec = sample_codec_start(0);
	{
		struct unpack from = unpack_start(bytes.data, bytes.size);

		sample_unpack(&codec, &from, &back);
		assert_true(from.failed);
	}
}

static void random_bytes_never_read_beyond_their_end(void **state)
{
	struct random random;

	(void)state;
	random_seed(&random, 99);
	for (int round = 0; round < 20000; round++) {
		uint8_t bytes[64];
		size_t n = (size_t)random_below(&random, sizeof(bytes));
		struct sample_codec codec = sample_codec_start(0);
		struct unpack from = unpack_start(bytes, n);
		struct rk_sample sample;
		struct event_view event;

		for (size_t i = 0; i < n; i++)
			bytes[i] = (uint8_t)random_next(&random);
		while (!unpack_is_done(&from))
			sample_unpack(&codec, &from, &sample);
		assert_true(from.at <= from.end);
		from = unpack_start(bytes, n);
		event_unpack(&from, &event);
		assert_true(from.at <= from.end);
	}
}

static void an_event_comes_back_and_has_one_id(void **state)
{
	CLEANUP(buffer_finish) struct buffer bytes = { 0 };
	struct event_view event = {
		.severity = RK_HIGH,
		.phase = RK_BEGIN,
		.follow_up = true,
		.type = slice_of("vendor.incident"),
		.key = slice_of("inc-1"),
		.insight = slice_of("SendGrid reports a delay."),
		.time_ns = 5,
		.labels = { { slice_of("vendor.name"), slice_of("sendgrid") } },
		.n_labels = 1,
		.details = { { slice_of("minutes"), slice_of("12") } },
		.n_details = 1,
	};
	struct event_view back;
	struct hash128 id, again, other;
	struct unpack from;

	(void)state;
	event_pack(&bytes, &event);
	from = unpack_start(bytes.data, bytes.size);
	event_unpack(&from, &back);
	assert_false(from.failed);
	assert_true(unpack_is_done(&from));
	assert_int_equal(back.severity, RK_HIGH);
	assert_true(back.follow_up);
	assert_true(slice_equal(back.insight, event.insight));
	assert_true(slice_equal(back.details[0].value, event.details[0].value));
	assert_int_equal(event_id(slice_of("mx1/a"), &event, &id), 0);
	/* Evidence may change between two tellings; the key may not. */
	back.n_details = 0;
	assert_int_equal(event_id(slice_of("mx1/a"), &back, &again), 0);
	assert_memory_equal(&id, &again, sizeof(id));
	back.key = slice_of("inc-2");
	assert_int_equal(event_id(slice_of("mx1/a"), &back, &other), 0);
	assert_memory_not_equal(&id, &other, sizeof(id));
}

static void a_part_is_full_at_its_bounds(void **state)
{
	struct part *part = part_create(1);

	(void)state;
	assert_true(part_is_empty(part));
	assert_true(part_has_room(part, 65536, 0));
	assert_false(part_has_room(part, 65537, 0));
	assert_false(part_has_room(part, 1, PART_MAX_SIZE));
	assert_int_equal(part_use_series(part, 3, PART_MAX_SIZE - 100), 0);
	assert_true(part_has_room(part, 2, 0));
	assert_false(part_has_room(part, 3, 0));
	assert_false(part_failed(part));
	part_destroy(part);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(samples_come_back_to_the_bit),
	cmocka_unit_test(a_counter_of_the_next_series_takes_few_bytes),
	cmocka_unit_test(cut_or_wrong_bytes_are_refused),
	cmocka_unit_test(random_bytes_never_read_beyond_their_end),
	cmocka_unit_test(an_event_comes_back_and_has_one_id),
	cmocka_unit_test(a_part_is_full_at_its_bounds),
};

CASES_MAIN(cases)
