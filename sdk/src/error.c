/* SPDX-License-Identifier: Apache-2.0 */
#include "error.h"

#include "utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int put_place(char *to, size_t size, uint32_t line, uint32_t column)
{
	if (line == 0)
		return 0;
	if (column == 0)
		return snprintf(to, size, "line %u: ", line);
	return snprintf(to, size, "line %u, column %u: ", line, column);
}

void rk_error_set(
	struct rk_error *error, uint32_t line, uint32_t column, const char *format, ...)
{
	char text[RK_ERROR_SIZE];
	size_t n, cut = 0;
	va_list arguments;

	if (!error)
		return;
	n = (size_t)put_place(text, sizeof(text), line, column);
	va_start(arguments, format);
	vsnprintf(text + n, sizeof(text) - n, format, arguments);
	va_end(arguments);
	n = strlen(text);
	/* Where it was cut, this may have been within a character. */
	while (cut < n && rk_utf8_length(text + cut, n - cut) > 0)
		cut += rk_utf8_length(text + cut, n - cut);
	text[cut] = '\0';
	*error = (struct rk_error){ .line = line, .column = column };
	memcpy(error->text, text, cut + 1);
}

const char *rk_excerpt(char to[RK_EXCERPT_SIZE], const char *text, size_t n)
{
	static const size_t most = RK_EXCERPT_SIZE - sizeof("...");
	size_t at = 0, used = 0;

	while (at < n) {
		size_t length = rk_utf8_length(text + at, n - at);

		if (used + (length ? length : 1) > most) {
			memcpy(to + used, "...", 3);
			used += 3;
			break;
		}
		if (length == 0 || (unsigned char)text[at] < 0x20 || text[at] == 0x7f) {
			to[used++] = '?';
			at++;
			continue;
		}
		memcpy(to + used, text + at, length);
		used += length;
		at += length;
	}
	to[used] = '\0';
	return to;
}

void rk_text_place(const char *text, size_t at, uint32_t *ret_line, uint32_t *ret_column)
{
	uint32_t line = 1, column = 1;

	for (size_t i = 0; i < at; i++) {
		if (text[i] == '\n') {
			line++;
			column = 1;
		} else if (((unsigned char)text[i] & 0xc0) != 0x80) {
			column++;
		}
	}
	*ret_line = line;
	*ret_column = column;
}
