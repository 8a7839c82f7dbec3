/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cleanup.h"
#include "base/macros.h"
#include "model/options.h"

#include "cases.h"

#include <errno.h>
#include <string.h>

struct tier {
	int64_t from;
	struct rk_number price;
};

struct probe {
	bool flag;
	int64_t count;
	double share;
	struct rk_number price;
	const char *host;
	struct rk_duration wait;
	struct rk_time since;
	struct rk_size limit;
	struct rk_choice mode;
	struct rk_secret token;
	struct rk_list names;
	struct rk_map labels;
	struct rk_table tiers;
	struct {
		int64_t before;
		struct {
			const char *path;
		} deep;
	} tls;
	const char *unset;
};

struct tls_deep {
	const char *path;
};

struct tls {
	int64_t before;
	struct tls_deep deep;
};

static const struct rk_option tier_options[] = {
	{ .name = "from", RK_FIELD(struct tier, from) },
	{ .name = "price", RK_FIELD(struct tier, price) },
};
static const struct rk_option deep_options[] = {
	{ .name = "path", RK_FIELD(struct tls_deep, path) },
};
static const struct rk_option tls_options[] = {
	{ .name = "before", RK_FIELD(struct tls, before) },
	{ .name = "deep",
		RK_GROUP(struct tls, deep),
		.columns = RK_COLUMNS(tls_deep, deep_options) },
};

/* clang-format off */
static const struct rk_option options[] = {
	{ .name = "flag", RK_FIELD(struct probe, flag) },
	{ .name = "count", RK_FIELD(struct probe, count) },
	{ .name = "share", RK_FIELD(struct probe, share) },
	{ .name = "price", RK_FIELD(struct probe, price) },
	{ .name = "host", RK_FIELD(struct probe, host) },
	{ .name = "wait", RK_FIELD(struct probe, wait) },
	{ .name = "since", RK_FIELD(struct probe, since) },
	{ .name = "limit", RK_FIELD(struct probe, limit) },
	{ .name = "mode", RK_FIELD(struct probe, mode) },
	{ .name = "token", RK_FIELD(struct probe, token) },
	{ .name = "names", RK_FIELD(struct probe, names) },
	{ .name = "labels", RK_FIELD(struct probe, labels) },
	{ .name = "tiers", RK_FIELD(struct probe, tiers),
		.columns = RK_COLUMNS(tier, tier_options) },
	{ .name = "tls", RK_GROUP(struct probe, tls),
		.columns = RK_COLUMNS(tls, tls_options) },
	{ .name = "unset", RK_FIELD(struct probe, unset) },
};
/* clang-format on */

static const char *const name_items[] = { "a", "b" };
static const struct rk_label label_items[] = { { "env", "prod" } };

/* What the tables above say about a configuration that sets everything. */
struct filled {
	struct option_set set;
	struct value tier_items[2][2];
	struct values tiers[2];
	struct value deep_items[1], tls_items[2];
	struct values deep, tls;
	struct value items[LENGTH(options)];
	struct values values;
};

static void filled_init(struct filled *filled, struct arena *arena)
{
	struct value *items = filled->items;

	assert_int_equal(option_set_copy(arena, options, sizeof(options[0]),
				 LENGTH(options), &filled->set),
		0);
	for (size_t i = 0; i + 1 < LENGTH(options); i++)
		items[i].origin = ORIGIN_FILE;
	items[0].boolean = true;
	items[1].integer = -7;
	items[2].real = 0.25;
	items[3].decimal =
		(struct rk_number){ .digits = 10, .form = RK_DECIMAL, .scale = 2 };
	items[4].text = "mx1";
	items[5].ns = NS_PER_SECOND;
	items[6].ns = 1;
	items[7].bytes = UINT64_MAX;
	items[8].choice = 2;
	items[9].text = "s3cret";
	items[10].list = (struct rk_list){ name_items, 2 };
	items[11].map = (struct rk_map){ label_items, 1 };
	for (size_t i = 0; i < 2; i++) {
		filled->tier_items[i][0].origin = ORIGIN_FILE;
		filled->tier_items[i][0].integer = (int64_t)(i + 1) * 1000;
		filled->tiers[i].set = &filled->set.items[12].columns;
		filled->tiers[i].items = filled->tier_items[i];
	}
	items[12].table.rows = filled->tiers;
	items[12].table.n = 2;
	filled->tls_items[0].origin = ORIGIN_PRESET;
	filled->tls_items[0].integer = 30;
	filled->tls_items[1].group = &filled->deep;
	filled->deep_items[0].origin = ORIGIN_FILE;
	filled->deep_items[0].text = "/etc/ca";
	filled->tls.set = &filled->set.items[13].columns;
	filled->tls.items = filled->tls_items;
	filled->deep.set = &filled->tls.set->items[1].columns;
	filled->deep.items = filled->deep_items;
	items[13].origin = ORIGIN_NONE; /* its presets count all the same */
	items[13].group = &filled->tls;
	filled->values = (struct values){ &filled->set, items, { 0 } };
}

static void every_type_reaches_its_field(void **state)
{
	CLEANUP(arena_finish) struct arena arena = { 0 };
	struct filled filled = { 0 };
	struct probe probe = { 0 };
	const struct tier *tiers;

	(void)state;
	filled_init(&filled, &arena);
	assert_int_equal(
		options_fill(&arena, &filled.values, options, sizeof(options[0]), &probe),
		0);
	assert_true(probe.flag);
	assert_int_equal(probe.count, -7);
	assert_true(probe.share == 0.25);
	assert_int_equal(probe.price.digits, 10);
	assert_int_equal(probe.price.scale, 2);
	assert_string_equal(probe.host, "mx1");
	assert_ptr_not_equal(probe.host, filled.items[4].text);
	assert_int_equal(probe.wait.ns, NS_PER_SECOND);
	assert_int_equal(probe.since.ns, 1);
	assert_true(probe.limit.bytes == UINT64_MAX);
	assert_int_equal(probe.mode.index, 2);
	assert_string_equal(probe.token.text, "s3cret");
	assert_int_equal(probe.names.n, 2);
	assert_string_equal(probe.names.items[1], "b");
	assert_string_equal(probe.labels.items[0].value, "prod");
	assert_int_equal(probe.tiers.n, 2);
	tiers = probe.tiers.rows;
	assert_int_equal(tiers[1].from, 2000);
	assert_int_equal(probe.tls.before, 30);
	assert_string_equal(probe.tls.deep.path, "/etc/ca");
	assert_null(probe.unset);
}

static void what_has_no_value_stays_zero(void **state)
{
	CLEANUP(arena_finish) struct arena arena = { 0 };
	struct option_set set;
	struct value items[LENGTH(options)] = { { 0 } };
	struct values values = { &set, items, { 0 } };
	struct probe probe, zero;

	(void)state;
	memset(&probe, 0, sizeof(probe));
	memset(&zero, 0, sizeof(zero));
	assert_int_equal(option_set_copy(&arena, options, sizeof(options[0]),
				 LENGTH(options), &set),
		0);
	for (size_t i = 0; i < LENGTH(options); i++)
		items[i].integer = 99; /* without origin, nothing of it counts */
	items[13].group = NULL;
	assert_int_equal(
		options_fill(&arena, &values, options, sizeof(options[0]), &probe), 0);
	assert_memory_equal(&probe, &zero, sizeof(probe));
}

struct grown_option {
	struct rk_option known;
	uint64_t unknown[3];
};

static void rows_of_another_header_are_read_by_their_stride(void **state)
{
	CLEANUP(arena_finish) struct arena arena = { 0 };
	struct grown_option grown[2] = { { .known = options[0] },
		{ .known = options[1] } };
	struct value items[2] = { { .origin = ORIGIN_FILE, .boolean = true },
		{ .origin = ORIGIN_FILE, .integer = 5 } };
	struct option_set set;
	struct values values = { &set, items, { 0 } };
	struct probe probe = { 0 };

	(void)state;
	assert_int_equal(
		option_set_copy(&arena, &grown[0].known, sizeof(grown[0]), 2, &set), 0);
	assert_int_equal(
		options_fill(&arena, &values, &grown[0].known, sizeof(grown[0]), &probe),
		0);
	assert_true(probe.flag);
	assert_int_equal(probe.count, 5);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(every_type_reaches_its_field),
	cmocka_unit_test(what_has_no_value_stays_zero),
	cmocka_unit_test(rows_of_another_header_are_read_by_their_stride),
};

CASES_MAIN(cases)
