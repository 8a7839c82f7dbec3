/* SPDX-License-Identifier: Apache-2.0 */
/* The format json: arrays of the objects that test_encoder.c looks at. */
#include "base/buffer.h"

#include "cases.h"
#include "records.h"

#include <stdio.h>

static void no_record_is_an_empty_array(void **state)
{
	(void)state;
	expect_body("json", NULL, 0, "[]");
}

static void records_are_items_of_one_array(void **state)
{
	struct written records[] = { { .sample = sample_of(decimal_of(-1230, 2)) },
		{ .event = &records_event } };
	char expected[1024];

	(void)state;
	snprintf(expected, sizeof(expected),
		"[{\"time\":\"2025-11-21T00:00:00Z\",\"observed\":"
		"\"2025-11-21T01:00:00.007512Z\",\"metric\":\"a.b\",\"kind\":\"gauge\","
		"\"value\":-12.30,\"unit\":\"By\",\"confidence\":\"exact\",\"collector\":"
		"\"c\",\"plugin\":\"p\",\"host\":\"mx1\",\"labels\":{},\"id\":\"%s\"},"
		"{\"time\":\"2025-11-21T00:00:00Z\",\"observed\":"
		"\"2025-11-21T01:00:00.007512Z\",\"event\":\"vendor.incident\",\"key\":"
		"\"inc-1\",\"phase\":\"begin\",\"severity\":\"high\",\"follow_up\":true,"
		"\"insight\":\"Mail is late, says the vendor.\",\"action\":\"Wait.\","
		"\"collector\":\"c\",\"plugin\":\"p\",\"host\":\"mx1\",\"labels\":"
		"{\"vendor.name\":\"sendgrid\"},\"details\":{\"minutes\":\"12\"},\"id\":"
		"\"%s\"}]",
		sample_id_text(&records[0]).text,
		event_id_text(NULL, &records_event).text);
	expect_body("json", records, 2, expected);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(no_record_is_an_empty_array),
	cmocka_unit_test(records_are_items_of_one_array),
};

CASES_MAIN(cases)
