/* SPDX-License-Identifier: Apache-2.0 */
#include <rookery/csv.h>
#include <rookery/number.h>

#include "cases.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(literal) literal, sizeof(literal) - 1

static const struct rk_csv_form headless = { ',', true };

/* All rows as "[a|b][c|d]", after the error where there is one. */
static int read_all(const char *text, size_t n, const struct rk_csv_form *form,
	char to[512], struct rk_error *error)
{
	/* Without a byte behind it, for the sanitizers. */
	char *copy = malloc(n ? n : 1);
	struct rk_csv *csv = NULL;
	size_t used = 0;
	int r;

	memcpy(copy, text, n);
	to[0] = '\0';
	r = rk_csv_open(copy, n, form, &csv, error);
	while (r >= 0 && (r = rk_csv_next(csv, error)) > 0) {
		const char *field;

		for (int i = 0; (field = rk_csv_text(csv, i)); i++)
			used += (size_t)snprintf(
				to + used, 512 - used, "%c%s", i == 0 ? '[' : '|', field);
		used += (size_t)snprintf(to + used, 512 - used, "]");
	}
	rk_csv_close(csv);
	free(copy);
	return r;
}

static void rows_are_read_as_rfc_4180_has_them(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		const char *rows;
	} rows[] = {
		{ TEXT(""), "" },
		{ TEXT("aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n"), "[aaa|bbb|ccc][zzz|yyy|xxx]" },
		{ TEXT("aaa,bbb,ccc\r\nzzz,yyy,xxx"), "[aaa|bbb|ccc][zzz|yyy|xxx]" },
		{ TEXT("\"aaa\",\"b \r\nbb\",\"ccc\"\r\nzzz,yyy,xxx"),
			"[aaa|b \r\nbb|ccc][zzz|yyy|xxx]" },
		{ TEXT("\"aaa\",\"b\"\"bb\",\"ccc\""), "[aaa|b\"bb|ccc]" },
		{ TEXT("a,b\nc,d\n"), "[a|b][c|d]" },
		{ TEXT(" a , b "), "[ a | b ]" },
		{ TEXT(",\n,"), "[|][|]" },
		{ TEXT("\"\",\"\"\"\"\n"), "[|\"]" },
		{ TEXT("a\n\nb\n"), "[a][][b]" },
		{ TEXT("\n\na,b\n\r\n\nc,d\n\n"), "[a|b][c|d]" },
		{ TEXT("\xef\xbb\xbf\"a\",b"), "[a|b]" },
		{ TEXT("\xc3\xa4,\xf0\x9f\x98\x80"), "[\xc3\xa4|\xf0\x9f\x98\x80]" },
		{ TEXT("\"a,b\",c"), "[a,b|c]" },
		{ TEXT("\"a\nb\""), "[a\nb]" },
		{ TEXT("a<b,<c"), "[a<b|<c]" },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		struct rk_error error = { .text = "" };
		char all[512];
		int r = read_all(rows[i].text, rows[i].n, &headless, all, &error);

		if (r != 0 || strcmp(all, rows[i].rows) != 0)
			fail_msg("row %zu: %d '%s' %s", i, r, all, error.text);
	}
}

static void separators_are_the_callers(void **state)
{
	static const struct rk_csv_form forms[] = { { ';', true }, { '\t', true },
		{ '|', true } };
	static const char *const texts[] = { "a;b,c\n\"d;e\";f", "a\tb,c\n\"d\te\"\tf",
		"a|b,c\n\"d|e\"|f" };
	static const char *const rows[] = { "[a|b,c][d;e|f]", "[a|b,c][d\te|f]",
		"[a|b,c][d|e|f]" };
	static const char bad[] = { '"', '\n', '\r', '\xe4' };
	struct rk_error error;
	char all[512];

	(void)state;
	for (size_t i = 0; i < RK_LEN(forms); i++) {
		assert_int_equal(
			read_all(texts[i], strlen(texts[i]), &forms[i], all, NULL), 0);
		assert_string_equal(all, rows[i]);
	}
	for (size_t i = 0; i < RK_LEN(bad); i++) {
		struct rk_csv_form form = { bad[i], false };

		assert_int_equal(read_all("a", 1, &form, all, &error), -EINVAL);
		assert_string_equal(
			error.text, "that is no character to separate fields by");
	}
}

static void what_is_no_csv_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		uint32_t line, column;
		const char *why;
	} rows[] = {
		{ TEXT("a,b\nc\n"), 2, 0, "line 2: the row has 1 fields and not 2" },
		{ TEXT("a,b\nc,d,e\n"), 2, 0, "the row has 3 fields and not 2" },
		{ TEXT("a,b\n\"x\ny\",d\ne\n"), 4, 0, "the row has 1 fields and not 2" },
		{ TEXT("a\nb,\"c"), 2, 3, "a quote begins here and does not end" },
		{ TEXT("a,b\nc,\"d\n\n\n"), 2, 3,
			"a quote begins here and does not end" },
		{ TEXT("a,b\"c\""), 1, 4, "a quote stands in a field" },
		{ TEXT("a,\"b\"c"), 1, 6, "a field goes on behind the quote" },
		{ TEXT("a,\"b\" ,c"), 1, 6, "a field goes on behind the quote" },
		{ TEXT("a,b\rc"), 1, 4, "a carriage return stands alone" },
		{ TEXT("a,b\r"), 1, 4, "a carriage return stands alone" },
		{ TEXT("a,b\nc,\0"), 2, 3, "there is a NUL byte" },
		{ TEXT("a,\"\0\""), 1, 4, "there is a NUL byte" },
		{ TEXT("a,b\nc,\xe4\n"), 2, 3, "no UTF-8" },
		{ TEXT("\xff\xfe"
		       "a\0"),
			1, 1, "this is UTF-16" },
		{ TEXT("\n<!DOCTYPE html>"), 1, 1, "this is HTML or XML" },
		{ TEXT("<html>"), 1, 1, "this is HTML or XML" },
		{ TEXT("<?xml"), 1, 1, "this is HTML or XML" },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		struct rk_error error = { .text = "" };
		char all[512];
		int r = read_all(rows[i].text, rows[i].n, &headless, all, &error);

		if (r != -EINVAL || error.line != rows[i].line ||
			error.column != rows[i].column ||
			!strstr(error.text, rows[i].why))
			fail_msg("row %zu: %d '%s'", i, r, error.text);
	}
}

static void an_error_stays(void **state)
{
	static const char text[] = "a,b\n1,2\n3\n4,5\n";
	struct rk_csv *csv;

	(void)state;
	assert_int_equal(rk_csv_open(text, strlen(text), NULL, &csv, NULL), 0);
	assert_null(rk_csv_text(csv, 0));
	assert_int_equal(rk_csv_next(csv, NULL), 1);
	assert_int_equal(rk_csv_line(csv), 2);
	assert_int_equal(rk_csv_next(csv, NULL), -EINVAL);
	assert_int_equal(rk_csv_next(csv, NULL), -EINVAL);
	assert_null(rk_csv_text(csv, 0));
	rk_csv_close(csv);
	rk_csv_close(NULL);
}

static void columns_are_found_by_name(void **state)
{
	static const char text[] =
		"day,cost,note,note\n2026-11-22,0.10,,x\n2026-11,a,b,c\n";
	struct rk_number number;
	struct rk_error error;
	struct rk_csv *csv;
	int64_t ns;

	(void)state;
	assert_int_equal(rk_csv_open(text, strlen(text), NULL, &csv, &error), 0);
	assert_int_equal(rk_csv_column(csv, "cost", &error), 1);
	assert_int_equal(rk_csv_column(csv, "Cost", &error), -ENOENT);
	assert_string_equal(error.text, "there is no column 'Cost'");
	assert_int_equal(rk_csv_column(csv, "note", &error), -ENOTUNIQ);
	assert_string_equal(error.text, "there is more than one column 'note'");
	assert_int_equal(rk_csv_number(csv, 1, &number, &error), -ENOENT);

	assert_int_equal(rk_csv_next(csv, &error), 1);
	assert_int_equal(rk_csv_time(csv, 0, RK_TIME_DAY, NULL, &ns, &error), 0);
	assert_int_equal(ns, INT64_C(1795305600) * RK_SECOND);
	assert_int_equal(rk_csv_number(csv, 1, &number, &error), 0);
	assert_int_equal(number.digits, 10);
	assert_int_equal(number.scale, 2);
	assert_int_equal(rk_csv_number(csv, 2, &number, &error), -ENODATA);
	assert_string_equal(error.text, "line 2: column 'note': the field is empty");
	assert_int_equal(rk_csv_number(csv, 4, &number, &error), -ENOENT);
	assert_string_equal(error.text, "line 2: column 5: there is no such field");
	assert_int_equal(rk_csv_number(csv, -ENOENT, &number, &error), -ENOENT);

	assert_int_equal(rk_csv_next(csv, &error), 1);
	assert_int_equal(rk_csv_number(csv, 1, &number, &error), -EINVAL);
	assert_string_equal(error.text, "line 3: column 'cost': 'a' is no number");
	assert_int_equal(rk_csv_time(csv, 0, RK_TIME_DAY, NULL, &ns, &error), -EINVAL);
	assert_string_equal(error.text,
		"line 3: column 'day': '2026-11' is not such a time "
		"as '2026-11-22'");
	assert_int_equal(rk_csv_next(csv, &error), 0);
	rk_csv_close(csv);
}

static void names_are_needed_where_they_are_promised(void **state)
{
	struct rk_error error;
	char all[512];

	(void)state;
	assert_int_equal(read_all("", 0, NULL, all, &error), -EINVAL);
	assert_string_equal(error.text,
		"line 1, column 1: the text is empty: not even names of columns");
	assert_int_equal(read_all("a,b", 3, NULL, all, &error), 0);
	assert_string_equal(all, "");
}

static void rows_and_their_fields_have_bounds(void **state)
{
	static const struct {
		size_t n;
		char c;
		int r;
		const char *why;
	} rows[] = {
		{ RK_CSV_MAX_COLUMNS - 1, ',', 1, "" },
		{ RK_CSV_MAX_COLUMNS, ',', -E2BIG, "a row has more than 1,024 fields" },
		{ RK_CSV_MAX_ROW - 1, 'x', 1, "" },
		{ RK_CSV_MAX_ROW, 'x', -E2BIG, "a row is larger than 1 MiB" },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		struct rk_error error = { .text = "" };
		char *text = malloc(rows[i].n);
		struct rk_csv *csv;

		memset(text, rows[i].c, rows[i].n);
		assert_int_equal(rk_csv_open(text, rows[i].n, &headless, &csv, NULL), 0);
		assert_int_equal(rk_csv_next(csv, &error), rows[i].r);
		assert_non_null(strstr(error.text, rows[i].why));
		rk_csv_close(csv);
		free(text);
	}
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(rows_are_read_as_rfc_4180_has_them),
	cmocka_unit_test(separators_are_the_callers),
	cmocka_unit_test(what_is_no_csv_is_refused_with_its_line),
	cmocka_unit_test(an_error_stays),
	cmocka_unit_test(columns_are_found_by_name),
	cmocka_unit_test(names_are_needed_where_they_are_promised),
	cmocka_unit_test(rows_and_their_fields_have_bounds),
};

CASES_MAIN(cases)
