/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The main of a test program. Its cases are cmocka's; --ctest lists them for
 * ctest, a name runs that one alone, nothing runs all.
 */
#ifndef SUPPORT_CASES_H
#define SUPPORT_CASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

int cases_run(int argc, char **argv, const struct CMUnitTest *cases, size_t n);

#define CASES_MAIN(cases)                                                                \
	int main(int argc, char **argv)                                                  \
	{                                                                                \
		return cases_run(argc, argv, cases, sizeof(cases) / sizeof(*(cases)));   \
	}

#endif
