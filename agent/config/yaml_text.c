/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml_text.h"

#include "bind_scalar.h"

#include "base/buffer.h"
#include "base/macros.h"
#include "base/number.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "base/units.h"
#include "base/utf8.h"

#include <string.h>

/* Words that some reader of YAML takes for something else than a text. */
static bool is_word(const char *text)
{
	static const char *const words[] = { "null", "true", "false", "yes", "no", "on",
		"off", "y", "n" };

	for (size_t i = 0; i < LENGTH(words); i++) {
		if (strcasecmp(text, words[i]) == 0)
			return true;
	}
	return false;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Only what no reader can take for anything else goes without quotes. */
static bool is_plain(const char *text)
{
	if (!is_letter(text[0]) && text[0] != '/')
		return false;
	for (const char *at = text; *at; at++) {
		bool is_inner = *at == ':' && (at[1] == '/' || is_letter(at[1]));

		if (!is_letter(*at) && !(*at >= '0' && *at <= '9') &&
			!strchr("/_.-+@%", *at) && !is_inner)
			return false;
	}
	return !is_word(text);
}

/* What scan.c refuses, and what nobody would see. */
static bool is_invisible(const char *at, size_t length)
{
	static const char *const texts[] = { "\xe2\x80\xa8", "\xe2\x80\xa9",
		"\xef\xbb\xbf", "\xef\xbf\xbe", "\xef\xbf\xbf" };

	if (length == 2)
		return at[0] == '\xc2' && (unsigned char)at[1] < 0xa0;
	for (size_t i = 0; length == 3 && i < LENGTH(texts); i++) {
		if (memcmp(at, texts[i], 3) == 0)
			return true;
	}
	return false;
}

static void append_invisible(struct buffer *to, const char *at, size_t length)
{
	const unsigned char *bytes = (const unsigned char *)at;
	unsigned int code = length == 2
				    ? (bytes[0] & 0x1fu) << 6 | (bytes[1] & 0x3fu)
				    : (bytes[0] & 0xfu) << 12 | (bytes[1] & 0x3fu) << 6 |
					      (bytes[2] & 0x3fu);

	buffer_append_format(to, "\\u%04x", code);
}

static void append_ascii(struct buffer *to, char c)
{
	if (c == '"' || c == '\\')
		buffer_append_format(to, "\\%c", c);
	else if (c == '\n')
		buffer_append_text(to, "\\n");
	else if (c == '\t')
		buffer_append_text(to, "\\t");
	else if ((unsigned char)c < ' ' || c == 0x7f)
		buffer_append_format(to, "\\x%02x", (unsigned int)(unsigned char)c);
	else
		buffer_append_byte(to, (uint8_t)c);
}

static void append_quoted(struct buffer *to, const char *text, bool escapes_references)
{
	size_t n = strlen(text);

	buffer_append_byte(to, '"');
	for (size_t i = 0; i < n;) {
		size_t length = utf8_length(text + i, n - i);

		if (escapes_references && text[i] == '$' && text[i + 1] == '{')
			buffer_append_byte(to, '$');
		if (length == 1)
			append_ascii(to, text[i]);
		else if (length == 0 || is_invisible(text + i, length))
			append_invisible(to, length ? text + i : "\xef\xbf\xbd",
				length ? length : 3);
		else
			buffer_append(to, text + i, length);
		i += length > 0 ? length : 1;
	}
	buffer_append_byte(to, '"');
}

void yaml_append_text(struct buffer *to, const char *text)
{
	if (is_plain(text))
		buffer_append_text(to, text);
	else
		append_quoted(to, text, true);
}

void yaml_append_key(struct buffer *to, const char *text)
{
	if (is_plain(text))
		buffer_append_text(to, text);
	else
		append_quoted(to, text, false);
}

void yaml_append_comment(struct buffer *to, const char *text)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < n;) {
		size_t length = utf8_length(text + i, n - i);
		bool is_control =
			length == 1 && ((unsigned char)text[i] < ' ' || text[i] == 0x7f);

		if (length == 0 || is_control || is_invisible(text + i, length))
			buffer_append_byte(to, '?');
		else
			buffer_append(to, text + i, length);
		i += length > 0 ? length : 1;
	}
}

static void append_number(
	struct buffer *to, const struct option *option, const struct value *value)
{
	char text[NUMBER_TEXT_SIZE];
	char *end;

	if (option->type == RK_TYPE_INT)
		end = integer_to_text(text, value->integer);
	else if (option->type == RK_TYPE_REAL)
		end = real_to_text(text, value->real);
	else
		end = decimal_to_text(text, value->decimal.digits, value->decimal.scale);
	buffer_append(to, text, (size_t)(end - text));
}

static void append_time(struct buffer *to, int64_t ns)
{
	struct timestamp_cache cache = { 0 };
	char text[TIMESTAMP_TEXT_SIZE];

	buffer_append(to, text, (size_t)(timestamp_to_text(&cache, text, ns) - text));
}

void yaml_append_value(
	struct buffer *to, const struct option *option, const struct value *value)
{
	char text[UNIT_TEXT_SIZE];

	switch (option->type) {
	case RK_TYPE_BOOL:
		buffer_append_text(to, value->boolean ? "true" : "false");
		break;
	case RK_TYPE_INT:
	case RK_TYPE_REAL:
	case RK_TYPE_DECIMAL:
		append_number(to, option, value);
		break;
	case RK_TYPE_DURATION:
		buffer_append_text(to, duration_to_text(text, value->ns));
		break;
	case RK_TYPE_SIZE:
		buffer_append_text(to, size_to_text(text, value->bytes));
		break;
	case RK_TYPE_TIME:
		append_time(to, value->ns);
		break;
	case RK_TYPE_CHOICE:
		yaml_append_text(to, option->choices[value->choice]);
		break;
	case RK_TYPE_STRING:
		yaml_append_text(to, value->text);
		break;
	default:
		buffer_append_text(to, "\"" SECRET_MASK "\"");
		break;
	}
}
