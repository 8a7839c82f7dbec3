/* SPDX-License-Identifier: Apache-2.0 */
/* Rows for the table of packaging/stores/clickhouse.sql. */
#include "base/buffer.h"

#include "cases.h"
#include "records.h"

#include <stdio.h>

#define TIMES                                                                            \
	"{\"time\":\"2025-11-21 00:00:00\",\"observed\":\"2025-11-21 01:00:00.007512\","

static void decimals_stand_twice_and_doubles_once(void **state)
{
	struct written records[] = { { .sample = sample_of(decimal_of(-1230, 2)) },
		{ .sample = sample_of(real_of(0.1)) } };
	char expected[1024];

	(void)state;
	snprintf(expected, sizeof(expected),
		TIMES "\"metric\":\"a.b\",\"kind\":\"gauge\",\"value\":-12.30,\"exact\":"
		      "\"-12.30\",\"unit\":\"By\",\"confidence\":\"exact\",\"collector\":"
		      "\"c\",\"plugin\":\"p\",\"host\":\"mx1\",\"labels\":{},\"id\":"
		      "\"%s\"}\n" TIMES
		      "\"metric\":\"a.b\",\"kind\":\"gauge\",\"value\":0.1,\"unit\":"
		      "\"By\",\"confidence\":\"exact\",\"collector\":\"c\",\"plugin\":"
		      "\"p\",\"host\":\"mx1\",\"labels\":{},\"id\":\"%s\"}\n",
		sample_id_text(&records[0]).text, sample_id_text(&records[1]).text);
	expect_body("clickhouse", records, 2, expected);
}

static void a_period_and_what_is_provisional_are_told(void **state)
{
	struct written record = { .sample = sample_of(real_of(1)) };
	char expected[1024];

	(void)state;
	record.series.kind = RK_DELTA;
	record.sample.start_ns = DAY_NS - HOUR_NS / 7;
	record.sample.flags = RK_PROVISIONAL;
	snprintf(expected, sizeof(expected),
		"{\"time\":\"2025-11-21 00:00:00\",\"start\":"
		"\"2025-11-20 23:51:25.714285715\",\"observed\":"
		"\"2025-11-21 01:00:00.007512\",\"metric\":\"a.b\",\"kind\":\"delta\","
		"\"value\":1,\"unit\":\"By\",\"confidence\":\"exact\","
		"\"provisional\":true,\"collector\":\"c\",\"plugin\":\"p\",\"host\":"
		"\"mx1\",\"labels\":{},\"id\":\"%s\"}\n",
		sample_id_text(&record).text);
	expect_body("clickhouse", &record, 1, expected);
}

static void events_are_rows_of_the_same_table(void **state)
{
	struct written record = { .event = &records_event };
	char expected[1024];

	(void)state;
	snprintf(expected, sizeof(expected),
		TIMES "\"event\":\"vendor.incident\",\"key\":\"inc-1\",\"phase\":"
		      "\"begin\",\"severity\":\"high\",\"follow_up\":true,\"insight\":"
		      "\"Mail is late, says the vendor.\",\"action\":\"Wait.\","
		      "\"collector\":\"c\",\"plugin\":\"p\",\"host\":\"mx1\","
		      "\"labels\":{\"vendor.name\":\"sendgrid\"},\"details\":"
		      "{\"minutes\":\"12\"},\"id\":\"%s\"}\n",
		event_id_text(NULL, &records_event).text);
	expect_body("clickhouse", &record, 1, expected);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(decimals_stand_twice_and_doubles_once),
	cmocka_unit_test(a_period_and_what_is_provisional_are_told),
	cmocka_unit_test(events_are_rows_of_the_same_table),
};

CASES_MAIN(cases)
