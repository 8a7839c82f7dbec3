/* SPDX-License-Identifier: Apache-2.0 */
#include "json_text.h"

#include "base/utf8.h"

static const char *short_escape(unsigned char c)
{
	switch (c) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	default:
		return NULL;
	}
}

static bool is_plain(unsigned char c)
{
	return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

static void append_character(struct buffer *to, const char *at, size_t length)
{
	unsigned char c = (unsigned char)*at;
	const char *escape = short_escape(c);

	if (length == 0)
		buffer_append_text(to, "\xef\xbf\xbd");
	else if (escape)
		buffer_append_text(to, escape);
	else if (c < ' ' || c == 0x7f)
		buffer_append_format(to, "\\u%04x", c);
	else
		buffer_append(to, at, length);
}

void json_append_text(struct buffer *to, struct slice text)
{
	size_t i = 0;

	buffer_append_byte(to, '"');
	while (i < text.n) {
		size_t plain = i, length;

		while (plain < text.n && is_plain((unsigned char)text.at[plain]))
			plain++;
		buffer_append(to, text.at + i, plain - i);
		i = plain;
		if (i == text.n)
			break;
		length = utf8_length(text.at + i, text.n - i);
		append_character(to, text.at + i, length);
		i += length ? length : 1;
	}
	buffer_append_byte(to, '"');
}

void json_append_labels(struct buffer *to, const struct label *labels, size_t n)
{
	buffer_append_byte(to, '{');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buffer_append_byte(to, ',');
		json_append_text(to, labels[i].name);
		buffer_append_byte(to, ':');
		json_append_text(to, labels[i].value);
	}
	buffer_append_byte(to, '}');
}
