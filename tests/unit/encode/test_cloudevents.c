/* SPDX-License-Identifier: Apache-2.0 */
/* CloudEvents: what stands around the objects that test_encoder.c looks at. */
#include "base/buffer.h"

#include "cases.h"
#include "format_options.h"
#include "records.h"

#include <stdio.h>
#include <string.h>

#define ID_OF_OBSERVED "1763686800007512000"

static void a_telling_of_a_sample_is_an_event(void **state)
{
	struct written record = { .sample = sample_of(decimal_of(42, 0)) };
	const struct id_text id = sample_id_text(&record);
	char expected[1024];

	(void)state;
	snprintf(expected, sizeof(expected),
		"[{\"specversion\":\"1.0\",\"id\":\"%s." ID_OF_OBSERVED "\",\"source\":"
		"\"/mx1/c\",\"type\":\"rookery.sample\",\"subject\":\"a.b\",\"time\":"
		"\"2025-11-21T00:00:00Z\",\"datacontenttype\":\"application/json\","
		"\"data\":{\"time\":\"2025-11-21T00:00:00Z\",\"observed\":"
		"\"2025-11-21T01:00:00.007512Z\",\"metric\":\"a.b\",\"kind\":\"gauge\","
		"\"value\":42,\"unit\":\"By\",\"confidence\":\"exact\",\"collector\":"
		"\"c\",\"plugin\":\"p\",\"host\":\"mx1\",\"labels\":{},\"id\":\"%s\"}}]",
		id.text, id.text);
	expect_body("cloudevents", &record, 1, expected);
}

static void an_event_tells_its_type_and_key(void **state)
{
	struct event_view event = {
		.type = TEXT("a.b"), .insight = TEXT("It happened."), .time_ns = DAY_NS
	};
	struct written records[] = { { .event = &event }, { .event = &records_event } };
	const struct id_text ids[] = { event_id_text(NULL, &event),
		event_id_text(NULL, &records_event) };
	char expected[2048];

	(void)state;
	snprintf(expected, sizeof(expected),
		"[{\"specversion\":\"1.0\",\"id\":\"%s." ID_OF_OBSERVED "\",\"source\":"
		"\"/mx1/c\",\"type\":\"rookery.event.a.b\",\"time\":"
		"\"2025-11-21T00:00:00Z\",\"datacontenttype\":\"application/json\","
		"\"data\":{\"time\":\"2025-11-21T00:00:00Z\",\"observed\":"
		"\"2025-11-21T01:00:00.007512Z\",\"event\":\"a.b\",\"phase\":\"once\","
		"\"severity\":\"low\",\"insight\":\"It happened.\",\"collector\":\"c\","
		"\"plugin\":\"p\",\"host\":\"mx1\",\"labels\":{},\"id\":\"%s\"}},"
		"{\"specversion\":\"1.0\",\"id\":\"%s." ID_OF_OBSERVED "\",\"source\":"
		"\"/mx1/c\",\"type\":\"rookery.event.vendor.incident\",\"subject\":"
		"\"inc-1\",\"time\":\"2025-11-21T00:00:00Z\",\"datacontenttype\":"
		"\"application/json\",\"data\":{\"time\":\"2025-11-21T00:00:00Z\","
		"\"observed\":\"2025-11-21T01:00:00.007512Z\",\"event\":"
		"\"vendor.incident\",\"key\":\"inc-1\",\"phase\":\"begin\",\"severity\":"
		"\"high\",\"follow_up\":true,\"insight\":"
		"\"Mail is late, says the vendor.\",\"action\":\"Wait.\",\"collector\":"
		"\"c\",\"plugin\":\"p\",\"host\":\"mx1\",\"labels\":{\"vendor.name\":"
		"\"sendgrid\"},\"details\":{\"minutes\":\"12\"},\"id\":\"%s\"}}]",
		ids[0].text, ids[0].text, ids[1].text, ids[1].text);
	expect_body("cloudevents", records, 2, expected);
}

static void the_source_is_a_uri_reference_whatever_the_identity_is(void **state)
{
	static const struct {
		struct slice identity;
		const char *source;
	} identities[] = {
		{ TEXT("mx1/c"), "\"source\":\"/mx1/c\"" },
		{ TEXT("/mx1"), "\"source\":\"/%2Fmx1\"" },
		{ TEXT("our mail \"x\""), "\"source\":\"/our%20mail%20%22x%22\"" },
		{ TEXT("\xc3\xa4"), "\"source\":\"/%C3%A4\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(identities) / sizeof(*identities); i++) {
		struct known_source source = records_source;
		struct written record = { .source = &source,
			.sample = sample_of(decimal_of(42, 0)) };
		struct buffer body;

		source.view.identity = identities[i].identity;
		body = records_body("cloudevents", &record, 1);
		assert_non_null(strstr(buffer_text(&body), identities[i].source));
		buffer_finish(&body);
	}
}

static void a_structured_event_stands_alone(void **state)
{
	static const char *const options[] = { "mode", "structured", "source",
		"https://example.org/our mail/", NULL };
	const struct configured format = { "cloudevents", options };
	struct written record = { .event = &records_event };
	struct buffer body = records_body_of(&format, &record, 1);
	const char *text = buffer_text(&body);

	(void)state;
	assert_true(text[0] == '{' && text[body.size - 1] == '}');
	assert_non_null(
		strstr(text, "\"source\":\"https://example.org/our%20mail/mx1/c\","));
	buffer_finish(&body);
}

static void the_mode_decides_about_type_and_size_of_a_body(void **state)
{
	static const char *const modes[][3] = { { "mode", "batched", NULL },
		{ "mode", "structured", NULL } };
	struct encoder encoders[2];
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		encoder_init(&encoders[i], encoder_type_find("cloudevents"), 0);
		assert_int_equal(format_options_set(&encoders[i], &arena, modes[i]), 0);
	}
	assert_string_equal(encoders[0].type->media_type,
		"application/cloudevents-batch+json; charset=utf-8");
	assert_int_equal(encoders[0].type->max_records, 0);
	assert_string_equal(encoders[1].type->media_type,
		"application/cloudevents+json; charset=utf-8");
	assert_int_equal(encoders[1].type->max_records, 1);
	assert_true(encoder_shape(&encoders[0]) != encoder_shape(&encoders[1]));
	arena_finish(&arena);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(a_structured_event_stands_alone),
	cmocka_unit_test(the_mode_decides_about_type_and_size_of_a_body),
	cmocka_unit_test(a_telling_of_a_sample_is_an_event),
	cmocka_unit_test(an_event_tells_its_type_and_key),
	cmocka_unit_test(the_source_is_a_uri_reference_whatever_the_identity_is),
};

CASES_MAIN(cases)
