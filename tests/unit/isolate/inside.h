/* SPDX-License-Identifier: Apache-2.0 */
/* A process of its own, in the sandbox or not, that tries one thing and tells what came
 * of it. */
#ifndef TEST_INSIDE_H
#define TEST_INSIDE_H

#include "isolate/sandbox.h"

#include <stdbool.h>
#include <sys/types.h>

enum { INSIDE_KILLED = -1000 }; /* less the signal: what a killed process tells */

struct outcome {
	int result;          /* of the attempt */
	char reason[400];    /* that the instance was told; "" */
	char elsewhere[400]; /* that sandbox_refused told; "" */
};

/* Runs the attempt as a user (0: as who the test is). options: NULL: no sandbox. A
 * sandbox that cannot be entered fails the test. */
struct outcome inside(
	const struct sandbox_options *options, int (*attempt)(void), uid_t user);

#endif
