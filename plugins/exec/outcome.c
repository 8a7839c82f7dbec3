/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a run came to, the first of these that holds:
 *
 *	something made it fail (a bound, the journal)  failed
 *	the program ended badly, or said "failed"      failed
 *	no line of some was right                      failed
 *	lines were left out, or it said "partial"      partial
 *	else                                           fine
 *
 * A failed run keeps nothing but what its size had committed before.
 */
#include "outcome.h"
#include "line.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void outcome_fail(struct outcome *outcome, int failure, const char *format, ...)
{
	va_list list;

	if (outcome->failure < 0)
		return;
	outcome->failure = failure;
	va_start(list, format);
	vsnprintf(outcome->why, sizeof(outcome->why), format, list);
	va_end(list);
}

void outcome_refuse(struct outcome *outcome, const char *why)
{
	if (outcome->n_bad++ == 0)
		snprintf(outcome->first_bad, sizeof(outcome->first_bad),
			"line %llu is left out: %s", (unsigned long long)outcome->n_lines,
			why);
}

static int tell(char why[OUTCOME_WHY_SIZE], int result, const char *text)
{
	snprintf(why, OUTCOME_WHY_SIZE, "%s", text);
	return result;
}

static int tell_end(
	const struct outcome *outcome, const char *end, char why[OUTCOME_WHY_SIZE])
{
	if (outcome->last_message[0])
		snprintf(why, OUTCOME_WHY_SIZE, "%s; the last that it said: %.200s", end,
			outcome->last_message);
	else
		snprintf(why, OUTCOME_WHY_SIZE, "%s", end);
	return -EIO;
}

static int tell_refused(const struct outcome *outcome, char why[OUTCOME_WHY_SIZE])
{
	size_t n;

	snprintf(why, OUTCOME_WHY_SIZE, "%s", outcome->first_bad);
	n = strlen(why);
	if (outcome->n_bad > 1)
		snprintf(why + n, OUTCOME_WHY_SIZE - n, " (and %llu more of %llu)",
			(unsigned long long)outcome->n_bad - 1,
			(unsigned long long)outcome->n_lines);
	return outcome->n_good > 0 ? RK_PARTIAL : -EBADMSG;
}

int outcome_settle(
	const struct outcome *outcome, const char *end, char why[OUTCOME_WHY_SIZE])
{
	if (outcome->failure < 0)
		return tell(why, outcome->failure, outcome->why);
	if (*end)
		return tell_end(outcome, end, why);
	if (outcome->has_end && outcome->end == END_FAILED)
		return tell(why, -EIO, outcome->why);
	if (outcome->n_bad > 0)
		return tell_refused(outcome, why);
	if (outcome->has_end && outcome->end == END_PARTIAL)
		return tell(why, RK_PARTIAL, outcome->why);
	return tell(why, 0, "");
}
