/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OpenTelemetry: how records are nested and what becomes of them, by the JSON form;
 * tests/e2e/formats.py proves that the other form has the same messages.
 */
#include "base/buffer.h"

#include "cases.h"
#include "records.h"

#include <stdio.h>
#include <string.h>

#define SOURCE(records)                                                                  \
	"{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":"            \
	"{\"stringValue\":\"rookery\"}},{\"key\":\"host.name\",\"value\":"               \
	"{\"stringValue\":\"mx1\"}},{\"key\":\"rookery.collector\",\"value\":"           \
	"{\"stringValue\":\"c\"}}]},\"scope" records "\":[{\"scope\":{\"name\":\"p\"},"

#define CONFIDENCE                                                                       \
	"{\"attributes\":[{\"key\":\"rookery.confidence\",\"value\":{\"stringValue\":"   \
	"\"exact\"}}],"

#define EXEMPLAR                                                                         \
	",\"exemplars\":[{\"filteredAttributes\":[{\"key\":\"rookery.id\",\"value\":"    \
	"{\"stringValue\":\"%s\"}}"

#define OBSERVED "],\"timeUnixNano\":\"1763686800007512000\""
#define TIME     "\"timeUnixNano\":\"1763683200000000000\""

static void a_gauge_has_a_point_with_an_exemplar(void **state)
{
	struct written record = { .sample = sample_of(decimal_of(-1230, 2)) };
	char expected[2048];

	(void)state;
	snprintf(expected, sizeof(expected),
		"{\"resourceMetrics\":[" SOURCE(
			"Metrics") "\"metrics\":[{\"name\":"
				   "\"a.b\",\"unit\":\"By\",\"gauge\":{\"dataPoints\":"
				   "[" CONFIDENCE TIME
				   ",\"asDouble\":-12.30" EXEMPLAR OBSERVED
				   ",\"asDouble\":-12.30}]}]}}]}]}"
				   "]}",
		sample_id_text(&record).text);
	expect_body("otlp_json", &record, 1, expected);
}

static void what_a_restatement_changes_is_no_attribute_of_the_point(void **state)
{
	struct written record = { .sample = sample_of(decimal_of(7, 0)) };
	char expected[2048];

	(void)state;
	record.series.kind = RK_DELTA;
	record.sample.start_ns = 1;
	record.sample.flags = RK_PROVISIONAL;
	record.sample.confidence = RK_DIRECTIONAL;
	snprintf(expected, sizeof(expected),
		"{\"resourceMetrics\":[" SOURCE(
			"Metrics") "\"metrics\":[{\"name\":"
				   "\"a.b\",\"unit\":\"By\",\"sum\":{"
				   "\"aggregationTemporality\":1,"
				   "\"isMonotonic\":true,\"dataPoints\":[" CONFIDENCE
				   "\"startTimeUnixNano\":\"1\"," TIME
				   ",\"asInt\":\"7\"" EXEMPLAR
				   ",{\"key\":\"rookery.confidence\",\"value\":{"
				   "\"stringValue\":"
				   "\"directional\"}},{\"key\":\"rookery.provisional\","
				   "\"value\":"
				   "{\"boolValue\":true}}" OBSERVED
				   ",\"asInt\":\"7\"}]}]}}]}]}]}",
		sample_id_text(&record).text);
	expect_body("otlp_json", &record, 1, expected);
}

static void money_may_go_down_and_is_no_integer(void **state)
{
	struct written record = { .sample = sample_of(decimal_of(7, 0)) };
	char expected[2048];

	(void)state;
	record.series.kind = RK_CUMULATIVE;
	record.series.unit = (struct slice)TEXT("{currency}");
	snprintf(expected, sizeof(expected),
		"{\"resourceMetrics\":[" SOURCE(
			"Metrics") "\"metrics\":[{\"name\":"
				   "\"a.b\",\"unit\":\"{currency}\",\"sum\":{"
				   "\"aggregationTemporality\":2,"
				   "\"dataPoints\":[" CONFIDENCE TIME
				   ",\"asDouble\":7" EXEMPLAR OBSERVED
				   ",\"asDouble\":7}]}]}}]}]}]}",
		sample_id_text(&record).text);
	expect_body("otlp_json", &record, 1, expected);
}

static void events_are_logs(void **state)
{
	struct event_view event = records_event;
	struct written record = { .event = &event };
	char expected[2048];

	(void)state;
	event.start_ns = 1;
	snprintf(expected, sizeof(expected),
		"{\"resourceLogs\":[" SOURCE(
			"Logs") "\"logRecords\":[{" TIME
				",\"observedTimeUnixNano\":\"1763686800007512000\","
				"\"severityNumber\":17,"
				"\"severityText\":\"high\",\"body\":{\"stringValue\":"
				"\"Mail is late, says the vendor.\"},\"attributes\":["
				"{\"key\":\"rookery.action\",\"value\":{\"stringValue\":"
				"\"Wait.\"}},"
				"{\"key\":\"rookery.id\",\"value\":{\"stringValue\":\"%"
				"s\"}},"
				"{\"key\":\"rookery.key\",\"value\":{\"stringValue\":"
				"\"inc-1\"}},"
				"{\"key\":\"rookery.phase\",\"value\":{\"stringValue\":"
				"\"begin\"}},"
				"{\"key\":\"vendor.name\",\"value\":{\"stringValue\":"
				"\"sendgrid\"}},"
				"{\"key\":\"rookery.follow_up\",\"value\":{\"boolValue\":"
				"true}},"
				"{\"key\":\"rookery.start\",\"value\":{\"intValue\":"
				"\"1\"}},"
				"{\"key\":\"rookery.details\",\"value\":{\"kvlistValue\":"
				"{\"values\":["
				"{\"key\":\"minutes\",\"value\":{\"stringValue\":\"12\"}}"
				"]}}}],"
				"\"eventName\":\"vendor.incident\"}]}]}]}",
		event_id_text(NULL, &event).text);
	expect_body("otlp_json", &record, 1, expected);
}

static void no_record_is_an_empty_request(void **state)
{
	struct buffer body = records_body("otlp_protobuf", NULL, 0);

	(void)state;
	assert_int_equal(body.size, 0);
	buffer_finish(&body);
	expect_body("otlp_json", NULL, 0, "{}");
}

static size_t count(const struct buffer *body, const char *bytes)
{
	const char *at = (const char *)body->data, *end = at + body->size;
	size_t n = 0;

	while ((at = memmem(at, (size_t)(end - at), bytes, strlen(bytes)))) {
		at++;
		n++;
	}
	return n;
}

static void expect_groups(
	const struct written *records, size_t n, size_t sources, size_t metrics)
{
	static const char *const formats[] = { "otlp_json", "otlp_protobuf" };

	for (size_t i = 0; i < 2; i++) {
		struct buffer body = records_body(formats[i], records, n);

		assert_int_equal(count(&body, "service.name"), sources);
		assert_int_equal(count(&body, "a.b"), metrics);
		assert_int_equal(count(&body, "rookery.id"), n);
		buffer_finish(&body);
	}
}

static void neighbours_of_one_metric_or_source_share_its_group(void **state)
{
	struct known_source other = records_source;
	struct written records[4] = { { 0 } };

	(void)state;
	other.view.collector = (struct slice)TEXT("d");
	for (size_t i = 0; i < 4; i++) {
		records[i].sample = sample_of(decimal_of((int64_t)i, 0));
		records[i].series.labels[0] = (struct label){ TEXT("n"), TEXT("1") };
		records[i].series.n_labels = i % 2;
	}
	expect_groups(records, 4, 1, 1);
	records[1].series.unit = (struct slice)TEXT("s");
	expect_groups(records, 4, 1, 3);
	records[1].series.unit = (struct slice)TEXT("By");
	records[3].series.kind = RK_DELTA;
	expect_groups(records, 4, 1, 2);
	records[3].series.kind = RK_GAUGE;
	records[2].source = &other;
	expect_groups(records, 4, 3, 3);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(a_gauge_has_a_point_with_an_exemplar),
	cmocka_unit_test(what_a_restatement_changes_is_no_attribute_of_the_point),
	cmocka_unit_test(money_may_go_down_and_is_no_integer),
	cmocka_unit_test(events_are_logs),
	cmocka_unit_test(no_record_is_an_empty_request),
	cmocka_unit_test(neighbours_of_one_metric_or_source_share_its_group),
};

CASES_MAIN(cases)
