/* SPDX-License-Identifier: Apache-2.0 */
#include "hex.h"

#include <errno.h>

void hex_append(struct buffer *to, const void *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *from = bytes;
	uint8_t *room = buffer_reserve(to, 2 * n);

	if (!room)
		return;
	for (size_t i = 0; i < n; i++) {
		*room++ = (uint8_t)digits[from[i] >> 4];
		*room++ = (uint8_t)digits[from[i] & 15];
	}
	buffer_advance(to, 2 * n);
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int hex_read(const char *digits, size_t n, struct buffer *to)
{
	if (n % 2 != 0)
		return -EINVAL;
	for (size_t i = 0; i < n; i += 2) {
		int high = digit_of(digits[i]), low = digit_of(digits[i + 1]);

		if (high < 0 || low < 0)
			return -EINVAL;
		buffer_append_byte(to, (uint8_t)(high << 4 | low));
	}
	return buffer_failed(to) ? -ENOMEM : 0;
}
