/* SPDX-License-Identifier: Apache-2.0 */
/* PostHog's batches: what stands around the objects that test_encoder.c looks at. */
#include "base/buffer.h"

#include "cases.h"
#include "format_options.h"
#include "records.h"

#include <stdio.h>
#include <string.h>

static const char *const key_alone[] = { "api_key", "phc_canary", NULL };

/* The digits of an id as a UUID: the version is 8, the variant 10. */
static void put_uuid(char *to, const char *id)
{
	static const char variants[] = "89ab";
	unsigned int digit = 0;

	sscanf(id + 16, "%1x", &digit);
	sprintf(to, "%.8s-%.4s-8%.3s-%c%.3s-%.12s", id, id + 8, id + 13,
		variants[digit & 3], id + 17, id + 20);
}

static void records_are_events_with_properties(void **state)
{
	const struct configured format = { "posthog", key_alone };
	struct written records[] = { { .sample = sample_of(decimal_of(42, 0)) },
		{ .event = &records_event } };
	const struct id_text ids[] = { sample_id_text(&records[0]),
		event_id_text(NULL, &records_event) };
	char uuids[2][40], expected[2048];

	(void)state;
	put_uuid(uuids[0], ids[0].text);
	put_uuid(uuids[1], ids[1].text);
	snprintf(expected, sizeof(expected),
		"{\"api_key\":\"phc_canary\",\"batch\":["
		"{\"uuid\":\"%s\",\"event\":\"a.b\",\"distinct_id\":\"mx1/c\","
		"\"timestamp\":\"2025-11-21T00:00:00Z\",\"properties\":{"
		"\"$process_person_profile\":false,\"time\":\"2025-11-21T00:00:00Z\","
		"\"observed\":\"2025-11-21T01:00:00.007512Z\",\"metric\":\"a.b\","
		"\"kind\":"
		"\"gauge\",\"value\":42,\"unit\":\"By\",\"confidence\":\"exact\","
		"\"collector\":\"c\",\"plugin\":\"p\",\"host\":\"mx1\",\"labels\":{},"
		"\"id\":\"%s\"}},"
		"{\"uuid\":\"%s\",\"event\":\"vendor.incident\",\"distinct_id\":\"mx1/"
		"c\","
		"\"timestamp\":\"2025-11-21T00:00:00Z\",\"properties\":{"
		"\"$process_person_profile\":false,\"time\":\"2025-11-21T00:00:00Z\","
		"\"observed\":\"2025-11-21T01:00:00.007512Z\",\"event\":"
		"\"vendor.incident\",\"key\":\"inc-1\",\"phase\":\"begin\",\"severity\":"
		"\"high\",\"follow_up\":true,\"insight\":\"Mail is late, says the "
		"vendor.\",\"action\":\"Wait.\",\"collector\":\"c\",\"plugin\":\"p\","
		"\"host\":\"mx1\",\"labels\":{\"vendor.name\":\"sendgrid\"},\"details\":"
		"{\"minutes\":\"12\"},\"id\":\"%s\"}}]}",
		uuids[0], ids[0].text, uuids[1], ids[1].text);
	expect_body_of(&format, records, 2, expected);
	expect_body_of(&format, records, 0, "{\"api_key\":\"phc_canary\",\"batch\":[]}");
}

static void who_and_what_can_be_configured(void **state)
{
	static const char *const options[] = { "api_key", "k", "distinct_id",
		"team \"x\"", "event", "sample", NULL };
	const struct configured format = { "posthog", options };
	struct written records[] = { { .sample = sample_of(decimal_of(42, 0)) },
		{ .event = &records_event } };
	struct buffer body = records_body_of(&format, records, 2);
	const char *text = buffer_text(&body);

	(void)state;
	assert_non_null(
		strstr(text, "\"event\":\"sample\",\"distinct_id\":\"team \\\"x\\\"\","));
	assert_non_null(strstr(text,
		"\"event\":\"vendor.incident\",\"distinct_id\":\"team \\\"x\\\"\","));
	buffer_finish(&body);
}

static uint64_t shape_of(const char *const *options)
{
	struct arena arena = { 0 };
	struct encoder encoder;
	uint64_t shape;

	encoder_init(&encoder, encoder_type_find("posthog"), SINK_DECIMALS_NUMBER);
	assert_int_equal(format_options_set(&encoder, &arena, options), 0);
	shape = encoder_shape(&encoder);
	arena_finish(&arena);
	return shape;
}

static void another_key_makes_no_other_batch_and_another_name_does(void **state)
{
	static const char *const other_key[] = { "api_key", "another", NULL };
	static const char *const named[] = { "api_key", "phc_canary", "event", "x",
		NULL };
	static const char *const whose[] = { "api_key", "phc_canary", "distinct_id", "x",
		NULL };

	(void)state;
	assert_true(shape_of(key_alone) == shape_of(other_key));
	assert_true(shape_of(key_alone) != shape_of(named));
	assert_true(shape_of(named) != shape_of(whose));
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(records_are_events_with_properties),
	cmocka_unit_test(who_and_what_can_be_configured),
	cmocka_unit_test(another_key_makes_no_other_batch_and_another_name_does),
};

CASES_MAIN(cases)
