/* SPDX-License-Identifier: Apache-2.0 */
#include "ndjson.h"

#include "json_record.h"

const struct encoder_type encoder_ndjson = {
	.name = "ndjson",
	.summary = "One JSON object a line.",
	.version = 1,
	.media_type = "application/x-ndjson",
	.make = json_record_make,
	.sample = json_record_sample,
	.event = json_record_event,
};
