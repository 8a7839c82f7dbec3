/* SPDX-License-Identifier: Apache-2.0 */
/* What a run comes to. */
#ifndef EXEC_OUTCOME_H
#define EXEC_OUTCOME_H

#include "program.h"

#include <stdbool.h>
#include <stdint.h>

enum { OUTCOME_WHY_SIZE = 480 };

/* Zeroed: nothing happened yet. */
struct outcome {
	uint64_t n_lines, n_good, n_bad;
	uint64_t n_messages;              /* lines on its standard error */
	bool has_end;                     /* the program said that it is over ... */
	uint32_t end;                     /* ... and how: enum line_end */
	int failure;                      /* a negative errno: it fails for this */
	char why[OUTCOME_WHY_SIZE];       /* of the failure, or of the end */
	char first_bad[OUTCOME_WHY_SIZE]; /* "line 3 is left out: ..." */
	char last_message[MESSAGE_SIZE + 1];
};

/* Notes what the whole run fails for; the first reason stays. */
void outcome_fail(struct outcome *outcome, int failure, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Notes that the line counted last is left out. */
void outcome_refuse(struct outcome *outcome, const char *why);

/* The result for rk_host.done and the reason for it, empty where there is none. end:
 * how the program ended; empty: well. */
int outcome_settle(
	const struct outcome *outcome, const char *end, char why[OUTCOME_WHY_SIZE]);

#endif
