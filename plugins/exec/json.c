/* SPDX-License-Identifier: Apache-2.0 */
#include "json.h"

#include <string.h>

static bool fail(struct json *json, const char *error)
{
	if (!json->error)
		json->error = error;
	return false;
}

static void skip_blanks(struct json *json)
{
	json->at += strspn(json->at, " \t\r\n");
}

/* Whether the next character is this one; takes it then. */
static bool take(struct json *json, char c)
{
	skip_blanks(json);
	if (*json->at != c)
		return false;
	json->at++;
	return true;
}

/* ---- texts --------------------------------------------------------------- */

static int digit_of(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c ? strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* Four hexadecimal digits; -1 where there are none. */
static int take_unit(const char **from)
{
	int unit = 0;

	for (int i = 0; i < 4; i++) {
		int digit = digit_of(**from);

		if (digit < 0)
			return -1;
		unit = unit * 16 + digit;
		(*from)++;
	}
	return unit;
}

/* The character behind \u, which may be two halves; -1 where it is none. */
static int take_character(const char **from)
{
	int unit = take_unit(from), low;

	if (unit < 0xd800 || unit > 0xdfff)
		return unit > 0 ? unit : -1; /* no NUL: texts end with one */
	if (unit > 0xdbff || (*from)[0] != '\\' || (*from)[1] != 'u')
		return -1;
	*from += 2;
	low = take_unit(from);
	if (low < 0xdc00 || low > 0xdfff)
		return -1;
	return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
}

/* UTF-8 (RFC 3629). Returns the end. */
static char *put_character(char *to, int c)
{
	static const struct {
		int below, n, mark;
	} forms[] = { { 0x80, 1, 0 }, { 0x800, 2, 0xc0 }, { 0x10000, 3, 0xe0 },
		{ 0x110000, 4, 0xf0 } };
	size_t i = 0;

	while (c >= forms[i].below)
		i++;
	for (int k = forms[i].n - 1; k > 0; k--) {
		to[k] = (char)(0x80 | (c & 0x3f));
		c >>= 6;
	}
	*to = (char)(forms[i].mark | c);
	return to + forms[i].n;
}

/* What stands behind a backslash; NULL where nothing may. */
static char *put_escape(char *to, const char **from)
{
	static const char names[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
	const char *found;
	int c;

	if (**from == 'u') {
		(*from)++;
		c = take_character(from);
		return c < 0 ? NULL : put_character(to, c);
	}
	found = **from ? strchr(names, **from) : NULL;
	if (!found)
		return NULL;
	(*from)++;
	*to = meanings[found - names];
	return to + 1;
}

/* A text behind its first quote. */
static bool take_text(struct json *json, const char **ret_text, size_t *ret_n)
{
	char *to = json->at;
	const char *from = json->at;

	while (*from != '"') {
		if ((unsigned char)*from < 0x20)
			return fail(json, *from ? "a control character in a text"
						: "a text without end");
		if (*from != '\\') {
			*to++ = *from++;
			continue;
		}
		from++;
		to = put_escape(to, &from);
		if (!to)
			return fail(json, "an unknown escape in a text");
	}
	*ret_text = json->at;
	*ret_n = (size_t)(to - json->at);
	json->at += from + 1 - json->at;
	*to = '\0';
	return true;
}

/* ---- values -------------------------------------------------------------- */

static size_t count_digits(const char *text)
{
	return strspn(text, "0123456789");
}

/* How long the number is that text begins with, as RFC 8259 spells it; 0: it is none. */
static size_t number_length(const char *text)
{
	const char *at = text + (*text == '-');
	size_t n = count_digits(at);

	if (n == 0 || (*at == '0' && n > 1))
		return 0;
	at += n;
	if (*at == '.') {
		n = count_digits(++at);
		if (n == 0)
			return 0;
		at += n;
	}
	if (*at == 'e' || *at == 'E') {
		at++;
		at += *at == '+' || *at == '-';
		n = count_digits(at);
		if (n == 0)
			return 0;
		at += n;
	}
	return (size_t)(at - text);
}

static bool take_word(struct json *json, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(json->at, word, n) != 0)
		return false;
	json->at += n;
	return true;
}

/* What is no text, object or list. */
static bool take_plain(struct json *json, struct json_value *value)
{
	value->text = json->at;
	value->n = number_length(json->at);
	value->type = JSON_NUMBER;
	if (value->n > 0) {
		json->at += value->n;
		return true;
	}
	value->boolean = take_word(json, "true");
	value->type = JSON_BOOLEAN;
	if (!value->boolean && !take_word(json, "false")) {
		if (!take_word(json, "null"))
			return fail(json, "a value that is none");
		value->type = JSON_NULL;
	}
	value->n = (size_t)(json->at - value->text);
	return true;
}

static bool take_separator(struct json *json, char end, bool *is_over)
{
	*is_over = take(json, end);
	return *is_over || take(json, ',') || fail(json, "no ',' between two members");
}

/* The value of a pair. A number is ended with a NUL, and so what stands behind it is
 * taken first. */
static bool take_pair_value(struct json *json, const char **ret_text, bool *is_over)
{
	struct json_value value = { 0 };
	char *end;

	skip_blanks(json);
	if (take(json, '"'))
		return take_text(json, ret_text, &value.n) &&
		       take_separator(json, '}', is_over);
	if (!take_plain(json, &value) || value.type == JSON_NULL)
		return fail(json, "a label or detail that is no text");
	*ret_text = value.text;
	end = json->at;
	if (!take_separator(json, '}', is_over))
		return false;
	*end = '\0';
	return true;
}

static bool take_pairs(struct json *json, struct json_value *value)
{
	bool is_over = take(json, '}');

	value->type = JSON_PAIRS;
	while (!is_over) {
		struct rk_label *pair = &value->pairs[value->n_pairs];
		size_t n;

		if (value->n_pairs == JSON_MAX_PAIRS)
			return fail(json, "more than 32 labels or details");
		if (!take(json, '"') || !take_text(json, &pair->name, &n) ||
			!take(json, ':') ||
			!take_pair_value(json, &pair->value, &is_over))
			return fail(json, "an object whose members are no texts");
		value->n_pairs++;
	}
	return true;
}

struct json json_of(char *line)
{
	struct json json = { .at = line, .is_first = true };

	json.is_open = take(&json, '{');
	if (!json.is_open)
		fail(&json, "no object");
	return json;
}

bool json_member(struct json *json, const char **ret_name)
{
	bool is_over;
	size_t n;

	if (json->error)
		return false;
	if (json->is_first)
		is_over = take(json, '}');
	else if (!take_separator(json, '}', &is_over))
		return false;
	json->is_first = false;
	if (is_over) {
		skip_blanks(json);
		if (*json->at)
			fail(json, "something behind the object");
		return false;
	}
	if (!take(json, '"') || !take_text(json, ret_name, &n) || !take(json, ':'))
		return fail(json, "a member without a name");
	return true;
}

bool json_value(struct json *json, struct json_value *ret_value)
{
	ret_value->n_pairs = ret_value->n = 0;
	ret_value->text = "";
	skip_blanks(json);
	if (take(json, '"')) {
		ret_value->type = JSON_TEXT;
		return take_text(json, &ret_value->text, &ret_value->n);
	}
	if (take(json, '{'))
		return take_pairs(json, ret_value);
	return take_plain(json, ret_value);
}
