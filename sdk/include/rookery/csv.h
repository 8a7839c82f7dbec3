/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rookery/csv.h - rows out of a CSV text (RFC 4180), one after the other:
 *
 *	r = rk_csv_open(text, size, NULL, &csv, &error);
 *	cost = r < 0 ? r : rk_csv_column(csv, "cost", &error);
 *	while (cost >= 0 && (r = rk_csv_next(csv, &error)) > 0)
 *		r = rk_csv_number(csv, cost, &number, &error);
 *	rk_csv_close(csv);
 *
 * Lines end with CRLF or LF, the last may lack it, and an empty one is no row where
 * there is more than one column. A mark of UTF-8's byte order is passed over. Every
 * row has as many fields as the first; a quote stands around a field or twice within
 * one. What breaks these rules is refused with its line, and so are NUL bytes, what
 * is no UTF-8 and a page of HTML.
 *
 * Only one row is in memory, beside the text, which is borrowed until close. A reader
 * is used by one thread at a time.
 */
#ifndef RK_CSV_H
#define RK_CSV_H

#include <rookery/date.h>
#include <rookery/error.h>
#include <rookery/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rk_csv;

#define RK_CSV_MAX_COLUMNS 1024u
#define RK_CSV_MAX_ROW     1048576u /* bytes */
#define RK_CSV_MAX_ROWS    10000000u

struct rk_csv_form {
	char separator;    /* ';', '\t', ...; 0: ',' */
	bool has_no_names; /* the first row is values, not the names of columns */
};

/* Reads the names; form NULL is { ',', false }. The caller closes what it gets. -EINVAL:
 * no CSV, or a separator that cannot be one; -E2BIG: beyond a bound; -ENOMEM. */
int rk_csv_open(const char *text, size_t n, const struct rk_csv_form *form,
	struct rk_csv **ret_csv, struct rk_error *ret_error);

void rk_csv_close(struct rk_csv *csv); /* NULL is fine */

/* The index of the column with exactly this name. -ENOENT: there is none; -ENOTUNIQ:
 * there are several. */
int rk_csv_column(const struct rk_csv *csv, const char *name, struct rk_error *ret_error);

/* Goes to the next row: 1: there is one; 0: that was the last; errors as of open, and
 * then again with each call. */
int rk_csv_next(struct rk_csv *csv, struct rk_error *ret_error);

/* The line on which the row begins, from 1. */
uint32_t rk_csv_line(const struct rk_csv *csv);

/* A field of the row, without its quotes, until next or close; NULL: there is no such
 * column, or no row. */
const char *rk_csv_text(const struct rk_csv *csv, int column);

/* A field as a decimal (rookery/number.h) or a time (rookery/date.h). -ENODATA: it is
 * empty; -ENOENT: there is no such column, or no row; -EINVAL, -ERANGE. */
int rk_csv_number(const struct rk_csv *csv, int column, struct rk_number *ret_number,
	struct rk_error *ret_error);
int rk_csv_time(const struct rk_csv *csv, int column, uint32_t forms,
	const struct rk_zone *zone, int64_t *ret_ns, struct rk_error *ret_error);

#ifdef __cplusplus
}
#endif
#endif
