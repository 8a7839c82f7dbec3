/* SPDX-License-Identifier: Apache-2.0 */
/* Globs, and which records alternatives of them take. */
#include "base/macros.h"
#include "base/random.h"
#include "model/glob.h"
#include "model/match.h"

#include "cases.h"

#include <string.h>

/* ---- globs ------------------------------------------------------------- */

static void a_glob_fits_the_whole_text_or_does_not(void **state)
{
	static const struct {
		const char *glob, *text;
		bool fits;
	} rows[] = {
		{ "a", "a", true },
		{ "a", "ab", false },
		{ "b", "ab", false },
		{ "A", "a", false },
		{ "a", "", false },
		{ "*", "", true },
		{ "*", "anything at all", true },
		{ "**", "", true },
		{ "a*", "a", true },
		{ "a*", "ba", false },
		{ "*a", "ba", true },
		{ "*a", "ab", false },
		{ "a*c", "abcbc", true },
		{ "a*c", "abcb", false },
		{ "a*b*c", "a-b-b-c", true },
		{ "a*b*c", "a-c-b", false },
		{ "esp.*.count", "esp.email.count", true },
		{ "esp.*.count", "esp..count", true },
		{ "esp.*.count", "esp.count", false },
		{ "?", "", false },
		{ "?", "a", true },
		{ "?", "ab", false },
		{ "?*?", "a", false },
		{ "?*?", "ab", true },
		/* A character, not a byte. */
		{ "?", "\xc3\xa9", true },
		{ "??", "\xc3\xa9", false },
		{ "[\xc3\xa0-\xc3\xbf]", "\xc3\xa9", true },
		{ "[!a]", "\xc3\xa9", true },
		{ "*\xa9", "\xc3\xa9", false },
		/* Bytes that are no characters fit as one each. */
		{ "??", "\xff\xfe", true },
		{ "[abc]", "b", true },
		{ "[abc]", "d", false },
		{ "[a-c]x", "bx", true },
		{ "[a-c]x", "dx", false },
		{ "[!a-c]", "b", false },
		{ "[!a-c]", "d", true },
		{ "[!a-c]", "", false },
		{ "[]]", "]", true },
		{ "[]a]", "a", true },
		{ "[!]]", "]", false },
		{ "[!]]", "a", true },
		{ "[a-]", "-", true },
		{ "[-a]", "-", true },
		{ "[a-]", "b", false },
		{ "[*]", "*", true },
		{ "[*]", "a", false },
		{ "[[]", "[", true },
		{ "]", "]", true },
		{ "\\", "\\", true },
		{ "\\*", "\\a", true },
		{ "x[0-9]*", "x7y", true },
		{ "x[0-9]*", "xy7", false },
		{ "*[0-9]", "x7y8", true },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		assert_null(glob_fault(rows[i].glob));
		if (glob_fits(rows[i].glob, slice_of(rows[i].text)) != rows[i].fits)
			fail_msg("'%s' and '%s'", rows[i].glob, rows[i].text);
	}
}

static void what_is_no_glob_is_told(void **state)
{
	static const char *const rows[][2] = {
		{ "", "is empty" },
		{ "a[", "has a '[' without its ']'; a bracket itself is '[[]'" },
		{ "[]", "has a '[' without its ']'; a bracket itself is '[[]'" },
		{ "[!]", "has a '[' without its ']'; a bracket itself is '[[]'" },
		{ "[a-", "has a '[' without its ']'; a bracket itself is '[[]'" },
		{ "[z-a]", "has a range that ends before it begins" },
		{ "[\xc3\xa9-a]", "has a range that ends before it begins" },
	};
	char large[GLOB_MAX_SIZE + 2];

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		const char *fault = glob_fault(rows[i][0]);

		assert_non_null(fault);
		assert_string_equal(fault, rows[i][1]);
	}
	memset(large, 'a', sizeof(large) - 1);
	large[sizeof(large) - 1] = '\0';
	assert_string_equal(glob_fault(large), "is longer than 256 bytes");
	large[sizeof(large) - 2] = '\0';
	assert_null(glob_fault(large));
}

/* The plain way, which may take for ever. Without classes of several characters. */
static bool fits_plainly(const char *glob, const char *text)
{
	if (*glob == '\0')
		return *text == '\0';
	if (*glob == '*')
		return fits_plainly(glob + 1, text) ||
		       (*text && fits_plainly(glob, text + 1));
	if (*text == '\0')
		return false;
	if (*glob == '[')
		return (glob[1] == *text) == (glob[1] != '!') &&
		       fits_plainly(glob + 3 + (glob[1] == '!'), text + 1);
	return (*glob == '?' || *glob == *text) && fits_plainly(glob + 1, text + 1);
}

static void put_random(struct random *random, bool is_glob, char *to)
{
	static const char *const pieces[] = { "a", "b", "a", "b", "*", "*", "?", "[a]",
		"[b]" };
	uint64_t n = random_below(random, is_glob ? 7 : 9);

	*to = '\0';
	for (uint64_t i = 0; i < n; i++)
		strcat(to, pieces[random_below(random, is_glob ? LENGTH(pieces) : 2)]);
}

static void globs_fit_what_a_plain_matcher_says(void **state)
{
	struct random random;
	char glob[64], text[64];
	unsigned int n_fit = 0;

	(void)state;
	random_seed(&random, 4711);
	for (int i = 0; i < 300000; i++) {
		bool fits;

		put_random(&random, true, glob);
		put_random(&random, false, text);
		fits = fits_plainly(glob, text);
		n_fit += fits;
		if (glob_fits(glob, slice_of(text)) != fits)
			fail_msg("'%s' and '%s'", glob, text);
	}
	assert_in_range(n_fit, 10000, 290000);
}

/* Tried one by one, the stars of this one would take longer than the sun has. */
static void many_stars_take_no_longer_than_few(void **state)
{
	char glob[GLOB_MAX_SIZE + 1] = "", text[1025];

	(void)state;
	for (size_t i = 0; i + 2 < GLOB_MAX_SIZE; i += 2)
		strcat(glob, "*a");
	strcat(glob, "b");
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_false(glob_fits(glob, slice_of(text)));
}

/* ---- alternatives ------------------------------------------------------ */

static const struct source_view source = {
	.collector = { "billing", 7 },
	.plugin = { "esp_billing", 11 },
	.tenant = { "acme", 4 },
	.labels = { { { "site", 4 }, { "fra", 3 } }, { { "zone", 4 }, { "eu", 2 } } },
	.n_labels = 2,
};

static bool takes_series(struct match match, const char *tenant)
{
	const struct rk_table table = { &match, 1 };
	struct series_view series = {
		.metric = slice_of("esp.cost"),
		.tenant = slice_of(tenant),
		.labels = { { { "vendor", 6 }, { "ses", 3 } },
			{ { "zone", 4 }, { "us", 2 } } },
		.n_labels = 2,
	};

	return match_takes_series(&table, &source, &series);
}

static bool takes_event(struct match match)
{
	const struct rk_table table = { &match, 1 };
	struct event_view event = {
		.type = slice_of("vendor.incident"),
		.labels = { { { "vendor", 6 }, { "ses", 3 } } },
		.n_labels = 1,
	};

	return match_takes_event(&table, &source, &event);
}

static bool takes_both(struct match match)
{
	bool takes = takes_series(match, NULL);

	assert_int_equal(takes, takes_event(match));
	return takes;
}

static bool takes_label(const char *name, const char *glob)
{
	const struct rk_label label = { name, glob };

	return takes_both((struct match){ .labels = { &label, 1 } });
}

static void all_that_an_alternative_names_must_fit(void **state)
{
	(void)state;
	assert_true(takes_both((struct match){ .collector = "bill*" }));
	assert_false(takes_both((struct match){ .collector = "bill" }));
	assert_true(takes_both((struct match){ .plugin = "esp_*" }));
	assert_true(takes_both((struct match){ .tenant = "acme", .plugin = "*" }));
	assert_false(takes_both((struct match){ .tenant = "acme", .plugin = "x*" }));
	assert_true(takes_label("vendor", "s?s"));
	assert_false(takes_label("vendor", "x"));
}

static void a_metric_takes_samples_and_an_event_events(void **state)
{
	(void)state;
	assert_true(takes_series((struct match){ .metric = "esp.*" }, NULL));
	assert_false(takes_series((struct match){ .metric = "mail.*" }, NULL));
	assert_false(takes_event((struct match){ .metric = "*" }));
	assert_true(takes_event((struct match){ .event = "vendor.*" }));
	assert_false(takes_event((struct match){ .event = "cost.*" }));
	assert_false(takes_series((struct match){ .event = "*" }, NULL));
}

static void what_a_record_lacks_fits_nothing(void **state)
{
	struct source_view nobodys = source;
	struct match match = { .tenant = "*" };
	const struct rk_table table = { &match, 1 };
	struct series_view series = { .metric = slice_of("a") };

	(void)state;
	assert_false(takes_label("stream", "*"));
	nobodys.tenant = (struct slice){ 0 };
	assert_true(match_takes_series(&table, &source, &series));
	assert_false(match_takes_series(&table, &nobodys, &series));
}

static void labels_and_tenants_are_those_that_the_record_has_outside(void **state)
{
	(void)state;
	assert_true(takes_label("site", "fra"));
	assert_true(takes_label("zone", "eu"));
	assert_false(takes_label("zone", "us"));
	assert_true(takes_series((struct match){ .tenant = "other" }, "other"));
	assert_false(takes_series((struct match){ .tenant = "acme" }, "other"));
}

static void one_of_several_alternatives_is_enough_and_none_are_all(void **state)
{
	static const struct match rows[] = { { .metric = "x" },
		{ .metric = "esp.cost" } };
	struct series_view series = { .metric = slice_of("esp.cost") };

	(void)state;
	assert_true(match_takes_series(&(struct rk_table){ rows, 2 }, &source, &series));
	assert_false(match_takes_series(&(struct rk_table){ rows, 1 }, &source, &series));
	assert_true(match_takes_series(&(struct rk_table){ 0 }, &source, &series));
}

static void hashes_differ_where_alternatives_do(void **state)
{
	static const struct rk_label label = { "a", "b" }, turned = { "b", "a" };
	static const struct match rows[] = {
		{ .metric = "a" },
		{ .event = "a" },
		{ .collector = "a" },
		{ .plugin = "a" },
		{ .tenant = "a" },
		{ .metric = "b" },
		{ .metric = "a", .event = "a" },
		{ .labels = { &label, 1 } },
		{ .labels = { &turned, 1 } },
	};

	(void)state;
	assert_true(match_hash(&(struct rk_table){ 0 }) == 0);
	for (size_t i = 0; i < LENGTH(rows); i++) {
		uint64_t hash = match_hash(&(struct rk_table){ &rows[i], 1 });

		assert_true(hash == match_hash(&(struct rk_table){ &rows[i], 1 }));
		for (size_t k = 0; k < i; k++)
			assert_true(
				hash != match_hash(&(struct rk_table){ &rows[k], 1 }));
	}
	assert_true(match_hash(&(struct rk_table){ rows, 2 }) !=
		    match_hash(&(struct rk_table){ rows, 1 }));
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(a_glob_fits_the_whole_text_or_does_not),
	cmocka_unit_test(what_is_no_glob_is_told),
	cmocka_unit_test(globs_fit_what_a_plain_matcher_says),
	cmocka_unit_test(many_stars_take_no_longer_than_few),
	cmocka_unit_test(all_that_an_alternative_names_must_fit),
	cmocka_unit_test(a_metric_takes_samples_and_an_event_events),
	cmocka_unit_test(what_a_record_lacks_fits_nothing),
	cmocka_unit_test(labels_and_tenants_are_those_that_the_record_has_outside),
	cmocka_unit_test(one_of_several_alternatives_is_enough_and_none_are_all),
	cmocka_unit_test(hashes_differ_where_alternatives_do),
};

CASES_MAIN(cases)
