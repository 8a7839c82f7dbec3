/* SPDX-License-Identifier: Apache-2.0 */
/* Prometheus remote write, byte by byte below the compression. */
#include "base/buffer.h"
#include "encode/protobuf.h"
#include "encode/shaping.h"

#include "cases.h"
#include "records.h"

#include <snappy-c.h>
#include <stdlib.h>

/* What a WriteRequest holds, one "name=value " after the other for each label, and then
 * "value@milliseconds" and a newline: a reader that knows no writer. */

static struct slice unpack_field(struct unpack *from, int *ret_field)
{
	uint64_t tag = unpack_unsigned(from);

	*ret_field = (int)(tag >> 3);
	assert_int_equal(tag & 7, PROTOBUF_LENGTH);
	return unpack_slice(from);
}

static void tell_label(struct buffer *out, struct slice label)
{
	struct unpack from = unpack_start(label.at, label.n);
	int field;

	for (int expected = 1; expected <= 2; expected++) {
		struct slice text = unpack_field(&from, &field);

		assert_int_equal(field, expected);
		buffer_append(out, text.at, text.n);
		buffer_append_byte(out, expected == 1 ? '=' : ' ');
	}
	assert_true(unpack_is_done(&from) && !from.failed);
}

static void tell_sample(struct buffer *out, struct slice sample)
{
	struct unpack from = unpack_start(sample.at, sample.n);
	uint64_t bits;
	double value;

	assert_int_equal(unpack_byte(&from), PROTOBUF_TAG(1, PROTOBUF_FIXED64));
	bits = unpack_u64(&from);
	memcpy(&value, &bits, sizeof(value));
	assert_int_equal(unpack_byte(&from), PROTOBUF_TAG(2, PROTOBUF_VARINT));
	buffer_append_format(
		out, "%.17g@%lld\n", value, (long long)unpack_unsigned(&from));
	assert_true(unpack_is_done(&from) && !from.failed);
}

static void tell_series(struct buffer *out, struct slice series)
{
	struct unpack from = unpack_start(series.at, series.n);
	int field = 1;

	while (!unpack_is_done(&from)) {
		struct slice content;

		assert_int_equal(field, 1);
		content = unpack_field(&from, &field);
		if (field == 1)
			tell_label(out, content);
		else
			tell_sample(out, content);
	}
	assert_int_equal(field, 2);
}

static void expect_told(const struct written *records, size_t n, const char *expected)
{
	struct buffer body = records_body("prometheus_remote_write", records, n);
	struct buffer out = { 0 };
	char *plain;
	size_t size;
	struct unpack from;
	int field;

	assert_int_equal(
		snappy_uncompressed_length((const char *)body.data, body.size, &size),
		SNAPPY_OK);
	plain = malloc(size + 1);
	assert_int_equal(
		snappy_uncompress((const char *)body.data, body.size, plain, &size),
		SNAPPY_OK);
	from = unpack_start(plain, size);
	while (!unpack_is_done(&from)) {
		tell_series(&out, unpack_field(&from, &field));
		assert_int_equal(field, 1);
	}
	assert_false(from.failed);
	assert_string_equal(buffer_text(&out), expected);
	free(plain);
	buffer_finish(&out);
	buffer_finish(&body);
}

#define LABELS                                                                           \
	"__name__=a_b collector=c confidence=exact host=mx1 kind=gauge plugin=p "        \
	"unit=By "

static void no_sample_is_an_empty_request(void **state)
{
	(void)state;
	expect_told(NULL, 0, "");
}

static void the_first_bytes_are_what_the_specification_says(void **state)
{
	struct written record = { .sample = sample_of(real_of(1.5)) };
	struct buffer body = records_body("prometheus_remote_write", &record, 1);
	char plain[256];
	size_t size = sizeof(plain);

	(void)state;
	assert_int_equal(
		snappy_uncompress((const char *)body.data, body.size, plain, &size),
		SNAPPY_OK);
	assert_memory_equal(plain,
		"\x0a\x7d\x0a\x0f\x0a\x08__name__\x12\x03"
		"a_b\x0a\x0e\x0a\x09"
		"collector\x12\x01"
		"c",
		35);
	assert_memory_equal(plain + size - 18,
		"\x12\x10\x09\x00\x00\x00\x00\x00\x00\xf8\x3f\x10\x80\xd8\xd7\x9d\xaa"
		"\x33",
		18);
	buffer_finish(&body);
}

static void values_are_the_nearest_doubles_and_times_milliseconds(void **state)
{
	static const struct {
		struct rk_number value;
		int64_t time_ns;
		const char *text;
	} samples[] = {
		{ { .form = RK_DECIMAL, .digits = -1230, .scale = 2 }, DAY_NS,
			LABELS "-12.300000000000001@1763683200000\n" },
		{ { .form = RK_DECIMAL, .digits = 1, .scale = 18 }, DAY_NS + 999999,
			LABELS "1.0000000000000001e-18@1763683200000\n" },
		{ { .form = RK_DECIMAL, .digits = INT64_MAX }, DAY_NS + 1000000,
			LABELS "9.2233720368547758e+18@1763683200001\n" },
		/* Digits that are no double: they are rounded once, not twice. */
		{ { .form = RK_DECIMAL, .digits = INT64_C(9007199254740993), .scale = 1 },
			DAY_NS, LABELS "900719925474099.25@1763683200000\n" },
		{ { .form = RK_REAL, .real = 5e-324 }, -1,
			LABELS "4.9406564584124654e-324@-1\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		struct written record = { .sample = sample_of(samples[i].value) };

		record.sample.time_ns = samples[i].time_ns;
		expect_told(&record, 1, samples[i].text);
	}
}

static void names_are_made_legal_and_labels_are_sorted_by_them(void **state)
{
	struct written record = { .sample = sample_of(decimal_of(1, 0)) };

	(void)state;
	record.series.metric = (struct slice)TEXT("esp.message.sent");
	record.series.tenant = (struct slice)TEXT("acme");
	record.series.labels[0] = (struct label){ TEXT("9lives"), TEXT("n") };
	record.series.labels[1] = (struct label){ TEXT("a.c"), TEXT("first") };
	record.series.labels[2] = (struct label){ TEXT("a_b"), TEXT("second") };
	record.series.labels[3] = (struct label){ TEXT("host"), TEXT("\xc3\xa4") };
	record.series.n_labels = 4;
	expect_told(&record, 1,
		"__name__=esp_message_sent _9lives=n a_b=second a_c=first collector=c "
		"confidence=exact host=mx1 kind=gauge label_host=\xc3\xa4 plugin=p "
		"tenant=acme unit=By 1@1763683200000\n");
}

static void the_longest_name_behind_the_longest_prefix_is_whole(void **state)
{
#define EIGHT "abcdefgh"
#define LONG  EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT
	struct written record = { .sample = sample_of(decimal_of(1, 0)) };

	(void)state;
	record.series.metric = (struct slice)TEXT(LONG);
	assert_int_equal(record.series.metric.n, SHAPING_MAX_PREFIX + SERIES_MAX_NAME);
	expect_told(&record, 1,
		"__name__=" LONG " collector=c confidence=exact host=mx1 kind=gauge "
		"plugin=p unit=By 1@1763683200000\n");
}

static void values_of_names_that_became_one_are_joined(void **state)
{
	struct written record = { .sample = sample_of(decimal_of(1, 0)) };

	(void)state;
	record.series.labels[0] = (struct label){ TEXT("a.b"), TEXT("x") };
	record.series.labels[1] = (struct label){ TEXT("a_b"), TEXT("y") };
	record.series.n_labels = 2;
	expect_told(&record, 1,
		"__name__=a_b a_b=x;y collector=c confidence=exact host=mx1 kind=gauge "
		"plugin=p unit=By 1@1763683200000\n");
}

static void a_sample_does_not_change_its_series(void **state)
{
	struct written record = { .sample = sample_of(decimal_of(1, 0)) };

	(void)state;
	record.sample.confidence = RK_DIRECTIONAL;
	record.sample.flags = RK_PROVISIONAL;
	record.sample.start_ns = 1;
	expect_told(&record, 1, LABELS "1@1763683200000\n");
}

static void events_have_no_place(void **state)
{
	struct encoder encoder;

	(void)state;
	encoder_init(&encoder, encoder_type_find("prometheus_remote_write"),
		SINK_DECIMALS_NUMBER);
	assert_false(encoder_takes_events(&encoder));
	encoder_init(&encoder, encoder_type_find("ndjson"), SINK_DECIMALS_NUMBER);
	assert_true(encoder_takes_events(&encoder));
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(no_sample_is_an_empty_request),
	cmocka_unit_test(the_first_bytes_are_what_the_specification_says),
	cmocka_unit_test(values_are_the_nearest_doubles_and_times_milliseconds),
	cmocka_unit_test(names_are_made_legal_and_labels_are_sorted_by_them),
	cmocka_unit_test(the_longest_name_behind_the_longest_prefix_is_whole),
	cmocka_unit_test(values_of_names_that_became_one_are_joined),
	cmocka_unit_test(a_sample_does_not_change_its_series),
	cmocka_unit_test(events_have_no_place),
};

CASES_MAIN(cases)
