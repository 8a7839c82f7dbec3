/* SPDX-License-Identifier: Apache-2.0 */
/* The instance, and what its files share. */
#ifndef EXEC_EXEC_H
#define EXEC_EXEC_H

#include "options.h"
#include "outcome.h"
#include "program.h"
#include "report.h"

#include <rookery/ext/loop.h>

struct exec {
	struct settings settings; /* first: the options are offsets into it */
	const struct rk_host *host;
	const struct rk_loop *loop;
	struct launch launch;
	struct program program;
	char end[PROGRAM_WHY_SIZE]; /* how the program ended, once it has */
	struct report report;
	struct rk_watch *out_watch, *err_watch;
	struct rk_timer *look_timer;  /* whether the program has ended */
	struct rk_timer *grace_timer; /* it had time enough to end */
	struct rk_timer *retry_timer; /* the journal may take more */
	int64_t look_ns;              /* until the next look */
	bool is_asked_to_end;
	bool is_ending;     /* a pipe was closed: it is looked at until it has ended */
	struct rk_run *run; /* NULL: none is open */
	struct outcome outcome;
	struct line line; /* the one that the journal did not take yet */
	bool has_line;
	uint64_t n_asked; /* collections of a program that is kept */
};

static inline bool is_kept(const struct exec *exec)
{
	return exec->settings.mode.index == MODE_KEEP;
}

static inline bool run_is_failing(const struct exec *exec)
{
	return exec->outcome.failure < 0;
}

/* Whether a kept program has given its answer: what comes behind belongs to the next
 * collection. */
static inline bool is_answered(const struct exec *exec)
{
	return is_kept(exec) && exec->outcome.has_end;
}

/* Takes the lines that were read, until there are none, or the run fails or is
 * answered. False: the journal takes nothing now; exec->line waits. (output.c) */
bool output_take(struct exec *exec);

/* Tries the line again that waits; false: it still does. */
bool output_retry(struct exec *exec);

/* Logs the lines of its standard error that were read. */
void output_take_messages(struct exec *exec);

/* Reads what one that ended had still to say. */
void output_drain_messages(struct exec *exec);

#endif
