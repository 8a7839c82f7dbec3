/* SPDX-License-Identifier: Apache-2.0 */
#include "clickhouse.h"

#include "json_record.h"

/* Samples and events share the columns; what does not apply is missing, and the table
 * has a default for it. */
const struct encoder_type encoder_clickhouse = {
	.name = "clickhouse",
	.summary = "Rows for ClickHouse as JSONEachRow.",
	.version = 1,
	.media_type = "application/x-ndjson",
	.id_parameter = "insert_deduplication_token",
	.dialect = JSON_CLICKHOUSE,
	.make = json_record_make,
	.sample = json_record_sample,
	.event = json_record_event,
};
