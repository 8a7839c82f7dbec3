/* SPDX-License-Identifier: Apache-2.0 */
#include "csv_row.h"

#include "utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int fail(struct rk_csv_source *source, int r, size_t at, const char *problem)
{
	source->problem = problem;
	source->problem_at = at;
	return r;
}

static int row_reserve(struct rk_csv_row *row, size_t n)
{
	size_t room = row->room ? row->room : 256;
	char *bytes;

	while (room < row->size + n)
		room *= 2;
	if (room == row->room)
		return 0;
	bytes = realloc(row->bytes, room);
	if (!bytes)
		return -ENOMEM;
	row->bytes = bytes;
	row->room = room;
	return 0;
}

static int put(struct rk_csv_row *row, struct rk_csv_source *source, size_t at, size_t n)
{
	if (row->size + n + 1 > RK_CSV_MAX_ROW)
		return fail(source, -E2BIG, at, "a row is larger than 1 MiB");
	if (row_reserve(row, n + 1) < 0)
		return fail(source, -ENOMEM, at, "no memory for a row");
	memcpy(row->bytes + row->size, source->text + at, n);
	row->size += n;
	return 0;
}

/* The length of the character there, which is not at the end. */
static int look(struct rk_csv_source *source, size_t at, size_t *ret_length)
{
	*ret_length = rk_utf8_length(source->text + at, source->n - at);
	if (source->text[at] == '\0')
		return fail(source, -EINVAL, at, "there is a NUL byte");
	if (*ret_length == 0)
		return fail(source, -EINVAL, at, "there is a byte that is no UTF-8");
	return 0;
}

/* ---- fields ------------------------------------------------------------------ */

static bool has(const struct rk_csv_source *source, size_t at, char c)
{
	return at < source->n && source->text[at] == c;
}

/* The length of the line's end there; 0: there is none. */
static size_t line_end(const struct rk_csv_source *source, size_t at)
{
	if (has(source, at, '\n'))
		return 1;
	return has(source, at, '\r') && has(source, at + 1, '\n') ? 2 : 0;
}

static bool field_ends(const struct rk_csv_source *source, size_t at)
{
	return at == source->n || has(source, at, source->separator) ||
	       line_end(source, at) > 0;
}

static int take_quoted(struct rk_csv_row *row, struct rk_csv_source *source, size_t *at)
{
	size_t start = (*at)++, length;
	int r = 0;

	for (; r == 0; *at += length) {
		if (*at == source->n)
			return fail(source, -EINVAL, start,
				"a quote begins here and does not end");
		if (has(source, *at, '"') && !has(source, ++*at, '"'))
			break;
		r = look(source, *at, &length);
		if (r == 0)
			r = put(row, source, *at, length);
	}
	if (r == 0 && !field_ends(source, *at))
		return fail(source, -EINVAL, *at,
			"a field goes on behind the quote that ends it");
	return r;
}

static int take_plain(struct rk_csv_row *row, struct rk_csv_source *source, size_t *at)
{
	size_t start = *at, length;
	int r;

	for (; !field_ends(source, *at); *at += length) {
		r = look(source, *at, &length);
		if (r < 0)
			return r;
		if (has(source, *at, '"'))
			return fail(source, -EINVAL, *at,
				"a quote stands in a field that does not begin with one");
		if (has(source, *at, '\r'))
			return fail(
				source, -EINVAL, *at, "a carriage return stands alone");
	}
	return put(row, source, start, *at - start);
}

static int take_field(struct rk_csv_row *row, struct rk_csv_source *source, size_t *at)
{
	int r;

	if (row->n == RK_CSV_MAX_COLUMNS)
		return fail(source, -E2BIG, *at, "a row has more than 1,024 fields");
	row->starts[row->n++] = (uint32_t)row->size;
	r = has(source, *at, '"') ? take_quoted(row, source, at)
				  : take_plain(row, source, at);
	if (r < 0)
		return r;
	if (row_reserve(row, 1) < 0)
		return fail(source, -ENOMEM, *at, "no memory for a row");
	row->bytes[row->size++] = '\0';
	return 0;
}

int rk_csv_row_read(struct rk_csv_row *row, struct rk_csv_source *source)
{
	size_t at = source->at;
	int r;

	row->size = 0;
	row->n = 0;
	for (;;) {
		r = take_field(row, source, &at);
		if (r < 0)
			return r;
		if (!has(source, at, source->separator))
			break;
		at++;
	}
	source->at = at + line_end(source, at);
	return 0;
}

void rk_csv_row_finish(struct rk_csv_row *row)
{
	free(row->bytes);
}
