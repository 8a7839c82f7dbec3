/* SPDX-License-Identifier: Apache-2.0 */
/* Bulk requests: what stands in front of the objects that test_encoder.c looks at. */
#include "base/buffer.h"

#include "cases.h"
#include "records.h"

#include <stdio.h>

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

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(each_record_names_its_id_and_version),
};

CASES_MAIN(cases)
