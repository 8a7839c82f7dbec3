/* SPDX-License-Identifier: Apache-2.0 */
/* The globs of plugins are those of the agent: the same table, and the same answers to
 * whatever can be made of a few characters. */
#include <rookery/glob.h>

#include "base/random.h"
#include "cases.h"
#include "model/glob.h"

#include <string.h>

static void globs_fit_whole_texts(void **state)
{
	static const struct {
		const char *glob, *text;
		bool fits;
	} rows[] = {
		{ "a", "a", true },
		{ "a", "ab", false },
		{ "*", "", true },
		{ "a*", "a", true },
		{ "*.de", "mail.de", true },
		{ "*.de", "mail.dex", false },
		{ "a*b*c", "aXbXbXc", true },
		{ "?", "\xc3\xa4", true },
		{ "??", "\xc3\xa4", false },
		{ "[a-c]x", "bx", true },
		{ "[!a-c]x", "bx", false },
		{ "[!a-c]x", "dx", true },
		{ "[]]", "]", true },
		{ "[*]", "*", true },
		{ "[*]", "x", false },
		{ "[\xc3\xa0-\xc3\xbf]", "\xc3\xa4", true },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		assert_null(rk_glob_fault(rows[i].glob));
		assert_int_equal(
			rk_glob_fits(rows[i].glob, rows[i].text, strlen(rows[i].text)),
			rows[i].fits);
	}
}

static void what_is_no_glob_is_told(void **state)
{
	char long_glob[RK_GLOB_MAX_SIZE + 2];

	(void)state;
	memset(long_glob, 'a', sizeof(long_glob));
	long_glob[RK_GLOB_MAX_SIZE + 1] = '\0';
	assert_string_equal(rk_glob_fault(long_glob), "is longer than 256 bytes");
	long_glob[RK_GLOB_MAX_SIZE] = '\0';
	assert_null(rk_glob_fault(long_glob));
	assert_string_equal(rk_glob_fault(""), "is empty");
	assert_string_equal(
		rk_glob_fault("[b-a]"), "has a range that ends before it begins");
	assert_string_equal(rk_glob_fault("[a"),
		"has a '[' without its ']'; a bracket itself is '[[]'");
}

static void make_text(struct random *random, char *to, uint64_t most)
{
	static const char *const parts[] = { "a", "b", "c", "*", "?", "[", "]", "!", "-",
		"\xc3\xa4", "\xff", "\xe2\x82" };
	uint64_t n = random_below(random, most);

	*to = '\0';
	for (uint64_t i = 0; i < n; i++) {
		const char *part = parts[random_below(random, RK_LEN(parts))];

		memcpy(to, part, strlen(part) + 1);
		to += strlen(part);
	}
}

static void the_agent_gives_the_same_answers(void **state)
{
	struct random random;
	int n_fit = 0;

	(void)state;
	random_seed(&random, 20261122);
	for (int i = 0; i < 100000; i++) {
		char glob[64], text[64];
		const char *fault, *own;
		bool fits;

		make_text(&random, glob, 8);
		make_text(&random, text, 6);
		fault = glob_fault(glob);
		own = rk_glob_fault(glob);
		assert_int_equal(fault == NULL, own == NULL);
		if (fault) {
			assert_string_equal(own, fault);
			continue;
		}
		fits = glob_fits(glob, (struct slice){ text, strlen(text) });
		if (rk_glob_fits(glob, text, strlen(text)) != fits)
			fail_msg("'%s' and '%s'", glob, text);
		n_fit += fits;
	}
	assert_true(n_fit > 1000);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(globs_fit_whole_texts),
	cmocka_unit_test(what_is_no_glob_is_told),
	cmocka_unit_test(the_agent_gives_the_same_answers),
};

CASES_MAIN(cases)
