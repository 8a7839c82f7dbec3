/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With `expect`, its rows are the metrics, and a line that does not fit its row is left
 * out. Without, a line defines its metric (rk.metrics/1), and a later one that says
 * something else of it is left out.
 */
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LABELS = 32 };

static uint32_t confidence_of(const struct expect_row *row)
{
	return row->confidence.index + RK_EXACT;
}

static int define_row(struct report *report, const struct expect_row *row)
{
	const char *labels[MAX_LABELS + 1] = { 0 };
	const struct rk_metric metric = {
		.name = row->name,
		.kind = row->kind.index,
		.confidence = confidence_of(row),
		.unit = row->unit,
		.labels = labels,
		.help = row->help,
	};

	for (size_t i = 0; i < row->labels.n && i < MAX_LABELS; i++)
		labels[i] = row->labels.items[i];
	return report->metrics->define(report->host, &metric);
}

int report_init(struct report *report, const struct rk_host *host,
	const struct settings *settings)
{
	const struct expect_row *rows = settings->expect.rows;

	report->host = host;
	report->expect = &settings->expect;
	report->metrics = host->extension(host, RK_METRICS);
	if (!report->metrics)
		return -ENOTSUP;
	report->indexes = calloc(settings->expect.n + 1, sizeof(*report->indexes));
	if (!report->indexes)
		return -ENOMEM;
	for (size_t i = 0; i < settings->expect.n; i++) {
		int index = define_row(report, &rows[i]);

		if (index < 0)
			return index;
		report->indexes[i] = (uint32_t)index;
	}
	return 0;
}

void report_finish(struct report *report)
{
	free(report->indexes);
	report->indexes = NULL;
}

/* ---- expected metrics ------------------------------------------------------ */

/* Lines often come in the order of the rows, or many of one metric. */
static const struct expect_row *row_find(struct report *report, const char *name)
{
	const struct expect_row *rows = report->expect->rows;
	size_t n = report->expect->n;

	for (size_t i = 0; i < n; i++) {
		size_t k = (report->last + i) % n;

		if (strcmp(rows[k].name, name) == 0) {
			report->last = k;
			return &rows[k];
		}
	}
	return NULL;
}

static bool row_has_label(const struct expect_row *row, const char *name)
{
	for (size_t i = 0; i < row->labels.n; i++) {
		if (strcmp(row->labels.items[i], name) == 0)
			return true;
	}
	return strcmp(name, "tenant") == 0;
}

static int check_row(
	const struct expect_row *row, const struct line *line, char why[LINE_WHY_SIZE])
{
	const char *wrong = NULL;

	if ((line->given & GIVEN_KIND) && line->kind != row->kind.index)
		wrong = "kind";
	else if ((line->given & GIVEN_UNIT) && strcmp(line->unit, row->unit) != 0)
		wrong = "unit";
	else if ((line->given & GIVEN_CONFIDENCE) &&
		 line->confidence < confidence_of(row))
		wrong = "confidence";
	if (wrong) {
		snprintf(why, LINE_WHY_SIZE,
			"'%s' is not what 'expect' has for metric '%s'", wrong,
			line->metric);
		return -EBADMSG;
	}
	for (size_t i = 0; i < line->n_labels; i++) {
		if (row_has_label(row, line->labels[i].name))
			continue;
		snprintf(why, LINE_WHY_SIZE,
			"'labels' has '%s', which 'expect' does not have for metric '%s'",
			line->labels[i].name, line->metric);
		return -EBADMSG;
	}
	return 0;
}

static int find_expected(
	struct report *report, const struct line *line, char why[LINE_WHY_SIZE])
{
	const struct expect_row *rows = report->expect->rows;
	const struct expect_row *row = row_find(report, line->metric);
	int r;

	if (!row) {
		snprintf(why, LINE_WHY_SIZE, "'metric' is not in 'expect': '%s'",
			line->metric);
		return -EBADMSG;
	}
	r = check_row(row, line, why);
	return r < 0 ? r : (int)report->indexes[row - rows];
}

/* ---- metrics as they come ---------------------------------------------------- */

static const char *undefined_reason(int r)
{
	switch (r) {
	case -EEXIST:
		return "'kind', 'unit' or 'confidence' is not what it was before of "
		       "metric";
	case -ENOSPC:
		return "there are too many metrics already: 'metric' is";
	case -EINVAL:
		return "there are more than 32 names of 'labels' for metric";
	default:
		return NULL;
	}
}

static int define(struct report *report, const struct line *line, char why[LINE_WHY_SIZE])
{
	const char *labels[MAX_LABELS + 1] = { 0 };
	const struct rk_metric metric = {
		.name = line->metric,
		.kind = line->kind,
		.confidence = line->confidence ? line->confidence : RK_EXACT,
		.unit = line->unit,
		.labels = labels,
		.help = "Reported by an external program.",
	};
	size_t n = 0;
	int r;

	if (!(line->given & GIVEN_KIND) || !(line->given & GIVEN_UNIT)) {
		snprintf(why, LINE_WHY_SIZE,
			"'%s' is missing, and there is no 'expect' to have it",
			line->given & GIVEN_KIND ? "unit" : "kind");
		return -EBADMSG;
	}
	for (size_t i = 0; i < line->n_labels; i++) {
		if (strcmp(line->labels[i].name, "tenant") != 0)
			labels[n++] = line->labels[i].name;
	}
	r = report->metrics->define(report->host, &metric);
	if (r >= 0 || !undefined_reason(r))
		return r;
	snprintf(why, LINE_WHY_SIZE, "%s '%s'", undefined_reason(r), line->metric);
	return -EBADMSG;
}

/* ---- telling the host -------------------------------------------------------- */

static int emit(struct report *report, struct rk_run *run, const struct line *line,
	char why[LINE_WHY_SIZE])
{
	struct rk_label labels[MAX_LABELS + 1];
	size_t n = line->n_labels;
	struct rk_sample sample = {
		.value = line->value,
		.time_ns = line->time_ns,
		.start_ns = line->start_ns,
		.flags = line->provisional ? RK_PROVISIONAL : 0,
		.confidence = (uint16_t)line->confidence,
	};
	int index = report->expect->n > 0 ? find_expected(report, line, why)
					  : define(report, line, why);

	if (index < 0)
		return index;
	memcpy(labels, line->labels, n * sizeof(labels[0]));
	if (line->tenant)
		labels[n++] = (struct rk_label){ "tenant", line->tenant };
	sample.series = report->host->series(report->host, (uint32_t)index, labels, n);
	if (sample.series == RK_NO_SERIES) {
		snprintf(why, LINE_WHY_SIZE,
			"the agent does not take its series (the log says why): '%s'",
			line->metric);
		return -EBADMSG;
	}
	return report->host->emit(run, &sample, 1);
}

static int tell(struct report *report, struct rk_run *run, const struct line *line)
{
	const struct rk_event event = {
		.size = sizeof(event),
		.severity = line->severity,
		.phase = line->phase,
		.follow_up = line->follow_up,
		.type = line->event,
		.key = line->key,
		.insight = line->insight,
		.action = line->action,
		.labels = line->labels,
		.n_labels = line->n_labels,
		.details = line->details,
		.n_details = line->n_details,
		.time_ns = line->time_ns,
		.start_ns = line->start_ns,
	};

	return report->host->event(run, &event);
}

static int report_once(struct report *report, struct rk_run *run, const struct line *line,
	char why[LINE_WHY_SIZE])
{
	return line->type == LINE_SAMPLE ? emit(report, run, line, why)
					 : tell(report, run, line);
}

int report_line(struct report *report, struct rk_run *run, const struct line *line,
	char why[LINE_WHY_SIZE])
{
	int r = report_once(report, run, line, why);

	if (r != -E2BIG)
		return r;
	r = report->host->commit(run);
	return r < 0 ? r : report_once(report, run, line, why);
}
