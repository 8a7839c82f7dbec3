/* SPDX-License-Identifier: Apache-2.0 */
#include "json_scan.h"

#include "utf8.h"

#include <errno.h>
#include <string.h>

static const char cut_off[] = "the text ends too early; it was cut off";

/* ---- taking and putting ----------------------------------------------------- */

/* Always false, so that a caller can return it. Only the first counts. */
static bool fail_at(struct rk_json_scan *scan, size_t at, const char *problem)
{
	if (!scan->problem) {
		scan->problem = problem;
		scan->problem_at = at;
		scan->result = -EINVAL;
	}
	return false;
}

static bool fail(struct rk_json_scan *scan, const char *problem)
{
	if (scan->at == scan->n)
		problem = cut_off;
	else if (scan->text[scan->at] == '\0')
		problem = "there is a NUL byte";
	return fail_at(scan, scan->at, problem);
}

static bool fail_bound(struct rk_json_scan *scan, const char *problem)
{
	fail_at(scan, scan->at, problem);
	scan->result = -E2BIG;
	return false;
}

/* from: where in the text it comes from. */
static void put(struct rk_json_scan *scan, const char *bytes, size_t n, size_t from)
{
	if (scan->to)
		memcpy(scan->to + scan->size, bytes, n);
	if (scan->watched > scan->size && scan->watched <= scan->size + n)
		scan->origin = from;
	scan->size += n;
}

static bool at_one_of(const struct rk_json_scan *scan, const char *set)
{
	return scan->at < scan->n && scan->text[scan->at] != '\0' &&
	       strchr(set, scan->text[scan->at]);
}

static bool at_digit(const struct rk_json_scan *scan)
{
	return scan->at < scan->n && scan->text[scan->at] >= '0' &&
	       scan->text[scan->at] <= '9';
}

static void skip_spaces(struct rk_json_scan *scan)
{
	while (at_one_of(scan, " \t\r\n"))
		scan->at++;
}

/* ---- texts -------------------------------------------------------------------- */

static bool take_hex(struct rk_json_scan *scan, uint32_t *ret_unit)
{
	static const char hex[] = "0123456789abcdef0123456789ABCDEF";
	uint32_t unit = 0;

	for (int i = 0; i < 4; i++, scan->at++) {
		if (!at_one_of(scan, hex))
			return fail(scan, "four hexadecimal digits belong behind a \\u");
		unit = unit << 4 |
		       (uint32_t)((strchr(hex, scan->text[scan->at]) - hex) & 15);
	}
	*ret_unit = unit;
	return true;
}

/* Behind "\u"; of a pair, both are taken. */
static bool take_unicode(struct rk_json_scan *scan, bool is_name)
{
	static const char half[] = "half a pair of UTF-16 stands alone";
	size_t start = scan->at - 2, left;
	uint32_t unit, low;

	if (!take_hex(scan, &unit))
		return false;
	if (unit == 0 && is_name)
		return fail_at(scan, start, "a name has a NUL");
	if (unit < 0xd800 || unit > 0xdfff)
		return true;
	left = scan->n - scan->at;
	if (unit < 0xdc00 && left < 2 && memcmp(scan->text + scan->at, "\\u", left) == 0)
		return fail_at(scan, scan->n, cut_off);
	if (unit >= 0xdc00 || left < 2 || memcmp(scan->text + scan->at, "\\u", 2) != 0)
		return fail_at(scan, start, half);
	scan->at += 2;
	if (!take_hex(scan, &low))
		return false;
	return (low >= 0xdc00 && low <= 0xdfff) || fail_at(scan, start, half);
}

static bool take_character(struct rk_json_scan *scan, bool is_name)
{
	size_t length = rk_utf8_length(scan->text + scan->at, scan->n - scan->at);

	if (length == 0 && scan->at < scan->n)
		return fail(scan, "there is a byte that is no UTF-8");
	if (at_one_of(scan, "\n"))
		return fail(scan, "a text goes on over the end of its line");
	if (length == 0 || (unsigned char)scan->text[scan->at] < 0x20)
		return fail(scan, "there is a control character in a text");
	if (!at_one_of(scan, "\\")) {
		scan->at += length;
		return true;
	}
	scan->at++;
	if (at_one_of(scan, "u")) {
		scan->at++;
		return take_unicode(scan, is_name);
	}
	if (!at_one_of(scan, "\"\\/bfnrt"))
		return fail(scan, "a \\ stands before what it cannot");
	scan->at++;
	return true;
}

/* What stands for itself in a text, which is most of it. */
static void skip_plain(struct rk_json_scan *scan)
{
	for (; scan->at < scan->n; scan->at++) {
		unsigned char c = (unsigned char)scan->text[scan->at];

		if (c < 0x20 || c > 0x7f || c == '"' || c == '\\')
			return;
	}
}

/* With mark, and it is a name where there is none. */
static bool take_text(struct rk_json_scan *scan, const char *mark)
{
	size_t start = scan->at++;

	for (skip_plain(scan); !at_one_of(scan, "\""); skip_plain(scan)) {
		if (!take_character(scan, !mark))
			return false;
	}
	scan->at++;
	put(scan, "\"", 1, start);
	if (mark)
		put(scan, mark, 1, start);
	put(scan, scan->text + start + 1, scan->at - start - 1, start);
	return true;
}

/* ---- numbers and words ---------------------------------------------------------- */

static bool take_digits(struct rk_json_scan *scan)
{
	if (!at_digit(scan))
		return fail(scan, "a digit is missing in a number");
	while (at_digit(scan))
		scan->at++;
	return true;
}

static bool take_number(struct rk_json_scan *scan)
{
	static const char quoted_mark[] = { '"', RK_JSON_MARK_NUMBER };
	size_t start = scan->at;

	scan->at += at_one_of(scan, "-");
	if (at_one_of(scan, "0")) {
		scan->at++;
		if (at_digit(scan))
			return fail(scan,
				"a number begins with a 0 that does not belong there");
	} else if (!take_digits(scan)) {
		return false;
	}
	if (at_one_of(scan, ".")) {
		scan->at++;
		if (!take_digits(scan))
			return false;
	}
	if (at_one_of(scan, "eE")) {
		scan->at++;
		scan->at += at_one_of(scan, "+-");
		if (!take_digits(scan))
			return false;
	}
	put(scan, quoted_mark, sizeof(quoted_mark), start);
	put(scan, scan->text + start, scan->at - start, start);
	put(scan, "\"", 1, start);
	return true;
}

static bool take_word(struct rk_json_scan *scan)
{
	static const char *const words[] = { "true", "false", "null" };
	size_t left = scan->n - scan->at;

	for (size_t i = 0; i < RK_LEN(words); i++) {
		size_t n = strlen(words[i]);

		if (left < n && left > 0 &&
			memcmp(scan->text + scan->at, words[i], left) == 0)
			return fail_at(scan, scan->n, cut_off);
		if (left >= n && memcmp(scan->text + scan->at, words[i], n) == 0) {
			put(scan, words[i], n, scan->at);
			scan->at += n;
			return true;
		}
	}
	return fail(scan, "a value belongs here");
}

/* ---- arrays and objects ------------------------------------------------------ */

static bool take_value(struct rk_json_scan *scan, uint32_t depth);

static bool take_member(struct rk_json_scan *scan, uint32_t depth)
{
	if (!at_one_of(scan, "\""))
		return fail(scan, "a name in double quotes belongs here");
	if (!take_text(scan, NULL))
		return false;
	skip_spaces(scan);
	if (!at_one_of(scan, ":"))
		return fail(scan, "a ':' belongs behind a name");
	put(scan, ":", 1, scan->at++);
	return take_value(scan, depth);
}

/* An array, or an object, from its opening bracket on. */
static bool take_many(struct rk_json_scan *scan, const char *close, uint32_t depth)
{
	bool is_object = *close == '}';

	if (depth > RK_JSON_MAX_DEPTH)
		return fail_bound(
			scan, "more than 128 arrays and objects are in each other");
	put(scan, scan->text + scan->at, 1, scan->at);
	scan->at++;
	skip_spaces(scan);
	if (!at_one_of(scan, close)) {
		for (;;) {
			if (!(is_object ? take_member(scan, depth)
					: take_value(scan, depth)))
				return false;
			if (!at_one_of(scan, ","))
				break;
			put(scan, ",", 1, scan->at++);
			skip_spaces(scan);
		}
	}
	if (!at_one_of(scan, close))
		return fail(scan, is_object ? "a ',' or '}' belongs here"
					    : "a ',' or ']' belongs here");
	put(scan, close, 1, scan->at++);
	return true;
}

/* A value and the spaces around it. depth: in how many others it is; those have a
 * bound, and so has this recursion. */
static bool take_value(struct rk_json_scan *scan, uint32_t depth)
{
	static const char mark[] = { RK_JSON_MARK_TEXT };
	bool is_sound;

	skip_spaces(scan);
	if (++scan->values > RK_JSON_MAX_VALUES)
		return fail_bound(scan, "there are more than 1,048,576 values");
	if (at_one_of(scan, "{"))
		is_sound = take_many(scan, "}", depth + 1);
	else if (at_one_of(scan, "["))
		is_sound = take_many(scan, "]", depth + 1);
	else if (at_one_of(scan, "\""))
		is_sound = take_text(scan, mark);
	else if (at_one_of(scan, "-0123456789"))
		is_sound = take_number(scan);
	else
		is_sound = take_word(scan);
	skip_spaces(scan);
	return is_sound;
}

/* What often comes instead of JSON. */
static void check_format(struct rk_json_scan *scan)
{
	skip_spaces(scan);
	if (scan->at == scan->n)
		fail_at(scan, scan->at, "the text is empty");
	else if (scan->text[scan->at] == '<')
		fail(scan, "this is HTML or XML and not JSON");
	else if (scan->n >= 2 && (memcmp(scan->text, "\xff\xfe", 2) == 0 ||
					 memcmp(scan->text, "\xfe\xff", 2) == 0))
		fail(scan, "this is UTF-16 and not UTF-8");
}

int rk_json_scan(struct rk_json_scan *scan)
{
	scan->at = scan->n >= 3 && memcmp(scan->text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	check_format(scan);
	if (!scan->problem && take_value(scan, 0) && scan->at < scan->n)
		fail(scan, "the text goes on behind its value");
	return scan->result;
}
