/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include "document.h"
#include "snippet.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_MAX_SIZE = 600, PROBLEMS_FIRST_CAPACITY = 16 };

/* SGR sequences (ECMA-48, 8.3.117). */
#define STYLE_PLACE   "\033[1m"
#define STYLE_ERROR   "\033[1;31m"
#define STYLE_WARNING "\033[1;35m"
#define STYLE_NONE    "\033[0m"

void report_finish(struct report *report)
{
	free(report->problems);
	arena_finish(&report->arena);
	*report = (struct report){ 0 };
}

static int report_grow(struct report *report)
{
	size_t capacity =
		report->capacity ? 2 * report->capacity : PROBLEMS_FIRST_CAPACITY;
	struct problem *problems;

	problems = reallocarray(report->problems, capacity, sizeof(*problems));
	if (!problems)
		return -ENOMEM;
	report->problems = problems;
	report->capacity = capacity;
	return 0;
}

/* Appends text as one line of valid UTF-8 without control characters. */
static void append_clean(struct buffer *to, const char *text)
{
	size_t size = strlen(text), before = to->size;
	bool whole = size <= MESSAGE_MAX_SIZE;

	utf8_append_repaired(to, text, whole ? size : MESSAGE_MAX_SIZE);
	for (size_t i = before; i < to->size; i++) {
		if (to->data[i] < ' ' || to->data[i] == 0x7f)
			to->data[i] = '?';
	}
	if (!whole)
		buffer_append_text(to, "...");
}

/* Without memory the problem is counted all the same. */
static void report_keep(struct report *report, struct problem problem, const char *text)
{
	if (report->n == REPORT_MAX_PROBLEMS ||
		(report->n == report->capacity && report_grow(report) < 0))
		return;
	problem.message = arena_copy_text(&report->arena, text, strlen(text));
	if (problem.place.file)
		problem.place.file = arena_copy_text(
			&report->arena, problem.place.file, strlen(problem.place.file));
	if (problem.message)
		report->problems[report->n++] = problem;
}

void report_add(struct report *report, enum severity severity, struct place place,
	unsigned int width, const char *format, ...)
{
	CLEANUP(buffer_finish) struct buffer message = { 0 };
	const struct problem problem = { severity, place, width > 0 ? width : 1, NULL };
	va_list list;

	if (severity == SEVERITY_ERROR)
		report->n_errors++;
	else
		report->n_warnings++;
	va_start(list, format);
	buffer_append_format_list(&message, format, list);
	va_end(list);
	if (buffer_text(&message))
		report_keep(report, problem, buffer_text(&message));
}

/* The turn of a file; those that are no document come last, and what stands in no
 * file first. */
static size_t rank(const struct document_set *documents, const char *file)
{
	size_t n = documents ? documents->n : 0;

	if (!file)
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(documents->documents[i]->name, file) == 0)
			return i + 1;
	}
	return n + 1;
}

static bool comes_before(const struct document_set *documents, const struct place *a,
	const struct place *b)
{
	size_t rank_a = rank(documents, a->file), rank_b = rank(documents, b->file);

	if (rank_a != rank_b)
		return rank_a < rank_b;
	if (a->file && strcmp(a->file, b->file) != 0)
		return strcmp(a->file, b->file) < 0;
	if (a->line != b->line)
		return a->line < b->line;
	return a->column < b->column;
}

/* Problems of one place stay in the order in which they were added. */
static void report_sort(struct report *report, const struct document_set *documents)
{
	for (size_t i = 1; i < report->n; i++) {
		struct problem problem = report->problems[i];
		size_t k = i;

		for (; k > 0; k--) {
			struct problem *before = &report->problems[k - 1];

			if (!comes_before(documents, &problem.place, &before->place))
				break;
			report->problems[k] = *before;
		}
		report->problems[k] = problem;
	}
}

static void print_head(const struct problem *problem, bool colour, struct buffer *to)
{
	bool is_error = problem->severity == SEVERITY_ERROR;
	const char *style = is_error ? STYLE_ERROR : STYLE_WARNING;

	if (problem->place.file) {
		buffer_append_text(to, colour ? STYLE_PLACE : "");
		append_clean(to, problem->place.file);
		buffer_append_format(to, ":%u:%u:%s ", problem->place.line,
			problem->place.column, colour ? STYLE_NONE : "");
	}
	buffer_append_format(to, "%s%s:%s ", colour ? style : "",
		is_error ? "error" : "warning", colour ? STYLE_NONE : "");
	append_clean(to, problem->message);
	buffer_append_byte(to, '\n');
}

void report_print(struct report *report, const struct document_set *documents,
	bool colour, struct buffer *to)
{
	size_t n_all = report->n_errors + report->n_warnings;

	report_sort(report, documents);
	for (size_t i = 0; i < report->n; i++) {
		const struct problem *problem = &report->problems[i];
		const struct document *document = NULL;

		print_head(problem, colour, to);
		if (documents && problem->place.file)
			document = document_find(documents, problem->place.file);
		if (document)
			snippet_append(document, problem, colour, to);
	}
	if (n_all > report->n)
		buffer_append_format(
			to, "%zu more problems are not shown\n", n_all - report->n);
}
