/* SPDX-License-Identifier: Apache-2.0 */
#include "scan.h"

#include <string.h>

bool scan_line(struct scan *text, struct scan *ret_line)
{
	const char *newline;

	if (text->at == text->end)
		return false;
	newline = memchr(text->at, '\n', scan_left(text));
	*ret_line = (struct scan){ text->at, newline ? newline : text->end };
	text->at = newline ? newline + 1 : text->end;
	return true;
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static void skip_blanks(struct scan *line)
{
	while (line->at < line->end && is_blank(*line->at))
		line->at++;
}

bool scan_word(struct scan *line, struct scan *ret_word)
{
	const char *from;

	skip_blanks(line);
	from = line->at;
	while (line->at < line->end && !is_blank(*line->at))
		line->at++;
	if (line->at == from)
		return false;
	*ret_word = (struct scan){ from, line->at };
	return true;
}

bool scan_until(struct scan *line, char byte, struct scan *ret_part)
{
	const char *found;

	if (line->at == line->end)
		return false;
	found = memchr(line->at, byte, scan_left(line));
	if (!found)
		return false;
	*ret_part = (struct scan){ line->at, found };
	line->at = found + 1;
	return true;
}

bool scan_text(struct scan *line, const char *text)
{
	struct scan ahead = *line;
	size_t size = strlen(text);

	skip_blanks(&ahead);
	if (scan_left(&ahead) < size || (size > 0 && memcmp(ahead.at, text, size) != 0))
		return false;
	line->at = ahead.at + size;
	return true;
}

static bool next_digit(struct scan *line, unsigned int *ret_digit)
{
	if (line->at == line->end || *line->at < '0' || *line->at > '9')
		return false;
	*ret_digit = (unsigned int)(*line->at++ - '0');
	return true;
}

/* Goes on with a number of which value has been read. False where it overflows. */
static bool add_digits(struct scan *line, uint64_t *value, uint32_t *ret_count)
{
	unsigned int digit;

	*ret_count = 0;
	while (next_digit(line, &digit)) {
		if (__builtin_mul_overflow(*value, UINT64_C(10), value) ||
			__builtin_add_overflow(*value, (uint64_t)digit, value))
			return false;
		++*ret_count;
	}
	return true;
}

bool scan_unsigned(struct scan *line, uint64_t *ret_value)
{
	uint64_t value = 0;
	uint32_t count;

	skip_blanks(line);
	if (!add_digits(line, &value, &count) || count == 0)
		return false;
	*ret_value = value;
	return true;
}

bool scan_signed(struct scan *line, int64_t *ret_value)
{
	bool negative = scan_text(line, "-");
	uint64_t value;

	if (!scan_unsigned(line, &value) || value > INT64_MAX)
		return false;
	*ret_value = negative ? -(int64_t)value : (int64_t)value;
	return true;
}

bool scan_decimal(struct scan *line, struct scan_decimal *ret_value)
{
	uint64_t value = 0;
	uint32_t whole, scale = 0;

	skip_blanks(line);
	if (!add_digits(line, &value, &whole) || whole == 0)
		return false;
	if (line->at < line->end && *line->at == '.') {
		line->at++;
		if (!add_digits(line, &value, &scale))
			return false;
	}
	if (value > INT64_MAX || scale > SCAN_MAX_SCALE)
		return false;
	*ret_value = (struct scan_decimal){ (int64_t)value, scale };
	return true;
}

bool scan_is(const struct scan *scan, const char *text)
{
	size_t size = strlen(text);

	return scan_left(scan) == size &&
	       (size == 0 || memcmp(scan->at, text, size) == 0);
}
