/* SPDX-License-Identifier: Apache-2.0 */
/* The agent takes from a child what a sound host sends, and nothing else. */
#include "base/macros.h"
#include "isolate/wire.h"
#include "isolate/wire_part.h"
#include "model/frame.h"

#include "cases.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct part_inspector inspector;
static struct buffer why;

static const char *const tenants[] = { "acme" };

static int setup(void **state)
{
	const struct rk_list allowed = { tenants, 1 };

	(void)state;
	return part_inspector_init(&inspector, NULL, &allowed);
}

static int teardown(void **state)
{
	(void)state;
	part_inspector_finish(&inspector);
	buffer_finish(&why);
	return 0;
}

/* ---- parts ------------------------------------------------------------- */

static const struct series_view plain = {
	.metric = { "a.b", 3 },
	.unit = { "1", 1 },
	.confidence = RK_EXACT,
};

static void define(struct part *part, uint32_t number, const struct series_view *view)
{
	struct buffer packed = { 0 };

	series_pack(&packed, view);
	part_define(part, number, (struct slice){ (char *)packed.data, packed.size });
	buffer_finish(&packed);
}

static void add_sample(struct part *part, uint32_t number)
{
	const struct rk_sample sample = {
		.series = number,
		.value = { .digits = 42, .form = RK_DECIMAL },
		.time_ns = 1000,
	};

	part_add_sample(part, &sample);
}

/* Sends a part and has it read: 0 and the part, or what was refused. */
static int cross(const struct part *part, struct part **ret_part)
{
	struct buffer bytes = { 0 };
	struct wire_frame frame;
	size_t size;
	int r;

	wire_put_part(&bytes, 7, part);
	assert_int_equal(wire_next(bytes.data, bytes.size, &frame, &size), 1);
	assert_int_equal(size, bytes.size);
	assert_int_equal(frame.type, WIRE_PART);
	assert_int_equal(unpack_unsigned(&frame.content), 7);
	buffer_clear(&why);
	r = wire_get_part(&frame.content, &inspector, ret_part, &why);
	buffer_finish(&bytes);
	return r;
}

static void assert_refused(const struct part *part, const char *expected)
{
	struct part *copy;

	assert_int_equal(cross(part, &copy), -EBADMSG);
	assert_string_equal(buffer_text(&why), expected);
}

static void a_part_comes_out_as_it_went_in(void **state)
{
	struct part *part = part_create(5), *copy;

	(void)state;
	define(part, 3, &plain);
	add_sample(part, 3);
	add_sample(part, 3);
	state_pack_set(&part->state, slice_of("k"), slice_of("v"));
	assert_int_equal(cross(part, &copy), 0);
	assert_int_equal(copy->base_ns, 5);
	assert_int_equal(copy->n_samples, 2);
	assert_int_equal(copy->n_used, 1);
	assert_int_equal(copy->used[0], 3);
	assert_int_equal(copy->samples.size, part->samples.size);
	assert_memory_equal(copy->samples.data, part->samples.data, part->samples.size);
	assert_int_equal(copy->definitions.size, part->definitions.size);
	assert_true(
		slice_equal(state_get(&inspector.state, slice_of("k")), slice_of("v")));
	part_destroy(copy);
	part_destroy(part);

	/* What was defined once need not be again. */
	part = part_create(6);
	add_sample(part, 3);
	assert_int_equal(cross(part, &copy), 0);
	assert_true(copy->used_size > 0);
	part_destroy(copy);
	part_destroy(part);
}

static void a_sample_of_a_series_that_was_never_told_is_refused(void **state)
{
	struct part *part = part_create(5);

	(void)state;
	define(part, 3, &plain);
	add_sample(part, 4);
	assert_refused(part, "a sample of series 4, which it never told");
	part_destroy(part);
}

static void samples_that_are_none_are_refused(void **state)
{
	struct part *part = part_create(5);

	(void)state;
	define(part, 0, &plain);
	add_sample(part, 0);
	part->n_samples = 2;
	assert_refused(part, "samples that are none");
	part->n_samples = 0;
	part->n_events = 0;
	assert_refused(part, "more samples than it says");
	part->n_samples = 1;
	buffer_append_byte(&part->samples, 0);
	assert_refused(part, "more samples than it says");
	part_destroy(part);
}

/* A series as no host makes it. */
static void series_that_break_the_rules_are_refused(void **state)
{
	static const struct {
		struct series_view view;
		const char *why;
	} rows[] = {
		{ { .unit = { "1", 1 }, .confidence = RK_EXACT },
			"a series that no host makes" },
		{ { .metric = { "A", 1 }, .unit = { "1", 1 }, .confidence = RK_EXACT },
			"a series that no host makes" },
		{ { .metric = { "a", 1 }, .confidence = RK_EXACT },
			"a series that no host makes" },
		{ { .metric = { "a", 1 }, .unit = { "1", 1 } },
			"a series that no host makes" },
		{ { .metric = { "a", 1 }, .unit = { "\xff", 1 }, .confidence = RK_EXACT },
			"a series that no host makes" },
		{ { .metric = { "a", 1 },
			  .unit = { "1", 1 },
			  .confidence = RK_EXACT,
			  .labels = { { { "b", 1 }, { "x", 1 } },
				  { { "a", 1 }, { "x", 1 } } },
			  .n_labels = 2 },
			"a series that no host makes" },
		{ { .metric = { "a", 1 },
			  .unit = { "1", 1 },
			  .confidence = RK_EXACT,
			  .labels = { { { "a", 1 }, { "x", 1 } },
				  { { "a", 1 }, { "x", 1 } } },
			  .n_labels = 2 },
			"a series that no host makes" },
		{ { .metric = { "a", 1 },
			  .unit = { "1", 1 },
			  .confidence = RK_EXACT,
			  .labels = { { { "a", 1 }, { "", 0 } } },
			  .n_labels = 1 },
			"a series that no host makes" },
		{ { .metric = { "a", 1 },
			  .unit = { "1", 1 },
			  .confidence = RK_EXACT,
			  .tenant = { "evil", 4 } },
			"a tenant that is not among the collector's" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct part *part = part_create(5);

		define(part, 0, &rows[i].view);
		add_sample(part, 0);
		assert_refused(part, rows[i].why);
		part_destroy(part);
	}
}

static void a_tenant_of_the_collector_is_taken(void **state)
{
	struct series_view view = plain;
	struct part *part = part_create(5), *copy;

	(void)state;
	view.tenant = slice_of("acme");
	define(part, 0, &view);
	add_sample(part, 0);
	assert_int_equal(cross(part, &copy), 0);
	part_destroy(copy);
	part_destroy(part);
}

static void an_event_that_no_host_makes_is_refused(void **state)
{
	static const struct event_view rows[] = {
		{ .insight = { "x", 1 } },
		{ .type = { "a b", 3 }, .insight = { "x", 1 } },
		{ .type = { "a", 1 } },
		{ .type = { "a", 1 }, .insight = { "\xff", 1 } },
		{ .type = { "a", 1 },
			.insight = { "x", 1 },
			.details = { { { "\xff", 1 }, { "x", 1 } } },
			.n_details = 1 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct part *part = part_create(5);

		part_add_event(part, &rows[i]);
		assert_refused(part, "events that are none");
		part_destroy(part);
	}
}

static void changes_of_the_state_beyond_its_bounds_are_refused(void **state)
{
	struct part *part = part_create(5);

	(void)state;
	buffer_append_text(&part->state, "\x09nonsense");
	assert_refused(part, "changes of its state that are none");
	buffer_clear(&part->state);
	for (int i = 0; i <= STATE_MAX_KEYS; i++) {
		char key[12];

		snprintf(key, sizeof(key), "%d", i);
		state_pack_set(&part->state, slice_of(key), slice_of(""));
	}
	assert_refused(part, "changes of its state that are none");
	part_destroy(part);
}

static void an_empty_part_is_refused(void **state)
{
	struct part *part = part_create(5);

	(void)state;
	assert_refused(part, "an empty part");
	part_destroy(part);
}

/* ---- frames ------------------------------------------------------------ */

static void a_frame_is_known_when_it_is_whole(void **state)
{
	struct buffer bytes = { 0 };
	struct wire_frame frame;
	size_t size;

	(void)state;
	wire_number(&bytes, WIRE_START, 300);
	for (size_t n = 0; n < bytes.size; n++) {
		assert_int_equal(wire_next(bytes.data, n, &frame, &size), 0);
		assert_int_equal(size, n < WIRE_HEADER_SIZE ? 0 : bytes.size);
	}
	assert_int_equal(wire_next(bytes.data, bytes.size, &frame, &size), 1);
	assert_int_equal(unpack_unsigned(&frame.content), 300);
	buffer_finish(&bytes);
}

static void a_frame_that_is_too_large_or_unknown_is_refused(void **state)
{
	uint8_t header[WIRE_HEADER_SIZE] = { 0 };
	struct wire_frame frame;
	size_t size;

	(void)state;
	assert_int_equal(wire_next(header, sizeof(header), &frame, &size), -EBADMSG);
	header[4] = WIRE_TYPES;
	assert_int_equal(wire_next(header, sizeof(header), &frame, &size), -EBADMSG);
	header[4] = WIRE_PART;
	put_u32(header, WIRE_MAX_FRAME + 1);
	assert_int_equal(wire_next(header, sizeof(header), &frame, &size), -EBADMSG);
	put_u32(header, WIRE_MAX_FRAME);
	assert_int_equal(wire_next(header, sizeof(header), &frame, &size), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static const struct CMUnitTest cases[] = {
	CASE(a_part_comes_out_as_it_went_in),
	CASE(a_sample_of_a_series_that_was_never_told_is_refused),
	CASE(samples_that_are_none_are_refused),
	CASE(series_that_break_the_rules_are_refused),
	CASE(a_tenant_of_the_collector_is_taken),
	CASE(an_event_that_no_host_makes_is_refused),
	CASE(changes_of_the_state_beyond_its_bounds_are_refused),
	CASE(an_empty_part_is_refused),
	CASE(a_frame_is_known_when_it_is_whole),
	CASE(a_frame_that_is_too_large_or_unknown_is_refused),
};

CASES_MAIN(cases)
