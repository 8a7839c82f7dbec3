/* SPDX-License-Identifier: Apache-2.0 */
/* What lines look like, field by field; ids are those of tests/e2e/collect.py. */
#include "encode/encoder.h"

#include "base/buffer.h"
#include "base/text.h"

#include "cases.h"
#include "records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Hides the id, which must be 32 hexadecimal digits. */
static char *without_id(const struct buffer *line)
{
	char *text = strndup((const char *)line->data, line->size), *id = text;

	assert_non_null(text);
	for (; *id; id++) {
		if (strspn(id, "0123456789abcdef") >= 32) {
			memcpy(id, "ID", 2);
			memmove(id + 2, id + 32, strlen(id + 32) + 1);
			break;
		}
	}
	return text;
}

static void expect_sample(const char *format, enum sink_decimals decimals,
	const struct known_source *source, const struct series_view *view,
	const struct rk_sample *sample, const char *expected)
{
	struct known_series series = { .view = *view };
	struct encoder encoder;
	struct buffer line = { 0 };
	char *text;

	encoder_init(&encoder, encoder_type_find(format), decimals);
	/* Twice: the text of the series is made once. */
	for (int i = 0; i < 2; i++) {
		buffer_clear(&line);
		assert_int_equal(encoder_add_sample(&encoder, &line, source, &series,
					 sample, DAY_NS + HOUR_NS + 7512000),
			0);
		text = without_id(&line);
		assert_string_equal(text, expected);
		free(text);
	}
	free(series.made);
	buffer_finish(&line);
}

#define BEGIN    "{\"time\":\"2025-11-21T00:00:00Z\","
#define OBSERVED "\"observed\":\"2025-11-21T01:00:00.007512Z\","
#define REST                                                                             \
	",\"unit\":\"By\",\"confidence\":\"exact\",\"collector\":\"c\",\"plugin\":"      \
	"\"p\","                                                                         \
	"\"host\":\"mx1\",\"labels\":{},\"id\":\"ID\"}\n"

static void numbers_are_written_as_they_are(void **state)
{
	static const struct {
		struct rk_number value;
		enum sink_decimals decimals;
		const char *text;
	} numbers[] = {
		{ { .form = RK_DECIMAL, .digits = 1230, .scale = 2 }, 0, "12.30" },
		{ { .form = RK_DECIMAL, .digits = 1230, .scale = 2 },
			SINK_DECIMALS_STRING, "\"12.30\"" },
		{ { .form = RK_DECIMAL, .digits = -5, .scale = 3 }, 0, "-0.005" },
		{ { .form = RK_DECIMAL, .digits = INT64_MAX }, 0, "9223372036854775807" },
		{ { .form = RK_DECIMAL, .digits = INT64_MIN, .scale = 18 }, 0,
			"-9.223372036854775808" },
		{ { .form = RK_REAL, .real = 0.1 }, 0, "0.1" },
		{ { .form = RK_REAL, .real = 0.1 }, SINK_DECIMALS_STRING, "0.1" },
		{ { .form = RK_REAL, .real = 5e-324 }, 0, "5e-324" },
	};
	char expected[512];

	(void)state;
	for (size_t i = 0; i < RK_LEN(numbers); i++) {
		struct rk_sample sample = sample_of(numbers[i].value);

		snprintf(expected, sizeof(expected),
			BEGIN OBSERVED
			"\"metric\":\"a.b\",\"kind\":\"gauge\",\"value\":%s" REST,
			numbers[i].text);
		expect_sample("ndjson", numbers[i].decimals, &records_source,
			&records_series, &sample, expected);
	}
}

static void a_period_and_what_is_provisional_are_told(void **state)
{
	struct rk_sample sample = sample_of(decimal_of(182344, 0));
	struct series_view view = records_series;

	(void)state;
	view.kind = RK_DELTA;
	sample.start_ns = DAY_NS - 24 * HOUR_NS;
	sample.flags = RK_PROVISIONAL;
	expect_sample("ndjson", 0, &records_source, &view, &sample,
		BEGIN "\"start\":\"2025-11-20T00:00:00Z\"," OBSERVED
		      "\"metric\":\"a.b\",\"kind\":\"delta\",\"value\":182344,"
		      "\"unit\":\"By\",\"confidence\":\"exact\",\"provisional\":true,"
		      "\"collector\":\"c\",\"plugin\":\"p\",\"host\":\"mx1\","
		      "\"labels\":{},\"id\":\"ID\"}\n");
	expect_sample("csv", 0, &records_source, &view, &sample,
		"sample,2025-11-21T00:00:00Z,2025-11-20T00:00:00Z,"
		"2025-11-21T01:00:00.007512Z,a.b,delta,182344,By,exact,true,,c,p,mx1,,ID"
		",,,,,,,,\n");
}

static void a_sample_may_trust_itself_less_than_its_metric(void **state)
{
	struct rk_sample sample = sample_of(real_of(1));

	(void)state;
	sample.confidence = RK_DIRECTIONAL;
	expect_sample("csv", 0, &records_source, &records_series, &sample,
		"sample,2025-11-21T00:00:00Z,,2025-11-21T01:00:00.007512Z,a.b,gauge,1,By,"
		"directional,,,c,p,mx1,,ID,,,,,,,,\n");
}

static void a_series_own_tenant_wins(void **state)
{
	struct rk_sample sample = sample_of(decimal_of(1, 0));
	struct known_source source = records_source;
	struct series_view view = records_series;

	(void)state;
	source.view.tenant = slice_of("ours");
	expect_sample("csv", 0, &source, &view, &sample,
		"sample,2025-11-21T00:00:00Z,,2025-11-21T01:00:00.007512Z,a.b,gauge,1,By,"
		"exact,,ours,c,p,mx1,,ID,,,,,,,,\n");
	view.tenant = slice_of("acme");
	expect_sample("csv", 0, &source, &view, &sample,
		"sample,2025-11-21T00:00:00Z,,2025-11-21T01:00:00.007512Z,a.b,gauge,1,By,"
		"exact,,acme,c,p,mx1,,ID,,,,,,,,\n");
}

static void configured_labels_are_added_and_win(void **state)
{
	struct rk_sample sample = sample_of(decimal_of(1, 0));
	struct known_source source = records_source;
	struct series_view view = records_series;

	(void)state;
	source.view.labels[0] = (struct label){ TEXT("env"), TEXT("prod") };
	source.view.labels[1] = (struct label){ TEXT("zone"), TEXT("b") };
	source.view.n_labels = 2;
	view.labels[0] = (struct label){ TEXT("name"), TEXT("x") };
	view.labels[1] = (struct label){ TEXT("zone"), TEXT("a") };
	view.n_labels = 2;
	expect_sample("ndjson", 0, &source, &view, &sample,
		BEGIN OBSERVED
		"\"metric\":\"a.b\",\"kind\":\"gauge\",\"value\":1,\"unit\":\"By\","
		"\"confidence\":\"exact\",\"collector\":\"c\",\"plugin\":\"p\","
		"\"host\":\"mx1\","
		"\"labels\":{\"env\":\"prod\",\"name\":\"x\",\"zone\":\"b\"},"
		"\"id\":\"ID\"}\n");
	expect_sample("csv", 0, &source, &view, &sample,
		"sample,2025-11-21T00:00:00Z,,2025-11-21T01:00:00.007512Z,a.b,gauge,1,By,"
		"exact,,,c,p,mx1,"
		"\"{\"\"env\"\":\"\"prod\"\",\"\"name\"\":\"\"x\"\",\"\"zone\"\":"
		"\"\"b\"\"}\","
		"ID,,,,,,,,\n");
}

/* ---- texts ------------------------------------------------------------- */

static void texts_are_valid_in_json_whatever_they_hold(void **state)
{
	static const struct {
		struct slice text;
		const char *json;
	} texts[] = {
		{ TEXT("plain"), "plain" },
		{ TEXT("a\"b\\c"), "a\\\"b\\\\c" },
		{ TEXT("\n\r\t\b\x1f\x7f"), "\\n\\r\\t\\u0008\\u001f\\u007f" },
		{ TEXT("nul\0l"), "nul\\u0000l" },
		{ TEXT("\xc3\xa4\xe2\x82\xac\xf0\x9f\x93\xac"),
			"\xc3\xa4\xe2\x82\xac\xf0\x9f\x93\xac" },
		/* Not UTF-8: alone, cut off, overlong, a surrogate, beyond the end. */
		{ TEXT("a\xff"
		       "b"),
			"a\xef\xbf\xbd"
			"b" },
		{ TEXT("\xe2\x82"), "\xef\xbf\xbd\xef\xbf\xbd" },
		{ TEXT("\xc0\xaf"), "\xef\xbf\xbd\xef\xbf\xbd" },
		{ TEXT("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	};
	char expected[512];

	(void)state;
	for (size_t i = 0; i < RK_LEN(texts); i++) {
		struct rk_sample sample = sample_of(decimal_of(1, 0));
		struct series_view view = records_series;

		view.labels[0] = (struct label){ TEXT("name"), texts[i].text };
		view.n_labels = 1;
		snprintf(expected, sizeof(expected),
			BEGIN OBSERVED
			"\"metric\":\"a.b\",\"kind\":\"gauge\",\"value\":1,\"unit\":"
			"\"By\","
			"\"confidence\":\"exact\",\"collector\":\"c\",\"plugin\":\"p\","
			"\"host\":\"mx1\",\"labels\":{\"name\":\"%s\"},\"id\":\"ID\"}\n",
			texts[i].json);
		expect_sample("ndjson", 0, &records_source, &view, &sample, expected);
	}
}

static void csv_quotes_what_a_reader_would_split(void **state)
{
	static const struct {
		struct slice text;
		const char *field;
	} texts[] = {
		{ TEXT("plain text"), "plain text" },
		{ TEXT("a,b"), "\"a,b\"" },
		{ TEXT("say \"a\""), "\"say \"\"a\"\"\"" },
		{ TEXT("two\nlines"), "\"two\nlines\"" },
		{ TEXT("a\rb"), "\"a\rb\"" },
		{ TEXT("a\xff"), "a\xef\xbf\xbd" },
	};
	char expected[512];

	(void)state;
	for (size_t i = 0; i < RK_LEN(texts); i++) {
		struct rk_sample sample = sample_of(decimal_of(1, 0));
		struct known_source source = records_source;

		source.view.tenant = texts[i].text;
		snprintf(expected, sizeof(expected),
			"sample,2025-11-21T00:00:00Z,,2025-11-21T01:00:00.007512Z,a.b,"
			"gauge,1,By,exact,,%s,c,p,mx1,,ID,,,,,,,,\n",
			texts[i].field);
		expect_sample("csv", 0, &source, &records_series, &sample, expected);
	}
}

/* ---- events ------------------------------------------------------------ */

static void expect_event(
	const char *format, const struct event_view *event, const char *expected)
{
	struct encoder encoder;
	struct buffer line = { 0 };
	char *text;

	encoder_init(&encoder, encoder_type_find(format), SINK_DECIMALS_NUMBER);
	assert_int_equal(encoder_add_event(&encoder, &line, &records_source, event,
				 DAY_NS + HOUR_NS + 7512000),
		0);
	text = without_id(&line);
	assert_string_equal(text, expected);
	free(text);
	buffer_finish(&line);
}

static void events_have_what_a_person_needs(void **state)
{
	struct event_view event = records_event;

	(void)state;
	expect_event("ndjson", &event,
		BEGIN OBSERVED
		"\"event\":\"vendor.incident\",\"key\":\"inc-1\",\"phase\":\"begin\","
		"\"severity\":\"high\",\"follow_up\":true,"
		"\"insight\":\"Mail is late, says the vendor.\",\"action\":\"Wait.\","
		"\"collector\":\"c\",\"plugin\":\"p\",\"host\":\"mx1\","
		"\"labels\":{\"vendor.name\":\"sendgrid\"},"
		"\"details\":{\"minutes\":\"12\"},\"id\":\"ID\"}\n");
	expect_event("csv", &event,
		"event,2025-11-21T00:00:00Z,,2025-11-21T01:00:00.007512Z,,,,,,,,c,p,mx1,"
		"\"{\"\"vendor.name\"\":\"\"sendgrid\"\"}\",ID,vendor.incident,inc-1,"
		"begin,high,true,\"Mail is late, says the vendor.\",Wait.,"
		"\"{\"\"minutes\"\":\"\"12\"\"}\"\n");
}

static void what_an_event_has_not_is_missing(void **state)
{
	struct event_view event = {
		.severity = RK_LOW,
		.type = TEXT("a.b"),
		.insight = TEXT("It happened."),
		.time_ns = DAY_NS,
	};

	(void)state;
	expect_event("ndjson", &event,
		BEGIN OBSERVED
		"\"event\":\"a.b\",\"phase\":\"once\",\"severity\":\"low\","
		"\"insight\":\"It happened.\",\"collector\":\"c\","
		"\"plugin\":\"p\",\"host\":\"mx1\",\"labels\":{},"
		"\"id\":\"ID\"}\n");
}

/* ---- formats ----------------------------------------------------------- */

static size_t count_commas(const char *text)
{
	size_t n = 0;

	while ((text = strchr(text, ','))) {
		text++;
		n++;
	}
	return n;
}

static void every_csv_row_has_the_header_columns(void **state)
{
	static const struct event_view event = { .type = TEXT("a"),
		.insight = TEXT("It happened.") };
	struct encoder encoder;
	struct buffer header = { 0 };

	(void)state;
	encoder_init(&encoder, encoder_type_find("csv"), SINK_DECIMALS_NUMBER);
	encoder.type->header(&encoder, &header);
	assert_int_equal(count_commas(buffer_text(&header)), 23);
	buffer_clear(&header);
	assert_int_equal(
		encoder_add_event(&encoder, &header, &records_source, &event, 0), 0);
	assert_int_equal(count_commas(buffer_text(&header)), 23);
	buffer_finish(&header);
}

static void whatever_changes_the_bytes_changes_the_shape(void **state)
{
	struct encoder a, b;

	(void)state;
	encoder_init(&a, encoder_type_find("ndjson"), SINK_DECIMALS_NUMBER);
	b = a;
	assert_true(encoder_shape(&a) == encoder_shape(&b));
	encoder_init(&b, encoder_type_find("ndjson"), SINK_DECIMALS_STRING);
	assert_false(encoder_shape(&a) == encoder_shape(&b));
	encoder_init(&b, encoder_type_find("csv"), SINK_DECIMALS_NUMBER);
	assert_false(encoder_shape(&a) == encoder_shape(&b));
	assert_null(encoder_type_find("xml"));
}

/* ---- what a sink changes ----------------------------------------------- */

static const struct rk_label set_labels[] = { { "site", "fra" }, { "zone", "eu" } };

static struct encoder shaping_encoder(void)
{
	struct encoder encoder;

	encoder_init(&encoder, encoder_type_find("ndjson"), SINK_DECIMALS_NUMBER);
	encoder.labels = (struct rk_map){ set_labels, 2 };
	encoder.prefix = "mail.";
	return encoder;
}

/* The configured ones, the series' own and a third that nobody touches. */
static struct known_source source_in_a_zone(void)
{
	struct known_source source = records_source;

	source.view.labels[0] = (struct label){ TEXT("rack"), TEXT("7") };
	source.view.labels[1] = (struct label){ TEXT("zone"), TEXT("us") };
	source.view.n_labels = 2;
	return source;
}

static void a_sinks_labels_and_prefix_are_in_each_sample_and_its_id_is_the_same(
	void **state)
{
	const struct known_source source = source_in_a_zone();
	struct known_series series = { .view = records_series, .hash = { { 1, 2 } } };
	struct known_series plain = series;
	struct encoder shaped = shaping_encoder(), encoder;
	const struct rk_sample sample = { .time_ns = DAY_NS };
	struct buffer line = { 0 }, plain_line = { 0 };
	const char *id;

	(void)state;
	series.view.labels[0] = (struct label){ TEXT("site"), TEXT("own") };
	series.view.n_labels = 1;
	encoder_init(&encoder, encoder_type_find("ndjson"), SINK_DECIMALS_NUMBER);
	assert_int_equal(
		encoder_add_sample(&shaped, &line, &source, &series, &sample, 0), 0);
	assert_int_equal(
		encoder_add_sample(&encoder, &plain_line, &source, &plain, &sample, 0),
		0);
	assert_non_null(strstr(buffer_text(&line), "\"metric\":\"mail.a.b\""));
	assert_non_null(strstr(buffer_text(&line),
		"\"labels\":{\"rack\":\"7\",\"site\":\"fra\",\"zone\":\"eu\"}"));
	assert_non_null(strstr(buffer_text(&plain_line), "\"metric\":\"a.b\""));
	id = strstr(buffer_text(&line), "\"id\":");
	assert_non_null(id);
	assert_string_equal(id, strstr(buffer_text(&plain_line), "\"id\":"));
	free(series.made);
	free(plain.made);
	buffer_finish(&line);
	buffer_finish(&plain_line);
}

static void a_sinks_labels_are_in_each_event(void **state)
{
	const struct known_source source = source_in_a_zone();
	struct event_view event = {
		.type = TEXT("t"),
		.insight = TEXT("i"),
		.labels = { { TEXT("site"), TEXT("own") } },
		.n_labels = 1,
	};
	struct encoder encoder = shaping_encoder();
	struct buffer line = { 0 };

	(void)state;
	assert_int_equal(encoder_add_event(&encoder, &line, &source, &event, 0), 0);
	assert_non_null(strstr(buffer_text(&line), "\"event\":\"t\""));
	assert_non_null(strstr(buffer_text(&line),
		"\"labels\":{\"rack\":\"7\",\"site\":\"fra\",\"zone\":\"eu\"}"));
	buffer_finish(&line);
}

static int n_made;

static void *counts(struct encoder *encoder, const struct known_source *source,
	const struct known_series *series)
{
	(void)encoder;
	(void)source;
	(void)series;
	n_made++;
	return malloc(1);
}

static void adds_nothing(struct encoder *encoder, struct buffer *to,
	const struct known_series *series, const struct rk_sample *sample,
	int64_t observed_ns)
{
	(void)encoder;
	(void)to;
	(void)series;
	(void)sample;
	(void)observed_ns;
}

static void a_series_is_shaped_once_and_not_with_each_sample(void **state)
{
	static const struct encoder_type counting = { .make = counts,
		.sample = adds_nothing };
	struct known_series series = { .view = records_series };
	struct encoder encoder = shaping_encoder();
	const struct rk_sample sample = { .time_ns = DAY_NS };
	struct buffer none = { 0 };

	(void)state;
	encoder.type = &counting;
	n_made = 0;
	for (int i = 0; i < 3; i++)
		assert_int_equal(encoder_add_sample(&encoder, &none, &records_source,
					 &series, &sample, 0),
			0);
	assert_int_equal(n_made, 1);
	free(series.made);
}

static void what_a_sink_changes_changes_the_shape(void **state)
{
	const struct encoder both = shaping_encoder();
	struct encoder one = both, other = both;

	(void)state;
	assert_true(encoder_shape(&one) == encoder_shape(&both));
	one.prefix = NULL;
	assert_false(encoder_shape(&one) == encoder_shape(&both));
	one.prefix = "post.";
	assert_false(encoder_shape(&one) == encoder_shape(&both));
	other.labels.n = 1;
	assert_false(encoder_shape(&other) == encoder_shape(&both));
	other.labels.n = 0;
	assert_false(encoder_shape(&other) == encoder_shape(&both));
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(
		a_sinks_labels_and_prefix_are_in_each_sample_and_its_id_is_the_same),
	cmocka_unit_test(a_sinks_labels_are_in_each_event),
	cmocka_unit_test(a_series_is_shaped_once_and_not_with_each_sample),
	cmocka_unit_test(what_a_sink_changes_changes_the_shape),
	cmocka_unit_test(numbers_are_written_as_they_are),
	cmocka_unit_test(a_period_and_what_is_provisional_are_told),
	cmocka_unit_test(a_sample_may_trust_itself_less_than_its_metric),
	cmocka_unit_test(a_series_own_tenant_wins),
	cmocka_unit_test(configured_labels_are_added_and_win),
	cmocka_unit_test(texts_are_valid_in_json_whatever_they_hold),
	cmocka_unit_test(csv_quotes_what_a_reader_would_split),
	cmocka_unit_test(events_have_what_a_person_needs),
	cmocka_unit_test(what_an_event_has_not_is_missing),
	cmocka_unit_test(every_csv_row_has_the_header_columns),
	cmocka_unit_test(whatever_changes_the_bytes_changes_the_shape),
};

CASES_MAIN(cases)
