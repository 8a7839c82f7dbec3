/* SPDX-License-Identifier: Apache-2.0 */
#include <rookery/csv.h>
#include <rookery/number.h>

#include "csv_row.h"
#include "error.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct rk_csv {
	struct rk_csv_source source;
	struct rk_csv_row names, row; /* names without any: there are none */
	size_t n_columns;             /* 0: not known before the first row */
	uint32_t rows;
	uint32_t line, next_line; /* of the row, and of what is behind it */
	bool has_row;
};

static int tell(const struct rk_csv *csv, int r, struct rk_error *error)
{
	const struct rk_csv_source *source = &csv->source;
	uint32_t line, column;

	rk_text_place(source->text, source->problem_at, &line, &column);
	rk_error_set(error, line, column, "%s", source->problem);
	return r;
}

static int refuse(struct rk_csv *csv, int r, const char *problem, struct rk_error *error)
{
	csv->source.problem = problem;
	csv->source.problem_at = csv->source.at;
	return tell(csv, r, error);
}

/* ---- opening ------------------------------------------------------------------ */

static bool is_markup(const char *text, size_t n)
{
	size_t at = 0;

	while (at < n && text[at] != '\0' && strchr(" \t\r\n", text[at]))
		at++;
	return at + 1 < n && text[at] == '<' &&
	       (text[at + 1] == '!' || text[at + 1] == '?' ||
		       (text[at + 1] >= 'a' && text[at + 1] <= 'z'));
}

static int check_format(struct rk_csv *csv, struct rk_error *error)
{
	struct rk_csv_source *source = &csv->source;

	if (source->separator == '"' || source->separator == '\n' ||
		source->separator == '\r' || (unsigned char)source->separator > 0x7f) {
		rk_error_set(error, 0, 0, "that is no character to separate fields by");
		return -EINVAL;
	}
	if (source->n >= 2 && (memcmp(source->text, "\xff\xfe", 2) == 0 ||
				      memcmp(source->text, "\xfe\xff", 2) == 0))
		return refuse(csv, -EINVAL, "this is UTF-16 and not UTF-8", error);
	if (is_markup(source->text, source->n))
		return refuse(csv, -EINVAL, "this is HTML or XML and not CSV", error);
	if (source->n >= 3 && memcmp(source->text, "\xef\xbb\xbf", 3) == 0)
		source->at = 3;
	return 0;
}

static int read_names(struct rk_csv *csv, struct rk_error *error)
{
	struct rk_csv_row empty = { .n = 0 };
	int r = rk_csv_next(csv, error);

	if (r == 0)
		return refuse(csv, -EINVAL,
			"the text is empty: not even names of columns", error);
	if (r < 0)
		return r;
	csv->names = csv->row;
	csv->row = empty;
	csv->rows = 0;
	csv->has_row = false;
	return 0;
}

int rk_csv_open(const char *text, size_t n, const struct rk_csv_form *form,
	struct rk_csv **ret_csv, struct rk_error *ret_error)
{
	struct rk_csv *csv = calloc(1, sizeof(*csv));
	int r;

	if (!csv) {
		rk_error_set(ret_error, 0, 0, "no memory for a reader of CSV");
		return -ENOMEM;
	}
	csv->source.text = text;
	csv->source.n = n;
	csv->source.separator = form && form->separator ? form->separator : ',';
	csv->next_line = 1;
	r = check_format(csv, ret_error);
	if (r == 0 && !(form && form->has_no_names))
		r = read_names(csv, ret_error);
	if (r < 0) {
		rk_csv_close(csv);
		return r;
	}
	*ret_csv = csv;
	return 0;
}

void rk_csv_close(struct rk_csv *csv)
{
	if (!csv)
		return;
	rk_csv_row_finish(&csv->names);
	rk_csv_row_finish(&csv->row);
	free(csv);
}

/* ---- rows --------------------------------------------------------------------- */

/* Where there are several columns, or it is not known how many. */
static void skip_empty_lines(struct rk_csv *csv)
{
	struct rk_csv_source *source = &csv->source;

	while (csv->n_columns != 1 && source->at < source->n) {
		size_t left = source->n - source->at;
		size_t length = source->text[source->at] == '\n' ? 1 : 2;

		if (length == 2 &&
			(left < 2 || memcmp(source->text + source->at, "\r\n", 2) != 0))
			return;
		source->at += length;
		csv->next_line++;
	}
}

int rk_csv_next(struct rk_csv *csv, struct rk_error *ret_error)
{
	struct rk_csv_source *source = &csv->source;
	size_t start;
	int r;

	csv->has_row = false;
	skip_empty_lines(csv);
	start = source->at;
	if (start == source->n)
		return 0;
	if (csv->rows == RK_CSV_MAX_ROWS)
		return refuse(
			csv, -E2BIG, "there are more than 10,000,000 rows", ret_error);
	r = rk_csv_row_read(&csv->row, source);
	if (r < 0)
		return tell(csv, r, ret_error);
	if (csv->n_columns != 0 && csv->row.n != csv->n_columns) {
		source->at = start;
		rk_error_set(ret_error, csv->next_line, 0,
			"the row has %zu fields and not %zu", csv->row.n, csv->n_columns);
		return -EINVAL;
	}
	csv->n_columns = csv->row.n;
	csv->line = csv->next_line;
	for (; start < source->at; start++)
		csv->next_line += source->text[start] == '\n';
	csv->rows++;
	csv->has_row = true;
	return 1;
}

uint32_t rk_csv_line(const struct rk_csv *csv)
{
	return csv->line;
}

/* ---- fields ------------------------------------------------------------------- */

int rk_csv_column(const struct rk_csv *csv, const char *name, struct rk_error *ret_error)
{
	char excerpt[RK_EXCERPT_SIZE];
	int found = -ENOENT;

	for (size_t i = 0; i < csv->names.n; i++) {
		if (strcmp(csv->names.bytes + csv->names.starts[i], name) == 0)
			found = found == -ENOENT ? (int)i : -ENOTUNIQ;
	}
	if (found < 0)
		rk_error_set(ret_error, 0, 0, "there is %s column '%s'",
			found == -ENOENT ? "no" : "more than one",
			rk_excerpt(excerpt, name, strlen(name)));
	return found;
}

const char *rk_csv_text(const struct rk_csv *csv, int column)
{
	if (!csv->has_row || column < 0 || (size_t)column >= csv->row.n)
		return NULL;
	return csv->row.bytes + csv->row.starts[column];
}

/* "line 3: column 'cost': ..." */
static int refuse_field(const struct rk_csv *csv, int r, int column, const char *problem,
	struct rk_error *error)
{
	char excerpt[RK_EXCERPT_SIZE];
	const char *name;

	if (column < 0 || (size_t)column >= csv->names.n) {
		rk_error_set(error, csv->line, 0, "column %d: %s", column + 1, problem);
		return r;
	}
	name = csv->names.bytes + csv->names.starts[column];
	rk_error_set(error, csv->line, 0, "column '%s': %s",
		rk_excerpt(excerpt, name, strlen(name)), problem);
	return r;
}

static int find_text(const struct rk_csv *csv, int column, const char **ret_text,
	struct rk_error *error)
{
	const char *text = rk_csv_text(csv, column);

	if (!text)
		return refuse_field(
			csv, -ENOENT, column, "there is no such field", error);
	if (*text == '\0')
		return refuse_field(csv, -ENODATA, column, "the field is empty", error);
	*ret_text = text;
	return 0;
}

int rk_csv_number(const struct rk_csv *csv, int column, struct rk_number *ret_number,
	struct rk_error *ret_error)
{
	char excerpt[RK_EXCERPT_SIZE];
	struct rk_error why;
	const char *text;
	int r = find_text(csv, column, &text, ret_error);

	if (r < 0)
		return r;
	r = rk_number_from_text(text, strlen(text), ret_number);
	if (r == 0)
		return 0;
	rk_error_set(&why, 0, 0, "'%s' %s", rk_excerpt(excerpt, text, strlen(text)),
		r == -EINVAL ? "is no number" : "has more digits than fit exactly");
	return refuse_field(csv, r, column, why.text, ret_error);
}

int rk_csv_time(const struct rk_csv *csv, int column, uint32_t forms,
	const struct rk_zone *zone, int64_t *ret_ns, struct rk_error *ret_error)
{
	struct rk_error why;
	const char *text;
	int r = find_text(csv, column, &text, ret_error);

	if (r < 0)
		return r;
	r = rk_time_from_text(text, strlen(text), forms, zone, ret_ns, &why);
	return r < 0 ? refuse_field(csv, r, column, why.text, ret_error) : 0;
}
