/* SPDX-License-Identifier: Apache-2.0 */
/* What the program writes: lines of its output into the report, and lines of its
 * standard error into the log. */
#include "exec.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A pipe holds some 64 KiB. */
enum { MOST_DRAINS = 256 };

/* ---- output ------------------------------------------------------------------ */

static void take_end(struct exec *exec)
{
	struct outcome *outcome = &exec->outcome;
	const struct line *line = &exec->line;

	if (is_kept(exec) && line->collect > 0 &&
		(uint64_t)line->collect != exec->n_asked) {
		outcome_refuse(outcome, "'collect' is not that of the question");
		return;
	}
	outcome->has_end = true;
	outcome->end = line->end;
	snprintf(outcome->why, sizeof(outcome->why), "%s",
		line->why ? line->why : "the program does not say why");
}

bool output_retry(struct exec *exec)
{
	char why[LINE_WHY_SIZE];
	int r = report_line(&exec->report, exec->run, &exec->line, why);

	exec->has_line = r == -EAGAIN;
	if (r == -EAGAIN)
		return false;
	if (r == 0)
		exec->outcome.n_good++;
	else if (r == -EBADMSG)
		outcome_refuse(&exec->outcome, why);
	else
		outcome_fail(&exec->outcome, r, "cannot keep line %llu: %s",
			(unsigned long long)exec->outcome.n_lines, strerror(-r));
	return true;
}

static bool take_text(struct exec *exec, char *text)
{
	char why[LINE_WHY_SIZE];

	if (line_read(text, &exec->line, why) < 0)
		outcome_refuse(&exec->outcome, why);
	else if (exec->outcome.has_end)
		outcome_refuse(&exec->outcome, "it comes behind the end");
	else if (exec->line.type == LINE_END)
		take_end(exec);
	else
		return output_retry(exec);
	return true;
}

static bool take_line(struct exec *exec, enum lines_next next, char *text)
{
	struct outcome *outcome = &exec->outcome;
	char why[LINE_WHY_SIZE];

	if (next == LINES_LINE && strspn(text, " \t\r") == strlen(text))
		return true;
	if ((int64_t)outcome->n_lines++ == exec->settings.max_lines) {
		outcome_fail(outcome, -EMSGSIZE,
			"it wrote more than %lld lines (max_lines)",
			(long long)exec->settings.max_lines);
		return true;
	}
	if (next == LINES_LINE)
		return take_text(exec, text);
	snprintf(why, sizeof(why), "it has more than %llu bytes (max_line)",
		(unsigned long long)exec->settings.max_line.bytes);
	outcome_refuse(outcome, why);
	return true;
}

bool output_take(struct exec *exec)
{
	while (!run_is_failing(exec) && !is_answered(exec)) {
		char *text = NULL;
		enum lines_next next = lines_next(&exec->program.out, &text);

		if (next == LINES_NONE)
			return true;
		if (!take_line(exec, next, text))
			return false;
	}
	return true;
}

/* ---- messages ------------------------------------------------------------------ */

static void take_message(struct exec *exec, const char *text)
{
	struct outcome *outcome = &exec->outcome;

	if (!*text)
		return;
	snprintf(outcome->last_message, sizeof(outcome->last_message), "%s", text);
	if ((int64_t)outcome->n_messages++ < exec->settings.max_messages)
		exec->host->log(exec->host, RK_LOG_WARNING, "the program says: %s", text);
}

void output_take_messages(struct exec *exec)
{
	enum lines_next next;
	char *text = NULL;

	while ((next = lines_next(&exec->program.err, &text)) != LINES_NONE)
		take_message(
			exec, next == LINES_LINE ? text : "(a line that is too long)");
}

void output_drain_messages(struct exec *exec)
{
	for (int i = 0; i < MOST_DRAINS && lines_read(&exec->program.err) > 0; i++)
		output_take_messages(exec);
	exec->program.err.is_over = true;
	output_take_messages(exec);
}
