/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cleanup.h"
#include "base/macros.h"
#include "model/description.h"

#include "cases.h"

#include <errno.h>
#include <string.h>

struct price {
	const char *country;
	int64_t fee;
};

struct probe {
	const char *host;
	struct rk_choice mode;
	struct rk_table prices;
};

static const char *const modes[] = { "fast", "slow", NULL };

static const struct rk_option price_options[] = {
	{ .name = "country", RK_FIELD(struct price, country), .flags = RK_REQUIRED },
	{ .name = "fee", RK_FIELD(struct price, fee), .preset = "3", .range = "1..9" },
};

static const struct rk_option probe_options[] = {
	{ .name = "host", RK_FIELD(struct probe, host), .help = "Whom to ask." },
	{ .name = "mode", RK_FIELD(struct probe, mode), .choices = modes },
	{ .name = "prices",
		RK_FIELD(struct probe, prices),
		.columns = RK_COLUMNS(price, price_options) },
};

static void tables_are_copied_with_all_below_them(void **state)
{
	CLEANUP(arena_finish) struct arena arena = { 0 };
	const struct option *mode, *fee;
	struct option_set set;

	(void)state;
	assert_int_equal(option_set_copy(&arena, probe_options, sizeof(struct rk_option),
				 LENGTH(probe_options), &set),
		0);
	assert_int_equal(set.n, 3);
	assert_string_equal(set.items[0].name, "host");
	assert_ptr_not_equal(set.items[0].name, probe_options[0].name);
	assert_string_equal(set.items[0].help, "Whom to ask.");
	assert_null(set.items[0].preset);
	mode = option_set_find(&set, "mode");
	assert_int_equal(mode->n_choices, 2);
	assert_string_equal(mode->choices[1], "slow");
	fee = option_set_find(&set.items[2].columns, "fee");
	assert_int_equal(fee->type, RK_TYPE_INT);
	assert_string_equal(fee->preset, "3");
	assert_string_equal(fee->range, "1..9");
	assert_int_equal(set.items[2].columns.items[0].flags, RK_REQUIRED);
	assert_null(option_set_find(&set, "fee"));
}

/* A table of a later header, whose rows have grown. */
struct grown_option {
	struct rk_option known;
	const char *unknown;
};

static void a_table_with_longer_rows_is_read_by_its_stride(void **state)
{
	CLEANUP(arena_finish) struct arena arena = { 0 };
	struct grown_option grown[] = {
		{ { .name = "a", .type = RK_TYPE_INT, .help = "One." }, "?" },
		{ { .name = "b", .type = RK_TYPE_BOOL, .help = "Two." }, "?" },
	};
	struct option_set set;

	(void)state;
	assert_int_equal(
		option_set_copy(&arena, &grown[0].known, sizeof(grown[0]), 2, &set), 0);
	assert_string_equal(set.items[1].name, "b");
	assert_string_equal(set.items[1].help, "Two.");
}

/* A table of an earlier header, which ended before choices. */
struct shrunk_option {
	const char *name;
	uint32_t type, offset;
	uint32_t flags;
	const char *preset;
	const char *range;
};

static void a_table_with_shorter_rows_lacks_what_it_does_not_have(void **state)
{
	CLEANUP(arena_finish) struct arena arena = { 0 };
	struct shrunk_option shrunk[] = {
		{ .name = "a", .type = RK_TYPE_INT, .range = "1.." },
		{ .name = "b", .type = RK_TYPE_INT, .preset = "5" },
	};
	struct option_set set;

	(void)state;
	assert_int_equal(offsetof(struct rk_option, choices), sizeof(shrunk[0]));
	assert_int_equal(option_set_copy(&arena, (const struct rk_option *)shrunk,
				 sizeof(shrunk[0]), 2, &set),
		0);
	assert_string_equal(set.items[0].range, "1..");
	assert_string_equal(set.items[1].preset, "5");
	assert_null(set.items[1].help);
	assert_int_equal(set.items[1].n_choices, 0);
}

static int copy_nested(unsigned int depth)
{
	CLEANUP(arena_finish) struct arena arena = { 0 };
	struct rk_option options[8] = { 0 };
	struct rk_columns columns[8] = { 0 };
	struct option_set set;

	for (unsigned int i = 0; i <= depth; i++) {
		options[i] = (struct rk_option){ .name = "a", .type = RK_TYPE_GROUP };
		columns[i] = (struct rk_columns){ .option_size = sizeof(options[0]),
			.options = &options[i],
			.n_options = 1 };
		if (i > 0)
			options[i - 1].columns = &columns[i];
	}
	return option_set_copy(&arena, options, sizeof(options[0]), 1, &set);
}

static void tables_nest_four_deep(void **state)
{
	(void)state;
	assert_int_equal(copy_nested(OPTION_MAX_DEPTH), 0);
	assert_int_equal(copy_nested(OPTION_MAX_DEPTH + 1), -EINVAL);
}

static void a_table_that_is_no_table_is_refused(void **state)
{
	CLEANUP(arena_finish) struct arena arena = { 0 };
	struct rk_option nameless = { .type = RK_TYPE_INT };
	struct option_set set = { NULL, 77 };

	(void)state;
	assert_int_equal(
		option_set_copy(&arena, &nameless, sizeof(nameless), 1, &set), -EINVAL);
	assert_int_equal(option_set_copy(&arena, &nameless, sizeof(nameless), 1001, &set),
		-EINVAL);
	assert_int_equal(set.n, 77);
	assert_int_equal(option_set_copy(&arena, NULL, 0, 0, &set), 0);
	assert_int_equal(set.n, 0);
}

static void numbers_have_names(void **state)
{
	(void)state;
	assert_string_equal(kind_name(RK_DELTA), "delta");
	assert_null(kind_name(3));
	assert_string_equal(confidence_name(RK_DIRECTIONAL), "directional");
	assert_null(confidence_name(RK_AS_DECLARED));
	assert_null(confidence_name(4));
	for (uint32_t type = RK_TYPE_BOOL; type <= RK_TYPE_GROUP; type++)
		assert_string_not_equal(option_type_name(type), "unknown type");
	assert_string_equal(option_type_name(RK_TYPE_GROUP + 1), "unknown type");
}

static void finishing_an_empty_description_is_fine(void **state)
{
	struct description description = { 0 };

	(void)state;
	description_finish(&description);
	description.name = arena_copy_text(&description.arena, "x", 1);
	description_finish(&description);
	assert_null(description.name);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(tables_are_copied_with_all_below_them),
	cmocka_unit_test(a_table_with_longer_rows_is_read_by_its_stride),
	cmocka_unit_test(a_table_with_shorter_rows_lacks_what_it_does_not_have),
	cmocka_unit_test(tables_nest_four_deep),
	cmocka_unit_test(a_table_that_is_no_table_is_refused),
	cmocka_unit_test(numbers_have_names),
	cmocka_unit_test(finishing_an_empty_description_is_fine),
};

CASES_MAIN(cases)
