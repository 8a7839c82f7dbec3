/* SPDX-License-Identifier: Apache-2.0 */
#include "utf8.h"

#include <stdint.h>

/* The smallest character of each length: what is less has a shorter form. */
static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };

static size_t length_of_first(unsigned char first)
{
	return first < 0x80                    ? 1
	       : first >= 0xc0 && first < 0xe0 ? 2
	       : first >= 0xe0 && first < 0xf0 ? 3
	       : first >= 0xf0 && first < 0xf8 ? 4
					       : 0;
}

size_t rk_utf8_length(const char *text, size_t n)
{
	size_t length = n > 0 ? length_of_first((unsigned char)text[0]) : 0;
	uint32_t character;

	if (length < 2 || length > n)
		return length > n ? 0 : length;
	character = (unsigned char)text[0] & (0x7fu >> length);
	for (size_t i = 1; i < length; i++) {
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			return 0;
		character = character << 6 | ((unsigned char)text[i] & 0x3f);
	}
	if (character < smallest[length] || character > 0x10ffff ||
		(character >= 0xd800 && character <= 0xdfff))
		return 0;
	return length;
}
