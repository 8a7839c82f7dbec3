/* SPDX-License-Identifier: Apache-2.0 */
/* What crosses to a child and back comes out as it went in, and bytes that nobody packed
 * are refused. */
#include "base/arena.h"
#include "base/macros.h"
#include "model/match.h"
#include "model/options.h"
#include "model/transfer.h"

#include "cases.h"

#include <string.h>

struct row {
	int64_t from;
	struct rk_number price;
};

struct inner {
	const char *path;
	struct rk_secret token;
};

struct probe {
	bool flag;
	int64_t count;
	double share;
	struct rk_number price;
	const char *host;
	struct rk_duration wait;
	struct rk_size limit;
	struct rk_choice mode;
	struct rk_list names;
	struct rk_map labels;
	struct rk_table rows;
	struct inner inner;
};

/* clang-format off */
static const struct rk_option row_options[] = {
	{ .name = "from", RK_FIELD(struct row, from), .help = "From." },
	{ .name = "price", RK_FIELD(struct row, price), .help = "Price." },
};
static const struct rk_option inner_options[] = {
	{ .name = "path", RK_FIELD(struct inner, path), .preset = "/proc",
	  .flags = RK_PATH_READ, .help = "Path." },
	{ .name = "token", RK_FIELD(struct inner, token), .help = "Token." },
};
static const char *const modes[] = { "slow", "fast", NULL };

static const struct rk_option options[] = {
	{ .name = "flag", RK_FIELD(struct probe, flag), .help = "Flag." },
	{ .name = "count", RK_FIELD(struct probe, count), .range = "1..9", .help = "Count." },
	{ .name = "share", RK_FIELD(struct probe, share), .help = "Share." },
	{ .name = "price", RK_FIELD(struct probe, price), .help = "Price." },
	{ .name = "host", RK_FIELD(struct probe, host), .help = "Host." },
	{ .name = "wait", RK_FIELD(struct probe, wait), .preset = "5s", .help = "Wait." },
	{ .name = "limit", RK_FIELD(struct probe, limit), .help = "Limit." },
	{ .name = "mode", RK_FIELD(struct probe, mode), .choices = modes, .help = "Mode." },
	{ .name = "names", RK_FIELD(struct probe, names), .help = "Names." },
	{ .name = "labels", RK_FIELD(struct probe, labels), .help = "Labels." },
	{ .name = "rows", RK_FIELD(struct probe, rows),
	  .columns = RK_COLUMNS(row, row_options), .help = "Rows." },
	{ .name = "inner", RK_GROUP(struct probe, inner),
	  .columns = RK_COLUMNS(inner, inner_options), .help = "Inner." },
};
/* clang-format on */

static const char *const metric_labels[] = { "esp.vendor", "name" };
static const struct metric metrics[] = {
	{ "a.b", "By", "A.", RK_DELTA, RK_EXACT, metric_labels, 2 },
	{ "c", "1", "C.", RK_GAUGE, RK_DIRECTIONAL, NULL, 0 },
};

static struct description described;

static int setup(void **state)
{
	(void)state;
	described = (struct description){
		.name = "probe",
		.summary = "Probes.",
		.version = "1.2",
		.interval = "10s",
		.flags = RK_BLOCKING,
		.needs = RK_NEED_NET | RK_NEED_WRITE,
		.metrics = metrics,
		.n_metrics = LENGTH(metrics),
	};
	return option_set_copy(&described.arena, options, sizeof(*options),
		LENGTH(options), &described.options);
}

static int teardown(void **state)
{
	(void)state;
	arena_finish(&described.arena);
	return 0;
}

/* ---- descriptions ------------------------------------------------------ */

static struct buffer pack(const struct description *description)
{
	struct buffer bytes = { 0 };

	description_pack(&bytes, description);
	assert_false(buffer_failed(&bytes));
	return bytes;
}

static void a_description_comes_out_as_it_went_in(void **state)
{
	struct buffer bytes = pack(&described), again;
	struct unpack from = unpack_start(bytes.data, bytes.size);
	struct description copy = { 0 };

	(void)state;
	description_unpack(&from, &copy);
	assert_false(from.failed);
	assert_ptr_equal(from.at, from.end);
	assert_string_equal(copy.version, "1.2");
	assert_null(copy.timeout);
	assert_string_equal(copy.options.items[11].columns.items[0].preset, "/proc");
	assert_int_equal(copy.options.items[7].n_choices, 2);
	assert_string_equal(copy.metrics[0].labels[1], "name");
	again = pack(&copy);
	assert_int_equal(again.size, bytes.size);
	assert_memory_equal(again.data, bytes.data, bytes.size);
	description_finish(&copy);
	buffer_finish(&again);
	buffer_finish(&bytes);
}

static void a_description_that_was_cut_off_is_refused(void **state)
{
	struct buffer bytes = pack(&described);

	(void)state;
	for (size_t n = 0; n < bytes.size; n++) {
		struct unpack from = unpack_start(bytes.data, n);
		struct description copy = { 0 };

		description_unpack(&from, &copy);
		assert_true(from.failed);
		description_finish(&copy);
	}
	buffer_finish(&bytes);
}

static bool is_refused(const struct description *description)
{
	struct buffer bytes = pack(description);
	struct unpack from = unpack_start(bytes.data, bytes.size);
	struct description copy = { 0 };

	description_unpack(&from, &copy);
	description_finish(&copy);
	buffer_finish(&bytes);
	return from.failed;
}

static void a_description_that_no_host_makes_is_refused(void **state)
{
	static const struct metric odd_metrics[] = {
		{ "A", "1", "A.", RK_GAUGE, RK_EXACT, NULL, 0 },
		{ "a", "1", "A.", 9, RK_EXACT, NULL, 0 },
		{ "a", "1", "A.", RK_GAUGE, RK_AS_DECLARED, NULL, 0 },
	};
	static const struct option odd_options[] = {
		{ .name = "no name", .help = "A." },
		{ .name = "a", .type = RK_TYPE_GROUP + 1, .help = "A." },
		{ .name = "a", .type = RK_TYPE_CHOICE, .help = "A." },
		{ .name = "a", .type = RK_TYPE_INT },
	};
	struct description odd;

	(void)state;
	assert_false(is_refused(&described));
	for (size_t i = 0; i < LENGTH(odd_metrics); i++) {
		odd = described;
		odd.metrics = &odd_metrics[i];
		odd.n_metrics = 1;
		assert_true(is_refused(&odd));
	}
	for (size_t i = 0; i < LENGTH(odd_options); i++) {
		odd = described;
		odd.options = (struct option_set){ &odd_options[i], 1 };
		assert_true(is_refused(&odd));
	}
	odd = described;
	odd.name = "../etc";
	assert_true(is_refused(&odd));
}

static void options_that_nest_without_end_are_refused(void **state)
{
	struct option nested[OPTION_MAX_DEPTH + 2];
	struct description odd = described;

	(void)state;
	for (size_t i = 0; i < LENGTH(nested); i++) {
		nested[i] = (struct option){
			.name = "a", .type = RK_TYPE_GROUP, .help = "A."
		};
		if (i > 0)
			nested[i - 1].columns = (struct option_set){ &nested[i], 1 };
	}
	odd.options = (struct option_set){ nested, 1 };
	assert_true(is_refused(&odd));
}

/* ---- values ------------------------------------------------------------ */

static const char *const names[] = { "a", "" };
static const struct rk_label labels[] = { { "k", "v" } };

/* Values of every type, in the order of the options. */
static void make_values(struct value *items, struct value *cells, struct values *rows,
	struct value *within, struct values *group)
{
	const struct option_set *set = &described.options;

	memset(items, 0, set->n * sizeof(*items));
	for (size_t i = 0; i < set->n; i++)
		items[i].origin = ORIGIN_FILE;
	items[0].boolean = true;
	items[1].integer = INT64_MIN;
	items[2].real = -0.1;
	items[3].decimal =
		(struct rk_number){ .digits = 12345, .form = RK_DECIMAL, .scale = 2 };
	items[4].origin = ORIGIN_NONE;
	items[5].ns = 1500000000;
	items[6].bytes = UINT64_MAX;
	items[7].choice = 1;
	items[8].list = (struct rk_list){ names, 2 };
	items[9].map = (struct rk_map){ labels, 1 };
	memset(cells, 0, 4 * sizeof(*cells));
	cells[0] = (struct value){ .origin = ORIGIN_FILE, .integer = 1 };
	cells[2] = (struct value){ .origin = ORIGIN_FILE, .integer = 2 };
	rows[0] = (struct values){ .set = &set->items[10].columns, .items = cells };
	rows[1] = (struct values){ .set = &set->items[10].columns, .items = cells + 2 };
	items[10].table.rows = rows;
	items[10].table.n = 2;
	within[0] = (struct value){ .origin = ORIGIN_PRESET, .text = "/proc" };
	within[1] = (struct value){ .origin = ORIGIN_FILE, .text = "s3cret" };
	*group = (struct values){ .set = &set->items[11].columns, .items = within };
	items[11].origin = ORIGIN_NONE; /* a group without origin has its presets */
	items[11].group = group;
}

static void values_of_every_type_come_out_as_they_went_in(void **state)
{
	struct value items[LENGTH(options)], cells[4], within[2];
	struct values rows[2], group;
	struct values values = { .set = &described.options, .items = items }, copy;
	struct buffer bytes = { .secret = true };
	struct arena arena = { 0 };
	struct unpack from;

	(void)state;
	make_values(items, cells, rows, within, &group);
	values_pack(&bytes, &values);
	from = unpack_start(bytes.data, bytes.size);
	values_unpack(&from, &arena, &described.options, &copy);
	assert_false(from.failed);
	assert_ptr_equal(from.at, from.end);
	assert_true(values_equal(&values, &copy));
	assert_string_equal(copy.items[11].group->items[1].text, "s3cret");
	assert_int_equal(copy.items[3].decimal.scale, 2);
	assert_null(copy.items[4].text);
	for (size_t n = 0; n < bytes.size; n++) {
		from = unpack_start(bytes.data, n);
		values_unpack(&from, &arena, &described.options, &copy);
		assert_true(from.failed);
	}
	arena_finish(&arena);
	buffer_finish(&bytes);
}

static void a_choice_that_is_none_is_refused(void **state)
{
	struct value items[LENGTH(options)], cells[4], within[2];
	struct values rows[2], group;
	struct values values = { .set = &described.options, .items = items }, copy;
	struct buffer bytes = { 0 };
	struct arena arena = { 0 };
	struct unpack from;

	(void)state;
	make_values(items, cells, rows, within, &group);
	items[7].choice = 2;
	values_pack(&bytes, &values);
	from = unpack_start(bytes.data, bytes.size);
	values_unpack(&from, &arena, &described.options, &copy);
	assert_true(from.failed);
	arena_finish(&arena);
	buffer_finish(&bytes);
}

static void a_match_comes_out_as_it_went_in(void **state)
{
	const struct match matches[] = {
		{ .metric = "a.*", .labels = { labels, 1 } },
		{ .event = "x", .collector = "c", .plugin = "p", .tenant = "t" },
	};
	const struct rk_table table = { matches, 2 };
	struct rk_table copy;
	struct buffer bytes = { 0 };
	struct arena arena = { 0 };
	struct unpack from;

	(void)state;
	match_pack(&bytes, &table);
	from = unpack_start(bytes.data, bytes.size);
	match_unpack(&from, &arena, &copy);
	assert_false(from.failed);
	assert_int_equal(match_hash(&copy), match_hash(&table));
	arena_finish(&arena);
	buffer_finish(&bytes);
}

static void a_text_with_a_nul_in_it_is_refused(void **state)
{
	struct buffer bytes = { 0 };
	struct arena arena = { 0 };
	struct unpack from;

	(void)state;
	pack_slice(&bytes, (struct slice){ "a\0b", 3 });
	from = unpack_start(bytes.data, bytes.size);
	assert_null(unpack_text(&from, &arena, 10));
	assert_true(from.failed);
	from = unpack_start(bytes.data, bytes.size);
	assert_null(unpack_text(&from, &arena, 2)); /* nor one that is too long */
	arena_finish(&arena);
	buffer_finish(&bytes);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static const struct CMUnitTest cases[] = {
	CASE(a_description_comes_out_as_it_went_in),
	CASE(a_description_that_was_cut_off_is_refused),
	CASE(a_description_that_no_host_makes_is_refused),
	CASE(options_that_nest_without_end_are_refused),
	CASE(values_of_every_type_come_out_as_they_went_in),
	CASE(a_choice_that_is_none_is_refused),
	CASE(a_match_comes_out_as_it_went_in),
	CASE(a_text_with_a_nul_in_it_is_refused),
};

CASES_MAIN(cases)
