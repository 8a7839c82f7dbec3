/* SPDX-License-Identifier: Apache-2.0 */
/* What is put over secrets in texts that others wrote. */
#include "model/secrets.h"

#include "base/macros.h"

#include "cases.h"

#include <stdio.h>
#include <string.h>

static void a_secret_is_hidden_wherever_it_stands(void **state)
{
	static const struct {
		const char *secret, *text, *hidden;
	} rows[] = {
		{ "canary", "canary and canarycanary", "****** and ************" },
		{ "canary", "nothing", "nothing" },
		{ "", "nothing", "nothing" },
		/* One that is what it is hidden with ends the search all the same. */
		{ "*", "2 * 3", "2 * 3" },
		{ "****", "********", "********" },
		/* A text that was cut may end within it. */
		{ "canary-bird", "it has canary-b", "it has ********" },
		{ "canary-bird", "it has cana", "it has ****" },
		{ "canary-bird", "it has can", "it has can" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		char text[64];

		snprintf(text, sizeof(text), "%s", rows[i].text);
		secret_hide(rows[i].secret, text);
		assert_string_equal(text, rows[i].hidden);
	}
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(a_secret_is_hidden_wherever_it_stands),
};

CASES_MAIN(cases)
