/* SPDX-License-Identifier: Apache-2.0 */
/* InfluxDB's line protocol, byte by byte; tests/e2e/formats.py has a server read it. */
#include "base/buffer.h"
#include "base/text.h"

#include "cases.h"
#include "records.h"

#include <stdio.h>

#define TAGS "a.b,collector=c,host=mx1,kind=gauge,plugin=p,unit=By"
#define REST ",confidence=\"exact\",provisional=f 1763683200000000000\n"

static void a_value_is_a_float_in_the_digits_that_it_has(void **state)
{
	static const struct {
		struct rk_number value;
		const char *text;
	} numbers[] = {
		{ { .form = RK_DECIMAL, .digits = 42 }, "42" },
		{ { .form = RK_DECIMAL, .digits = -1230, .scale = 2 }, "-12.30" },
		{ { .form = RK_DECIMAL, .digits = INT64_MAX }, "9223372036854775807" },
		{ { .form = RK_REAL, .real = 1e300 }, "1e300" },
		{ { .form = RK_REAL, .real = 5e-324 }, "5e-324" },
	};
	char expected[256];

	(void)state;
	for (size_t i = 0; i < RK_LEN(numbers); i++) {
		struct written record = { .sample = sample_of(numbers[i].value) };

		snprintf(expected, sizeof(expected), TAGS " value=%s" REST,
			numbers[i].text);
		expect_body("influx", &record, 1, expected);
	}
}

static void what_a_restatement_changes_is_a_field_and_always_written(void **state)
{
	struct written records[2] = { 0 };

	(void)state;
	records[0].series.kind = records[1].series.kind = RK_DELTA;
	records[0].sample = sample_of(decimal_of(1, 0));
	records[0].sample.start_ns = DAY_NS - HOUR_NS;
	records[1].sample = records[0].sample;
	records[0].sample.flags = RK_PROVISIONAL;
	records[0].sample.confidence = RK_APPROXIMATE;
	expect_body("influx", records, 2,
		"a.b,collector=c,host=mx1,kind=delta,plugin=p,unit=By value=1,"
		"confidence=\"approximate\",provisional=t,start=1763679600000000000i "
		"1763683200000000000\n"
		"a.b,collector=c,host=mx1,kind=delta,plugin=p,unit=By value=1,"
		"confidence=\"exact\",provisional=f,start=1763679600000000000i "
		"1763683200000000000\n");
}

static void tags_are_sorted_and_never_end_too_early(void **state)
{
	static const struct {
		struct slice text;
		const char *tag;
	} texts[] = {
		{ TEXT("plain"), "plain" },
		{ TEXT("a b,c=d"), "a\\ b\\,c\\=d" },
		{ TEXT("say \"a\""), "say\\ \"a\"" },
		{ TEXT("C:\\x"), "C:\\x" },
		{ TEXT("C:\\"), "C:\\_" },
		{ TEXT("a\\,b"), "a\\\\,b" },
		{ TEXT("two\r\nlines"), "two\\r\\nlines" },
		{ TEXT("\xc3\xa4\xff"), "\xc3\xa4\xef\xbf\xbd" },
	};
	char expected[512];

	(void)state;
	for (size_t i = 0; i < RK_LEN(texts); i++) {
		struct written record = { .sample = sample_of(decimal_of(1, 0)) };

		record.series.tenant = texts[i].text;
		record.series.labels[0] = (struct label){ TEXT("dns.name"), TEXT("x") };
		record.series.labels[1] = (struct label){ TEXT("zone"), texts[i].text };
		record.series.n_labels = 2;
		snprintf(expected, sizeof(expected),
			"a.b,collector=c,dns.name=x,host=mx1,kind=gauge,plugin=p,tenant="
			"%s,unit=By,zone=%s value=1" REST,
			texts[i].tag, texts[i].tag);
		expect_body("influx", &record, 1, expected);
	}
}

static void a_label_with_a_name_of_ours_is_renamed(void **state)
{
	struct written record = { .sample = sample_of(decimal_of(1, 0)) };

	(void)state;
	record.series.labels[0] = (struct label){ TEXT("empty"), TEXT("") };
	record.series.labels[1] = (struct label){ TEXT("host"), TEXT("other") };
	record.series.n_labels = 2;
	expect_body("influx", &record, 1,
		"a.b,collector=c,host=mx1,kind=gauge,label.host=other,plugin=p,unit=By "
		"value=1" REST);
}

static void of_tags_with_one_name_the_first_stays(void **state)
{
	struct written record = { .sample = sample_of(decimal_of(1, 0)) };

	(void)state;
	record.series.labels[0] = (struct label){ TEXT("host"), TEXT("one") };
	record.series.labels[1] = (struct label){ TEXT("label.host"), TEXT("two") };
	record.series.n_labels = 2;
	expect_body("influx", &record, 1,
		"a.b,collector=c,host=mx1,kind=gauge,label.host=one,plugin=p,unit=By "
		"value=1" REST);
}

static void events_are_points_of_a_measurement_of_their_own(void **state)
{
	struct event_view event = records_event;
	struct written record = { .event = &event };

	(void)state;
	event.insight = (struct slice)TEXT("\"Late\",\nsays C:\\");
	event.start_ns = 1;
	expect_body("influx", &record, 1,
		"rookery.event,collector=c,host=mx1,key=inc-1,phase=begin,plugin=p,type="
		"vendor.incident,vendor.name=sendgrid follow_up=t,severity=\"high\","
		"insight=\"\\\"Late\\\",\nsays C:\\\\\",action=\"Wait.\",details="
		"\"{\\\"minutes\\\":\\\"12\\\"}\",start=1i 1763683200000000000\n");
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(a_value_is_a_float_in_the_digits_that_it_has),
	cmocka_unit_test(what_a_restatement_changes_is_a_field_and_always_written),
	cmocka_unit_test(tags_are_sorted_and_never_end_too_early),
	cmocka_unit_test(a_label_with_a_name_of_ours_is_renamed),
	cmocka_unit_test(of_tags_with_one_name_the_first_stays),
	cmocka_unit_test(events_are_points_of_a_measurement_of_their_own),
};

CASES_MAIN(cases)
