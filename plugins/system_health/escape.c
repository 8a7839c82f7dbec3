/* SPDX-License-Identifier: Apache-2.0 */
#include "escape.h"

enum { ESCAPE_SIZE = 4 };

/* The byte that "\ooo" stands for; false where it is no such thing. A NUL is in no
 * file name. */
static bool read_escape(const char *at, size_t left, char *ret_byte)
{
	unsigned int value = 0;

	if (left < ESCAPE_SIZE || at[0] != '\\')
		return false;
	for (size_t i = 1; i < ESCAPE_SIZE; i++) {
		if (at[i] < '0' || at[i] > '7')
			return false;
		value = value * 8 + (unsigned int)(at[i] - '0');
	}
	if (value == 0 || value > 0xff)
		return false;
	*ret_byte = (char)value;
	return true;
}

bool escape_undo(const struct scan *written, char *to, size_t room)
{
	struct scan left = *written;
	size_t n = 0;

	while (left.at < left.end) {
		char byte = *left.at;

		if (n + 1 >= room || byte == '\0')
			return false;
		left.at +=
			read_escape(left.at, scan_left(&left), &byte) ? ESCAPE_SIZE : 1;
		to[n++] = byte;
	}
	if (room == 0)
		return false;
	to[n] = '\0';
	return true;
}
