/* SPDX-License-Identifier: Apache-2.0 */
#include "structured_data.h"

#include "base/macros.h"
#include "base/utf8.h"

static bool is_control(unsigned char c)
{
	return c < ' ' || c == 0x7f;
}

static bool is_plain(unsigned char c)
{
	return c < 0x80 && !is_control(c) && c != '"' && c != '\\' && c != ']';
}

static void append_character(struct buffer *to, const char *at, size_t length)
{
	if (length == 0) {
		buffer_append_text(to, "\xef\xbf\xbd");
	} else if (is_control((unsigned char)*at)) {
		buffer_append_byte(to, ' ');
	} else {
		buffer_append(to, at, length);
	}
}

static void append_clean(struct buffer *to, struct slice text, bool escapes)
{
	for (size_t i = 0; i < text.n;) {
		size_t plain = i, length;

		while (plain < text.n && is_plain((unsigned char)text.at[plain]))
			plain++;
		buffer_append(to, text.at + i, plain - i);
		i = plain;
		if (i == text.n)
			break;
		length = utf8_length(text.at + i, text.n - i);
		if (escapes && strchr("\"\\]", text.at[i]) && text.at[i] != '\0')
			buffer_append_byte(to, '\\');
		append_character(to, text.at + i, length);
		i += length ? length : 1;
	}
}

void structured_append_value(struct buffer *to, struct slice text)
{
	append_clean(to, text, true);
}

void structured_append_sentence(struct buffer *to, struct slice text)
{
	append_clean(to, text, false);
}

void structured_append(struct buffer *to, const char *name, struct slice value)
{
	if (value.n == 0)
		return;
	buffer_append_format(to, " %s=\"", name);
	structured_append_value(to, value);
	buffer_append_byte(to, '"');
}

/* "esp.vendor" as "l-esp-vendor". */
static void append_short_name(struct buffer *to, char kind, struct slice name)
{
	char text[PARAMETER_MAX_NAME];

	for (size_t i = 0; i < name.n; i++)
		text[i] = name.at[i] == '.' ? '-' : name.at[i];
	buffer_append_format(to, " %c-%.*s=\"", kind, (int)name.n, text);
}

void structured_append_labels(
	struct buffer *to, char kind, const struct label *labels, size_t n)
{
	unsigned int n_long = 0;

	for (size_t i = 0; i < n; i++) {
		if (labels[i].name.n + 2 <= PARAMETER_MAX_NAME) {
			append_short_name(to, kind, labels[i].name);
		} else {
			buffer_append_format(to, " %c-%u=\"", kind, n_long++);
			structured_append_value(to, labels[i].name);
			buffer_append_byte(to, '=');
		}
		structured_append_value(to, labels[i].value);
		buffer_append_byte(to, '"');
	}
}

void structured_append_field(struct buffer *to, struct slice text, size_t most)
{
	if (text.n == 0)
		buffer_append_byte(to, '-');
	for (size_t i = 0; i < MIN(text.n, most); i++) {
		unsigned char c = (unsigned char)text.at[i];

		buffer_append_byte(to, c > ' ' && c < 0x7f ? c : '?');
	}
}
