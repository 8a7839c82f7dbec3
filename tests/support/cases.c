/* SPDX-License-Identifier: Apache-2.0 */
#include "cases.h"

#include <stdio.h>
#include <string.h>

/* A test that hangs is a failure, also on a slow machine under valgrind. */
enum { CASE_TIMEOUT_S = 120 };

static void list_for_ctest(
	const struct CMUnitTest *cases, size_t n, const char *group, const char *program)
{
	for (size_t i = 0; i < n; i++) {
		printf("add_test(\"%s.%s\" \"%s/tests/support/under.sh\" \"%s\" "
		       "\"%s\")\n",
			group, cases[i].name, SOURCE_DIR, program, cases[i].name);
		printf("set_tests_properties(\"%s.%s\" PROPERTIES TIMEOUT %d)\n", group,
			cases[i].name, CASE_TIMEOUT_S);
	}
}

int cases_run(int argc, char **argv, const struct CMUnitTest *cases, size_t n)
{
	if (argc == 4 && strcmp(argv[1], "--ctest") == 0) {
		list_for_ctest(cases, n, argv[2], argv[3]);
		return 0;
	}
	if (argc == 1)
		return _cmocka_run_group_tests("cases", cases, n, NULL, NULL);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(cases[i].name, argv[1]) == 0)
			return _cmocka_run_group_tests("case", &cases[i], 1, NULL, NULL);
	}
	fprintf(stderr, "%s: no case '%s'\n", argv[0], argv[1]);
	return 2;
}
