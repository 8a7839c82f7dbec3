/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of what is JSON and what is not follow RFC 8259, rule by rule, and what
 * readers of JSON are known to differ in. */
#include <rookery/json.h>
#include <rookery/number.h>

#include "cases.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* From memory without a byte behind it, for the sanitizers. */
static int parse_bytes(const char *text, size_t n, struct rk_json **ret_document,
	struct rk_error *ret_error)
{
	char *copy = malloc(n ? n : 1);
	int r;

	memcpy(copy, text, n);
	r = rk_json_parse(copy, n, ret_document, ret_error);
	free(copy);
	return r;
}

static struct rk_json *parse(const char *text)
{
	struct rk_error error;
	struct rk_json *document;

	if (parse_bytes(text, strlen(text), &document, &error) < 0)
		fail_msg("%s", error.text);
	return document;
}

#define TEXT(literal) literal, sizeof(literal) - 1

static void what_rfc_8259_allows_is_taken(void **state)
{
	static const struct {
		const char *text;
		size_t n;
	} rows[] = {
		{ TEXT("null") },
		{ TEXT("true") },
		{ TEXT("false") },
		{ TEXT("0") },
		{ TEXT("-0") },
		{ TEXT("-0.0e-0") },
		{ TEXT("123456789012345678901234567890") },
		{ TEXT("1e400") },
		{ TEXT("1E+2") },
		{ TEXT("0.5e-7") },
		{ TEXT("\"\"") },
		{ TEXT("\"n1\"") },
		{ TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"") },
		{ TEXT("\"\\u00e4\\uD83D\\uDE00\"") },
		{ TEXT("\"\\u0000\"") },
		{ TEXT("\"\x7f\"") },
		{ TEXT("\"\xc2\x80 \xe2\x80\xa8 \xf4\x8f\xbf\xbf\xef\xbf\xbf\"") },
		{ TEXT("[]") },
		{ TEXT("[[],[[]],{}]") },
		{ TEXT("{}") },
		{ TEXT("{\"\":0}") },
		{ TEXT("{\"a\":{\"a\":{\"a\":[]}}}") },
		{ TEXT(" \t\r\n[ \t\r\n1 \t\r\n, \t\r\n2 \t\r\n] \t\r\n") },
		{ TEXT("{ \"a\" : 1 , \"b\" : 2 }") },
		{ TEXT("\xef\xbb\xbf{}") },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		struct rk_error error;
		struct rk_json *document;

		if (parse_bytes(rows[i].text, rows[i].n, &document, &error) < 0)
			fail_msg("row %zu: %s", i, error.text);
		rk_json_destroy(document);
	}
	rk_json_destroy(NULL);
}

static void what_is_no_json_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		uint32_t line, column;
		const char *why;
	} rows[] = {
		{ TEXT(""), 1, 1, "the text is empty" },
		{ TEXT(" \n\t"), 2, 2, "the text is empty" },
		{ TEXT("\xef\xbb\xbf"), 1, 2, "the text is empty" },
		{ TEXT("<!DOCTYPE html>\n<html>"), 1, 1,
			"this is HTML or XML and not JSON: '<!DOCTYPE html>" },
		{ TEXT("\n <Error/>"), 2, 2, "this is HTML or XML" },
		{ TEXT("\xff\xfe{\0}\0"), 1, 1, "this is UTF-16" },
		{ TEXT("\xfe\xff\0{\0}"), 1, 1, "this is UTF-16" },
		{ TEXT("{"), 1, 2, "it was cut off" },
		{ TEXT("{\"a\""), 1, 5, "it was cut off" },
		{ TEXT("{\"a\":"), 1, 6, "it was cut off" },
		{ TEXT("{\"a\":1"), 1, 7, "it was cut off" },
		{ TEXT("{\"a\":1,"), 1, 8, "it was cut off" },
		{ TEXT("[1,"), 1, 4, "it was cut off" },
		{ TEXT("[1"), 1, 3, "it was cut off" },
		{ TEXT("\"abc"), 1, 5, "it was cut off" },
		{ TEXT("\"abc\\"), 1, 6, "it was cut off" },
		{ TEXT("\"\\u12"), 1, 6, "it was cut off" },
		{ TEXT("\"\\ud800"), 1, 8, "it was cut off" },
		{ TEXT("\"\\ud800\\"), 1, 9, "it was cut off" },
		{ TEXT("\"\\ud800\\u"), 1, 10, "it was cut off" },
		{ TEXT("tru"), 1, 4, "it was cut off" },
		{ TEXT("-"), 1, 2, "it was cut off" },
		{ TEXT("1."), 1, 3, "it was cut off" },
		{ TEXT("1e"), 1, 3, "it was cut off" },
		{ TEXT("1e+"), 1, 4, "it was cut off" },
		{ TEXT("\"\xf0\x9f\x98"), 1, 2, "no UTF-8" },
		{ TEXT("{}\0"), 1, 3, "there is a NUL byte" },
		{ TEXT("\0{}"), 1, 1, "there is a NUL byte" },
		{ TEXT("[\0]"), 1, 2, "there is a NUL byte" },
		{ TEXT("\"a\0b\""), 1, 3, "there is a NUL byte" },
		{ TEXT("[1] 2"), 1, 5, "the text goes on behind its value: '2'" },
		{ TEXT("{}}"), 1, 3, "the text goes on behind its value" },
		{ TEXT("[1,\n 2,\n 3x]"), 3, 3, "a ',' or ']' belongs here: 'x]'" },
		{ TEXT("[\"\xc3\xa4\xc3\xa4\",x]"), 1, 7, "a value belongs here" },
		{ TEXT("[1,]"), 1, 4, "a value belongs here" },
		{ TEXT("[,1]"), 1, 2, "a value belongs here" },
		{ TEXT("[1 2]"), 1, 4, "a ',' or ']' belongs here" },
		{ TEXT("[1}"), 1, 3, "a ',' or ']' belongs here" },
		{ TEXT("{\"a\":1]"), 1, 7, "a ',' or '}' belongs here" },
		{ TEXT("{\"a\":1,}"), 1, 8, "a name in double quotes belongs here" },
		{ TEXT("{a:1}"), 1, 2, "a name in double quotes belongs here" },
		{ TEXT("{'a':1}"), 1, 2, "a name in double quotes belongs here" },
		{ TEXT("{1:1}"), 1, 2, "a name in double quotes belongs here" },
		{ TEXT("{\"a\" 1}"), 1, 6, "a ':' belongs behind a name" },
		{ TEXT("{\"a\":}"), 1, 6, "a value belongs here" },
		{ TEXT("{\"a\\u0000\":1}"), 1, 4, "a name has a NUL" },
		{ TEXT("{\n\"a\":1,\n \"b\":2, \"a\":3}"), 3, 9,
			"an object has this name twice: '\"a\":3}'" },
		{ TEXT("{\"a\":1,\"\\u0061\":3}"), 1, 8,
			"an object has this name twice" },
		{ TEXT("[{\"x\":\"ab\"},{\"k\":[1,2],\"k\":1}]"), 1, 24,
			"an object has this name twice" },
		{ TEXT("// a\n{}"), 1, 1, "a value belongs here" },
		{ TEXT("[1/**/]"), 1, 3, "a ',' or ']' belongs here" },
		{ TEXT("True"), 1, 1, "a value belongs here" },
		{ TEXT("nul1"), 1, 1, "a value belongs here" },
		{ TEXT("truex"), 1, 5, "goes on behind its value" },
		{ TEXT("NaN"), 1, 1, "a value belongs here" },
		{ TEXT("-Infinity"), 1, 2, "a digit is missing" },
		{ TEXT("+1"), 1, 1, "a value belongs here" },
		{ TEXT(".5"), 1, 1, "a value belongs here" },
		{ TEXT("01"), 1, 2, "a number begins with a 0" },
		{ TEXT("-01"), 1, 3, "a number begins with a 0" },
		{ TEXT("1.e1"), 1, 3, "a digit is missing" },
		{ TEXT("1ex"), 1, 3, "a digit is missing" },
		{ TEXT("0x10"), 1, 2, "goes on behind its value" },
		{ TEXT("1_000"), 1, 2, "goes on behind its value" },
		{ TEXT("'a'"), 1, 1, "a value belongs here" },
		{ TEXT("\"a\nb\""), 1, 3, "a text goes on over the end of its line" },
		{ TEXT("\"a\tb\""), 1, 3, "there is a control character" },
		{ TEXT("\"\\x41\""), 1, 3, "a \\ stands before what it cannot" },
		{ TEXT("\"\\u12g4\""), 1, 6, "four hexadecimal digits" },
		{ TEXT("\"\\ud800\""), 1, 2, "half a pair of UTF-16" },
		{ TEXT("\"\\ud800\\u0041\""), 1, 2, "half a pair of UTF-16" },
		{ TEXT("\"\\udc00\""), 1, 2, "half a pair of UTF-16" },
		{ TEXT("\"a\xff\""), 1, 3, "a byte that is no UTF-8" },
		{ TEXT("\"\xc0\x80\""), 1, 2, "a byte that is no UTF-8" },
		{ TEXT("\"\xed\xa0\x80\""), 1, 2, "a byte that is no UTF-8" },
		{ TEXT("\"\xf4\x90\x80\x80\""), 1, 2, "a byte that is no UTF-8" },
		{ TEXT("[\xe9]"), 1, 2, "a value belongs here" },
		{ TEXT("[1\x0b]"), 1, 3, "a ',' or ']' belongs here" },
		{ TEXT("[\xc2\xa0]"), 1, 2, "a value belongs here" },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		struct rk_error error = { .text = "" };
		struct rk_json *document = NULL;
		int r = parse_bytes(rows[i].text, rows[i].n, &document, &error);

		if (r != -EINVAL || document || error.line != rows[i].line ||
			error.column != rows[i].column ||
			!strstr(error.text, rows[i].why))
			fail_msg("row %zu: %d '%s'", i, r, error.text);
	}
}

/* Text of n times open, middle and n times close. */
static char *nested(size_t n, const char *open, const char *middle, const char *close)
{
	size_t n_open = strlen(open), n_middle = strlen(middle), n_close = strlen(close);
	char *text = malloc(n * (n_open + n_close) + n_middle + 1), *at = text;

	for (size_t i = 0; i < n; i++, at += n_open)
		memcpy(at, open, n_open);
	memcpy(at, middle, n_middle);
	at += n_middle;
	for (size_t i = 0; i < n; i++, at += n_close)
		memcpy(at, close, n_close);
	*at = '\0';
	return text;
}

static void documents_have_bounds(void **state)
{
	static const struct {
		size_t n;
		const char *open, *middle, *close;
		int r;
		const char *why;
	} rows[] = {
		{ RK_JSON_MAX_DEPTH, "[", "", "]", 0, "" },
		{ RK_JSON_MAX_DEPTH + 1, "[", "", "]", -E2BIG,
			"are in each other: '[]]]" },
		{ RK_JSON_MAX_DEPTH, "{\"a\":", "0", "}", 0, "" },
		{ RK_JSON_MAX_DEPTH + 1, "{\"a\":", "0", "}", -E2BIG,
			"are in each other" },
		{ 1000000, "[", "", "]", -E2BIG, "are in each other" },
		{ RK_JSON_MAX_SIZE / 2, " ", "1", " ", -E2BIG, "is larger than 32 MiB" },
		{ 1, "[", "\"\"", "]", 0, "" },
	};
	char *many = nested(RK_JSON_MAX_VALUES, "", "[0", ",0");
	struct rk_json *document;
	struct rk_error error;

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		char *text =
			nested(rows[i].n, rows[i].open, rows[i].middle, rows[i].close);

		error.text[0] = '\0';
		document = NULL;
		assert_int_equal(
			rk_json_parse(text, strlen(text), &document, &error), rows[i].r);
		assert_non_null(strstr(error.text, rows[i].why));
		rk_json_destroy(document);
		free(text);
	}
	assert_int_equal(rk_json_parse(many, strlen(many), &document, &error), -E2BIG);
	assert_non_null(strstr(error.text, "there are more than 1,048,576 values"));
	free(many);
}

/* Written by Postgres, printed by JavaScript, sent as text: the same number comes out. */
static void numbers_are_exact(void **state)
{
	static const struct {
		const char *json, *text; /* NULL: -ERANGE */
	} rows[] = {
		{ "0.10", "0.10" },
		{ "0.1", "0.1" },
		{ "-0", "0" },
		{ "-0.00", "0.00" },
		{ "1e3", "1000" },
		{ "1.50E-2", "0.0150" },
		{ "9007199254740993", "9007199254740993" },
		{ "9223372036854775807", "9223372036854775807" },
		{ "-9223372036854775808", "-9223372036854775808" },
		{ "0.083333333333333329", "0.083333333333333329" },
		{ "123456789012.345678", "123456789012.345678" },
		{ "\"0.8300\"", "0.8300" },
		{ "\"-12\"", "-12" },
		{ "9223372036854775808", NULL },
		{ "0.1234567890123456789", NULL },
		{ "1e400", NULL },
	};
	char text[RK_NUMBER_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		struct rk_json *document = parse(rows[i].json);
		struct rk_number number;
		int r = rk_json_number(document, "", &number, NULL);

		assert_int_equal(r, rows[i].text ? 0 : -ERANGE);
		if (r == 0)
			assert_string_equal(
				rk_number_to_text(text, number), rows[i].text);
		rk_json_destroy(document);
	}
}

/* RFC 6901, 5. */
static void pointers_lead_where_rfc_6901_says(void **state)
{
	static const char text[] = "{ \"foo\": [\"bar\", \"baz\"], \"\": 0, \"a/b\": 1,"
				   "\"c%d\": 2, \"e^f\": 3, \"g|h\": 4, \"i\\\\j\": 5,"
				   "\"k\\\"l\": 6, \" \": 7, \"m~n\": 8, \"~1\": 9,"
				   "\"0\": 10, \"n\": {\"\": {\"\": 11}} }";
	static const struct {
		const char *pointer;
		const char *value; /* NULL: nothing */
	} rows[] = {
		{ "/foo/0", "bar" },
		{ "/foo/1", "baz" },
		{ "/", "0" },
		{ "/a~1b", "1" },
		{ "/c%d", "2" },
		{ "/e^f", "3" },
		{ "/g|h", "4" },
		{ "/i\\j", "5" },
		{ "/k\"l", "6" },
		{ "/ ", "7" },
		{ "/m~0n", "8" },
		{ "/~01", "9" },
		{ "/0", "10" },
		{ "/n//", "11" },
		{ "/foo/2", NULL },
		{ "/foo/-", NULL },
		{ "/foo/00", NULL },
		{ "/foo/01", NULL },
		{ "/foo/-1", NULL },
		{ "/foo/1 ", NULL },
		{ "/foo/99999999999999999999", NULL },
		{ "/foo/", NULL },
		{ "/foo/0/x", NULL },
		{ "/bar", NULL },
		{ "/a/b", NULL },
		{ "foo", NULL },
		{ "/m~n", NULL },
		{ "/m~2n", NULL },
		{ "/m~", NULL },
	};
	struct rk_json *document = parse(text);

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		const struct rk_json *value = rk_json_at(document, rows[i].pointer);
		const char *found = NULL;

		assert_int_equal(value != NULL, rows[i].value != NULL);
		if (!value)
			continue;
		assert_int_equal(rk_json_as_text(value, "", &found, NULL), 0);
		assert_string_equal(found, rows[i].value);
	}
	assert_ptr_equal(rk_json_at(document, ""), document);
	assert_null(rk_json_at(NULL, "/a"));
	rk_json_destroy(document);
}

static void values_of_every_type_are_got(void **state)
{
	struct rk_json *document =
		parse("{\"text\":\"n\\u00e4h\",\"id\":12345678901234567890,"
		      "\"yes\":true,\"no\":false,\"whole\":12.0,"
		      "\"real\":12.345678901234567890123,"
		      "\"at\":\"2026-11-22T10:00:00Z\","
		      "\"day\":20261122,\"ms\":1795341600123,\"list\":[1]}");
	const struct rk_json *list;
	const char *text;
	int64_t integer;
	double real;
	bool boolean;

	(void)state;
	assert_int_equal(rk_json_text(document, "/text", &text, NULL), 0);
	assert_string_equal(text, "n\xc3\xa4h");
	assert_int_equal(rk_json_as_text(document, "/id", &text, NULL), 0);
	assert_string_equal(text, "12345678901234567890");
	assert_int_equal(rk_json_as_text(document, "/yes", &text, NULL), 0);
	assert_string_equal(text, "true");
	assert_int_equal(rk_json_bool(document, "/yes", &boolean, NULL), 0);
	assert_true(boolean);
	assert_int_equal(rk_json_bool(document, "/no", &boolean, NULL), 0);
	assert_false(boolean);
	assert_int_equal(rk_json_integer(document, "/whole", &integer, NULL), 0);
	assert_int_equal(integer, 12);
	assert_int_equal(rk_json_real(document, "/real", &real, NULL), 0);
	assert_true(real == 12.345678901234567890123);
	assert_int_equal(
		rk_json_time(document, "/at", RK_TIME_ANY, NULL, &integer, NULL), 0);
	assert_int_equal(integer, INT64_C(1795341600) * RK_SECOND);
	assert_int_equal(
		rk_json_time(document, "/ms", RK_TIME_UNIX_MS, NULL, &integer, NULL), 0);
	assert_int_equal(integer, INT64_C(1795341600123) * 1000000);
	assert_int_equal(
		rk_json_time(document, "/day", RK_TIME_COMPACT, NULL, &integer, NULL), 0);
	assert_int_equal(integer, INT64_C(1795305600) * RK_SECOND);
	assert_int_equal(rk_json_get(document, "/list", RK_JSON_ARRAY, &list, NULL), 0);
	assert_int_equal(rk_json_type(rk_json_item(list, 0)), RK_JSON_NUMBER);
	rk_json_destroy(document);
}

static void what_is_not_as_asked_for_is_refused_with_its_place(void **state)
{
	struct rk_json *document =
		parse("{\"a\":null,\"b\":\"abc\",\"c\":12.5,\"d\":{},\"e\":1e400,"
		      "\"f\":\"x\\u0000y\",\"g\":true}");
	const struct rk_json *value;
	struct rk_number number;
	struct rk_error error;
	const char *text;
	int64_t integer;
	double real;
	bool boolean;

	(void)state;
#define REFUSED(call, result, why)                                                       \
	do {                                                                             \
		assert_int_equal(call, result);                                          \
		assert_string_equal(error.text, why);                                    \
	} while (0)
	REFUSED(rk_json_text(document, "/x/y", &text, &error), -ENOENT,
		"'/x/y' is not there");
	REFUSED(rk_json_text(document, "x", &text, &error), -EINVAL,
		"'x' is no JSON pointer");
	REFUSED(rk_json_text(document, "/a", &text, &error), -ENODATA, "'/a' is null");
	REFUSED(rk_json_text(document, "/c", &text, &error), -EINVAL,
		"'/c' is a number and not a text");
	REFUSED(rk_json_text(document, "", &text, &error), -EINVAL,
		"the document is an object and not a text");
	REFUSED(rk_json_text(document, "/f", &text, &error), -EINVAL,
		"'/f' has a NUL within");
	REFUSED(rk_json_as_text(document, "/d", &text, &error), -EINVAL,
		"'/d' is an object and not a text");
	REFUSED(rk_json_number(document, "/b", &number, &error), -EINVAL,
		"'/b' is a text that is no number: 'abc'");
	REFUSED(rk_json_number(document, "/e", &number, &error), -ERANGE,
		"'/e' has more digits than fit exactly: '1e400'");
	REFUSED(rk_json_number(document, "/g", &number, &error), -EINVAL,
		"'/g' is a bool and not a number");
	REFUSED(rk_json_integer(document, "/c", &integer, &error), -ERANGE,
		"'/c' is not whole: '12.5'");
	REFUSED(rk_json_real(document, "/e", &real, &error), -ERANGE,
		"'/e' is larger than a double can be: '1e400'");
	REFUSED(rk_json_bool(document, "/b", &boolean, &error), -EINVAL,
		"'/b' is a text and not a bool");
	REFUSED(rk_json_get(document, "/d", RK_JSON_ARRAY, &value, &error), -EINVAL,
		"'/d' is an object and not an array");
	REFUSED(rk_json_get(document, "/a", RK_JSON_ARRAY, &value, &error), -ENODATA,
		"'/a' is null");
	REFUSED(rk_json_time(document, "/b", RK_TIME_DAY, NULL, &integer, &error),
		-EINVAL, "'/b' is no time: 'abc' is not such a time as '2026-11-22'");
	assert_int_equal(rk_json_get(document, "/a", RK_JSON_NULL, &value, &error), 0);
	rk_json_destroy(document);
}

static void arrays_and_objects_are_gone_through_in_order(void **state)
{
	struct rk_json *document =
		parse("{\"z\":1,\"a\":[10,20,30],\"m\":\"x\",\"e\":{}}");
	static const char *const names[] = { "z", "a", "m", "e" };
	struct rk_json_each each = { 0 }, items = { 0 }, none = { 0 };
	size_t n = 0;

	(void)state;
	assert_int_equal(rk_json_count(document), 4);
	for (; rk_json_next(document, &each); n++) {
		assert_int_equal(each.index, n);
		assert_string_equal(each.name, names[n]);
		assert_ptr_equal(each.value, rk_json_at(rk_json_at(document, ""),
						     (char[]){ '/', *names[n], 0 }));
	}
	assert_int_equal(n, 4);
	for (n = 0; rk_json_next(rk_json_at(document, "/a"), &items); n++) {
		int64_t integer;

		assert_null(items.name);
		assert_int_equal(rk_json_integer(items.value, "", &integer, NULL), 0);
		assert_int_equal(integer, 10 * (int64_t)n + 10);
	}
	assert_int_equal(n, 3);
	assert_false(rk_json_next(rk_json_at(document, "/e"), &none));
	assert_false(rk_json_next(rk_json_at(document, "/m"), &none));
	assert_false(rk_json_next(NULL, &none));
	assert_int_equal(rk_json_count(rk_json_at(document, "/m")), 0);
	assert_null(rk_json_item(rk_json_at(document, "/a"), 3));
	assert_null(rk_json_item(document, 0));
	rk_json_destroy(document);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(what_rfc_8259_allows_is_taken),
	cmocka_unit_test(what_is_no_json_is_refused_with_its_place),
	cmocka_unit_test(documents_have_bounds),
	cmocka_unit_test(numbers_are_exact),
	cmocka_unit_test(pointers_lead_where_rfc_6901_says),
	cmocka_unit_test(values_of_every_type_are_got),
	cmocka_unit_test(what_is_not_as_asked_for_is_refused_with_its_place),
	cmocka_unit_test(arrays_and_objects_are_gone_through_in_order),
};

CASES_MAIN(cases)
