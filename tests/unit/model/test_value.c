/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "model/value.h"

#include "cases.h"

#include <errno.h>

static const char *const modes[] = { "never", "always", "sometimes" };
static const char *const one_mode[] = { "none" };

static struct option option_of(uint32_t type)
{
	return (struct option){
		.name = "x", .type = type, .choices = modes, .n_choices = LENGTH(modes)
	};
}

static void scalars_are_read_as_their_type(void **state)
{
	static const struct {
		uint32_t type;
		const char *text;
		int64_t expected;
	} rows[] = {
		{ RK_TYPE_BOOL, "true", 1 },
		{ RK_TYPE_BOOL, "false", 0 },
		{ RK_TYPE_INT, "-42", -42 },
		{ RK_TYPE_INT, "9223372036854775807", INT64_MAX },
		{ RK_TYPE_DURATION, "1h30m", 5400 * NS_PER_SECOND },
		{ RK_TYPE_TIME, "1970-01-02", 86400 * NS_PER_SECOND },
		{ RK_TYPE_SIZE, "64KiB", 65536 },
		{ RK_TYPE_CHOICE, "sometimes", 2 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(arena_finish) struct arena arena = { 0 };
		CLEANUP(buffer_finish) struct buffer why = { 0 };
		struct option option = option_of(rows[i].type);
		struct value value = { 0 };
		int64_t number;

		assert_int_equal(value_from_text(&arena, &option, rows[i].text,
					 strlen(rows[i].text), &value, &why),
			0);
		number = option.type == RK_TYPE_BOOL     ? value.boolean
			 : option.type == RK_TYPE_CHOICE ? value.choice
							 : value.integer;
		if (number != rows[i].expected)
			fail_msg("'%s': %lld", rows[i].text, (long long)number);
		assert_int_equal(why.size, 0);
	}
}

static void texts_and_secrets_are_copied_whole(void **state)
{
	CLEANUP(arena_finish) struct arena arena = { 0 };
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	struct option option = option_of(RK_TYPE_STRING);
	struct value value = { .origin = ORIGIN_FILE };

	(void)state;
	assert_int_equal(
		value_from_text(&arena, &option, "hello world", 5, &value, &why), 0);
	assert_string_equal(value.text, "hello");
	assert_int_equal(value.origin, ORIGIN_FILE);
	option.type = RK_TYPE_SECRET;
	assert_int_equal(value_from_text(&arena, &option, "", 0, &value, &why), 0);
	assert_string_equal(value.text, "");
}

static void decimals_stay_exact(void **state)
{
	CLEANUP(arena_finish) struct arena arena = { 0 };
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	struct option option = option_of(RK_TYPE_DECIMAL);
	struct value value = { 0 };

	(void)state;
	assert_int_equal(value_from_text(&arena, &option, "0.10", 4, &value, &why), 0);
	assert_int_equal(value.decimal.digits, 10);
	assert_int_equal(value.decimal.scale, 2);
	assert_int_equal(value.decimal.form, RK_DECIMAL);
}

static void what_cannot_be_read_says_how_to_write_it(void **state)
{
	static const struct {
		uint32_t type;
		const char *text, *why;
	} rows[] = {
		{ RK_TYPE_BOOL, "yes", "'yes' is no boolean: write true" },
		{ RK_TYPE_BOOL, "Off", "'Off' is no boolean: write false" },
		{ RK_TYPE_BOOL, "TRUE", "'TRUE' is no boolean: write true" },
		{ RK_TYPE_BOOL, "maybe", "'maybe' is no boolean: write true or false" },
		{ RK_TYPE_INT, "1_000",
			"'1_000' is no whole number: write decimal digits alone, such as "
			"1000" },
		{ RK_TYPE_INT, "0x10",
			"'0x10' is no whole number: write decimal digits alone, such as "
			"1000" },
		{ RK_TYPE_INT, "1.5",
			"'1.5' is no whole number: write decimal digits alone, such as "
			"1000" },
		{ RK_TYPE_INT, "9223372036854775808",
			"'9223372036854775808' does not fit 64 bits" },
		{ RK_TYPE_REAL, ".nan", "'.nan' is no number: write it such as 0.5" },
		{ RK_TYPE_REAL, "1e999", "'1e999' is too large for a number" },
		{ RK_TYPE_DECIMAL, "0.1234567890123456789",
			"'0.1234567890123456789' has more digits than are kept exactly "
			"(18)" },
		{ RK_TYPE_DECIMAL, "1,5",
			"'1,5' is no decimal number: write it such as 0.85" },
		{ RK_TYPE_DURATION, "10 sec",
			"'10 sec' is no duration: write whole numbers with ns, us, ms, "
			"s, "
			"m, h, d or w, such as 10s or 1h30m" },
		{ RK_TYPE_DURATION, "99999999w",
			"'99999999w' is too long for a duration" },
		{ RK_TYPE_SIZE, "64K",
			"'64K' is no size: write a whole number with B, KiB, MiB, GiB, "
			"TiB, KB, MB, GB or TB, such as 64KiB" },
		{ RK_TYPE_SIZE, "99999999999TiB",
			"'99999999999TiB' is too large for a size" },
		{ RK_TYPE_TIME, "yesterday",
			"'yesterday' is no time: write it such as 2026-11-01 or "
			"2026-11-01T00:00:00Z" },
		{ RK_TYPE_TIME, "3000-01-01",
			"'3000-01-01' is outside the years 1678 to 2261" },
		{ RK_TYPE_CHOICE, "nevr",
			"'nevr' is not one of never, always, sometimes; did you mean "
			"'never'?" },
		{ RK_TYPE_CHOICE, "xyz", "'xyz' is not one of never, always, sometimes" },
		{ RK_TYPE_LIST, "a", "one text is no list of texts" },
		{ 99, "a", "one text is no unknown type" },
		{ RK_TYPE_INT, "abcdefghijklmnopqrstuvwxyz0123456789abcdefgh",
			"'abcdefghijklmnopqrstuvwxyz0123456789abcd...' is no whole "
			"number: write decimal digits alone, such as 1000" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(arena_finish) struct arena arena = { 0 };
		CLEANUP(buffer_finish) struct buffer why = { 0 };
		struct option option = option_of(rows[i].type);
		struct value value = { .integer = 77 };

		assert_int_equal(value_from_text(&arena, &option, rows[i].text,
					 strlen(rows[i].text), &value, &why),
			-EINVAL);
		assert_string_equal(buffer_text(&why), rows[i].why);
		assert_int_equal(value.integer, 77);
	}
}

static void a_choice_of_one_says_that_there_are_no_others(void **state)
{
	CLEANUP(arena_finish) struct arena arena = { 0 };
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	struct option option = option_of(RK_TYPE_CHOICE);
	struct value value = { 0 };

	(void)state;
	option.choices = one_mode;
	option.n_choices = 1;
	assert_int_equal(
		value_from_text(&arena, &option, "process", 7, &value, &why), -EINVAL);
	assert_string_equal(buffer_text(&why),
		"'process' is unknown: this version knows 'none' alone");
}

static void a_nul_is_refused_and_never_repeated(void **state)
{
	CLEANUP(arena_finish) struct arena arena = { 0 };
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	struct option option = option_of(RK_TYPE_SECRET);
	struct value value = { 0 };

	(void)state;
	assert_int_equal(
		value_from_text(&arena, &option, "ab\0cd", 5, &value, &why), -EINVAL);
	assert_string_equal(buffer_text(&why), "a text cannot hold the character U+0000");
}

static void ranges_bound_whatever_has_an_order(void **state)
{
	static const struct {
		uint32_t type;
		const char *range, *text, *why;
		int result;
	} rows[] = {
		{ RK_TYPE_INT, "1..100", "1", NULL, 0 },
		{ RK_TYPE_INT, "1..100", "100", NULL, 0 },
		{ RK_TYPE_INT, "1..100", "0", "must be within 1..100", -ERANGE },
		{ RK_TYPE_INT, "1..100", "101", "must be within 1..100", -ERANGE },
		{ RK_TYPE_INT, "-5..", "-6", "must be at least -5", -ERANGE },
		{ RK_TYPE_INT, "-5..", "9223372036854775807", NULL, 0 },
		{ RK_TYPE_INT, "..5", "6", "must be at most 5", -ERANGE },
		{ RK_TYPE_REAL, "0.5..1.5", "1.6", "must be within 0.5..1.5", -ERANGE },
		{ RK_TYPE_REAL, "0.5..1.5", "0.5", NULL, 0 },
		{ RK_TYPE_DECIMAL, "0.1..1", "0.0999999999999999999", NULL, -EINVAL },
		{ RK_TYPE_DECIMAL, "0.1..1", "0.099999999999999999",
			"must be within 0.1..1", -ERANGE },
		{ RK_TYPE_DECIMAL, "0.1..1", "0.10", NULL, 0 },
		{ RK_TYPE_DECIMAL, "0.1..1", "0.500000000000000000", NULL, 0 },
		{ RK_TYPE_DECIMAL, "-1.5..", "-1.500000000000000001",
			"must be at least -1.5", -ERANGE },
		{ RK_TYPE_DURATION, "1s..", "999ms", "must be at least 1s", -ERANGE },
		{ RK_TYPE_DURATION, "1s..", "1000ms", NULL, 0 },
		{ RK_TYPE_SIZE, "1KiB..16MiB", "17MiB", "must be within 1KiB..16MiB",
			-ERANGE },
		{ RK_TYPE_TIME, "2020-01-01..", "2019-12-31T23:59:59Z",
			"must be at least 2020-01-01", -ERANGE },
		{ RK_TYPE_INT, "some", "1",
			"the option's own range 'some' cannot be read", -EINVAL },
		{ RK_TYPE_INT, "1..many", "1",
			"the option's own range '1..many' cannot be read", -EINVAL },
		{ RK_TYPE_STRING, "1..5", "abc",
			"the option's own range '1..5' cannot be read", -EINVAL },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(arena_finish) struct arena arena = { 0 };
		CLEANUP(buffer_finish) struct buffer why = { 0 };
		struct option option = option_of(rows[i].type);
		struct value value = { 0 };
		int r;

		option.range = rows[i].range;
		r = value_from_text(&arena, &option, rows[i].text, strlen(rows[i].text),
			&value, &why);
		if (r == 0)
			r = value_check_range(&option, &value, &why);
		if (r != rows[i].result)
			fail_msg("'%s' in %s: %d", rows[i].text, rows[i].range, r);
		if (rows[i].why)
			assert_string_equal(buffer_text(&why), rows[i].why);
	}
}

/* prices: a table of { fee, name }; smtp: a group of { host }; id. */
static const struct option price_options[] = {
	{ .name = "fee", .type = RK_TYPE_INT },
	{ .name = "token", .type = RK_TYPE_SECRET },
};
static const struct option smtp_options[] = {
	{ .name = "host", .type = RK_TYPE_SECRET },
};
static const struct option all_options[] = {
	{ .name = "id", .type = RK_TYPE_STRING },
	{ .name = "prices", .type = RK_TYPE_TABLE, .columns = { price_options, 2 } },
	{ .name = "smtp", .type = RK_TYPE_GROUP, .columns = { smtp_options, 1 } },
};
static const struct option_set all = { all_options, 3 };

static void paths_lead_into_groups_and_tables(void **state)
{
	struct value fees[2][2] = {
		{ { .origin = ORIGIN_FILE, .place = { "f", 4, 10 }, .integer = 1 } },
		{ { .origin = ORIGIN_FILE, .place = { "f", 5, 10 }, .integer = 2 } },
	};
	struct values rows[2] = {
		{ &all_options[1].columns, fees[0], { "f", 4, 5 } },
		{ &all_options[1].columns, fees[1], { "f", 5, 5 } },
	};
	struct value smtp_items[1] = { { 0 } };
	struct values smtp = { &all_options[2].columns, smtp_items, { "f", 7, 3 } };
	struct value items[3] = {
		{ .origin = ORIGIN_PRESET, .text = "x" },
		{ .origin = ORIGIN_FILE, .place = { "f", 4, 3 } },
		{ .origin = ORIGIN_FILE, .place = { "f", 7, 3 }, .group = &smtp },
	};
	struct values values = { &all, items, { "f", 2, 1 } };
	const struct {
		const char *path;
		const struct value *value;
		unsigned int line, column;
	} paths[] = {
		{ "id", &items[0], 2, 1 },
		{ "prices", &items[1], 4, 3 },
		{ "prices[1].fee", &fees[1][0], 5, 10 },
		{ "prices[0].token", &fees[0][1], 4, 5 },
		{ "prices[1]", NULL, 5, 5 },
		{ "prices[2].fee", NULL, 4, 3 },
		{ "prices[1].cost", NULL, 5, 5 },
		{ "prices[99999999999999999999].fee", NULL, 4, 3 },
		{ "prices[x].fee", NULL, 4, 3 },
		{ "prices.fee", NULL, 4, 3 },
		{ "prices[1]x", NULL, 5, 5 },
		{ "smtp.host", &smtp_items[0], 7, 3 },
		{ "smtp.hosts", NULL, 7, 3 },
		{ "smtp.host.name", NULL, 7, 3 },
		{ "smtp[0]", NULL, 7, 3 },
		{ "", NULL, 2, 1 },
		{ "i", NULL, 2, 1 },
		{ "nothing", NULL, 2, 1 },
	};

	(void)state;
	items[1].table.rows = rows;
	items[1].table.n = 2;
	for (size_t i = 0; i < LENGTH(paths); i++) {
		struct place place = values_find_place(&values, paths[i].path);

		if (values_find(&values, paths[i].path) != paths[i].value)
			fail_msg("'%s' leads elsewhere", paths[i].path);
		if (place.line != paths[i].line || place.column != paths[i].column)
			fail_msg("'%s': %u:%u", paths[i].path, place.line, place.column);
	}
}

static void secrets_are_wiped_at_every_depth(void **state)
{
	char in_row[] = "row-secret", in_group[] = "group-secret", id[] = "id";
	struct value fees[2] = { { .integer = 1 }, { .text = in_row } };
	struct values row = { &all_options[1].columns, fees, { 0 } };
	struct value smtp_items[1] = { { .text = in_group } };
	struct values smtp = { &all_options[2].columns, smtp_items, { 0 } };
	struct value items[3] = { { .text = id }, { 0 }, { .group = &smtp } };
	struct values values = { &all, items, { 0 } };

	(void)state;
	items[1].table.rows = &row;
	items[1].table.n = 1;
	values_wipe_secrets(&values);
	for (size_t i = 0; i < sizeof(in_row); i++)
		assert_int_equal(in_row[i], 0);
	for (size_t i = 0; i < sizeof(in_group); i++)
		assert_int_equal(in_group[i], 0);
	assert_string_equal(id, "id");
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(scalars_are_read_as_their_type),
	cmocka_unit_test(texts_and_secrets_are_copied_whole),
	cmocka_unit_test(decimals_stay_exact),
	cmocka_unit_test(what_cannot_be_read_says_how_to_write_it),
	cmocka_unit_test(a_choice_of_one_says_that_there_are_no_others),
	cmocka_unit_test(a_nul_is_refused_and_never_repeated),
	cmocka_unit_test(ranges_bound_whatever_has_an_order),
	cmocka_unit_test(paths_lead_into_groups_and_tables),
	cmocka_unit_test(secrets_are_wiped_at_every_depth),
};

CASES_MAIN(cases)
