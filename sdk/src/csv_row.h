/* SPDX-License-Identifier: Apache-2.0 */
/* One row of CSV, taken apart, and the text that it is taken from. */
#ifndef SDK_CSV_ROW_H
#define SDK_CSV_ROW_H

#include <rookery/csv.h>

struct rk_csv_row {
	char *bytes; /* the fields, each with a NUL behind it */
	size_t size, room;
	uint32_t starts[RK_CSV_MAX_COLUMNS];
	size_t n;
};

struct rk_csv_source {
	const char *text;
	size_t n, at;
	char separator;
	const char *problem; /* of the row that could not be read */
	size_t problem_at;
};

/* Takes the row at source->at, with its line's end. -EINVAL, -E2BIG, -ENOMEM: problem and
 * problem_at say why, and at is as it was. */
int rk_csv_row_read(struct rk_csv_row *row, struct rk_csv_source *source);

void rk_csv_row_finish(struct rk_csv_row *row);

#endif
