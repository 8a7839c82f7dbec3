/* SPDX-License-Identifier: Apache-2.0 */
#include "parts.h"

#include "cases.h"

#include <stdio.h>

struct source_view parts_source(void)
{
	return (struct source_view){
		.host = slice_of("mx1"),
		.collector = slice_of("counting"),
		.identity = slice_of("mx1/counting"),
		.plugin = slice_of("generator"),
	};
}

static void define(struct part *part, uint32_t number)
{
	struct buffer packed = { 0 };
	struct series_view series = {
		.metric = slice_of("test.count"),
		.unit = slice_of("{event}"),
		.kind = RK_GAUGE,
		.confidence = RK_EXACT,
		.n_labels = 1,
	};
	char value[16];

	snprintf(value, sizeof(value), "%u", number);
	series.labels[0] = (struct label){ slice_of("number"), slice_of(value) };
	series_pack(&packed, &series);
	part_define(part, number, (struct slice){ (char *)packed.data, packed.size });
	buffer_finish(&packed);
}

struct part *parts_make(
	uint32_t first_series, uint32_t n, int64_t first_value, bool defined)
{
	struct part *part = part_create(INT64_C(1763770207000000000));

	assert_non_null(part);
	for (uint32_t i = 0; i < n; i++) {
		struct rk_sample sample = {
			.series = first_series + i,
			.value = { .digits = first_value + i, .form = RK_DECIMAL },
			.time_ns = part->base_ns,
		};

		assert_int_equal(part_use_series(part, sample.series, 64), 0);
		if (defined)
			define(part, sample.series);
		part_add_sample(part, &sample);
	}
	assert_false(part_failed(part));
	return part;
}
