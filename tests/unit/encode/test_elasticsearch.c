/* SPDX-License-Identifier: Apache-2.0 */
/* Bulk requests: what stands in front of the objects that test_encoder.c looks at. */
#include "base/buffer.h"

#include "cases.h"
#include "encode/store_answer.h"
#include "records.h"

#include <rookery/plugin.h>
#include <stdio.h>
#include <string.h>

static void each_record_names_its_id_and_version(void **state)
{
	struct written records[] = { { .sample = sample_of(decimal_of(42, 0)) },
		{ .event = &records_event } };
	const struct id_text sample = sample_id_text(&records[0]);
	const struct id_text event = event_id_text(NULL, &records_event);
	char expected[2048];

	(void)state;
	snprintf(expected, sizeof(expected),
		"{\"index\":{\"_id\":\"%s\",\"version\":1763686800007512000,"
		"\"version_type\":\"external_gte\"}}\n"
		"{\"time\":\"2025-11-21T00:00:00Z\",\"observed\":"
		"\"2025-11-21T01:00:00.007512Z\",\"metric\":\"a.b\",\"kind\":\"gauge\","
		"\"value\":42,\"unit\":\"By\",\"confidence\":\"exact\",\"collector\":"
		"\"c\",\"plugin\":\"p\",\"host\":\"mx1\",\"labels\":{},\"id\":\"%s\"}\n"
		"{\"index\":{\"_id\":\"%s\",\"version\":1763686800007512000,"
		"\"version_type\":\"external_gte\"}}\n"
		"{\"time\":\"2025-11-21T00:00:00Z\",\"observed\":"
		"\"2025-11-21T01:00:00.007512Z\",\"event\":\"vendor.incident\",\"key\":"
		"\"inc-1\",\"phase\":\"begin\",\"severity\":\"high\",\"follow_up\":true,"
		"\"insight\":\"Mail is late, says the vendor.\",\"action\":\"Wait.\","
		"\"collector\":\"c\",\"plugin\":\"p\",\"host\":\"mx1\",\"labels\":"
		"{\"vendor.name\":\"sendgrid\"},\"details\":{\"minutes\":\"12\"},\"id\":"
		"\"%s\"}\n",
		sample.text, sample.text, event.text, event.text);
	expect_body("elasticsearch", records, 2, expected);
}

static void a_data_stream_gets_what_it_wants(void **state)
{
	static const char *const options[] = { "index", "metrics-\"x\"", "action",
		"create", NULL };
	const struct configured format = { "elasticsearch", options };
	struct written record = { .sample = sample_of(decimal_of(42, 0)) };
	const struct id_text id = sample_id_text(&record);
	char expected[1024];

	(void)state;
	snprintf(expected, sizeof(expected),
		"{\"create\":{\"_index\":\"metrics-\\\"x\\\"\",\"_id\":\"%s\"}}\n"
		"{\"@timestamp\":\"2025-11-21T00:00:00Z\",\"time\":\"2025-11-21T00:00:"
		"00Z\","
		"\"observed\":\"2025-11-21T01:00:00.007512Z\",\"metric\":\"a.b\","
		"\"kind\":"
		"\"gauge\",\"value\":42,\"unit\":\"By\",\"confidence\":\"exact\","
		"\"collector\":\"c\",\"plugin\":\"p\",\"host\":\"mx1\",\"labels\":{},"
		"\"id\":\"%s\"}\n",
		id.text, id.text);
	expect_body_of(&format, &record, 1, expected);
}

/* ---- answers ------------------------------------------------------------ */

#define ITEM(status) "{\"index\":{\"_id\":\"x\",\"status\":" #status "}}"
#define FAILED(status, reason)                                                           \
	"{\"create\":{\"status\":" #status                                               \
	",\"error\":{\"type\":\"t\",\"reason\":\"" reason "\"}}}"
#define ERRORS(items) "{\"took\":3,\"errors\":true,\"items\":[" items "]}"

static void an_answer_tells_the_fate_of_each_record(void **state)
{
	static const struct {
		const char *body;
		uint32_t n_records;
		enum store_verdict verdict;
		uint32_t n_outdated, n_refused;
		const char *why;
	} rows[] = {
		{ "{\"took\":3,\"errors\":false,\"items\":[]}", 2, STORE_TOOK, 0, 0,
			NULL },
		{ "{ \"errors\" : false, \"items\" : [ cut", 2, STORE_TOOK, 0, 0, NULL },
		{ "{\"errors\":false}", 2, STORE_TOOK, 0, 0, NULL },
		{ ERRORS(ITEM(201) "," ITEM(200)), 2, STORE_TOOK, 0, 0, NULL },
		{ ERRORS(ITEM(201) "," FAILED(409, "c")), 2, STORE_TOOK, 1, 0, NULL },
		{ ERRORS(FAILED(400, "a\\nb") "," ITEM(201)), 2, STORE_TOOK, 0, 1,
			"t: a b" },
		{ ERRORS(ITEM(201) "," FAILED(429, "full")), 2, STORE_BUSY, 0, 0,
			"t: full" },
		{ ERRORS(FAILED(503, "down") "," FAILED(404, "gone")), 2, STORE_SHUT, 0,
			0, "t: gone" },
		{ ERRORS(FAILED(403, "no") "," FAILED(429, "x")), 2, STORE_SHUT, 0, 0,
			"t: no" },
		{ ERRORS("{}," ITEM(201)), 2, STORE_SHUT, 0, 0, NULL },
		{ ERRORS(ITEM(4294967496) "," ITEM(201)), 2, STORE_SHUT, 0, 0, NULL },
		{ ERRORS("[],7"), 2, STORE_SHUT, 0, 0, NULL },
		/* Not about the batch that was sent. */
		{ ERRORS(ITEM(201)), 2, STORE_SHUT, 0, 0, NULL },
		{ ERRORS(""), 0, STORE_SHUT, 0, 0, NULL },
		{ "{}", 2, STORE_SHUT, 0, 0, NULL },
		{ "", 2, STORE_SHUT, 0, 0, NULL },
		{ "<html>\"errors\":true", 2, STORE_SHUT, 0, 0, NULL },
		{ "{\"items\":[{\"errors\":false}]}", 2, STORE_SHUT, 0, 0, NULL },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		struct store_answer answer;
		const char *why;

		encoder_type_find("elasticsearch")
			->read_answer(rows[i].body, strlen(rows[i].body), true,
				rows[i].n_records, &answer);
		assert_int_equal(answer.verdict, rows[i].verdict);
		assert_int_equal(answer.n_outdated, rows[i].n_outdated);
		assert_int_equal(answer.n_refused, rows[i].n_refused);
		why = answer.n_refused > 0 ? answer.refused[0].why : answer.why;
		if (rows[i].why)
			assert_string_equal(why, rows[i].why);
		arena_finish(&answer.arena);
	}
}

static void an_answer_that_was_cut_is_trusted_as_far_as_it_goes(void **state)
{
	static const char clean[] = "{\"took\":3,\"errors\":false,\"items\":[{";
	static const char not [] = "{\"took\":3,\"errors\":true,\"items\":[{";
	const struct encoder_type *type = encoder_type_find("elasticsearch");
	struct store_answer answer;

	(void)state;
	type->read_answer(clean, strlen(clean), false, 1, &answer);
	assert_int_equal(answer.verdict, STORE_TOOK);
	type->read_answer(not, strlen(not ), false, 1, &answer);
	assert_int_equal(answer.verdict, STORE_SAID_MUCH);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(a_data_stream_gets_what_it_wants),
	cmocka_unit_test(an_answer_tells_the_fate_of_each_record),
	cmocka_unit_test(an_answer_that_was_cut_is_trusted_as_far_as_it_goes),
	cmocka_unit_test(each_record_names_its_id_and_version),
};

CASES_MAIN(cases)
