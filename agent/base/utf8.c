/* SPDX-License-Identifier: Apache-2.0 */
#include "utf8.h"

#include "macros.h"

/* RFC 3629, section 4: which second bytes follow which first bytes. */
static const struct {
	uint8_t first_low, first_high, second_low, second_high;
	size_t length;
} forms[] = {
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 },
	{ 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

static size_t multibyte_length(const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < LENGTH(forms); i++) {
		if (bytes[0] < forms[i].first_low || bytes[0] > forms[i].first_high)
			continue;
		if (n < forms[i].length || bytes[1] < forms[i].second_low ||
			bytes[1] > forms[i].second_high)
			return 0;
		for (size_t k = 2; k < forms[i].length; k++) {
			if ((bytes[k] & 0xc0) != 0x80)
				return 0;
		}
		return forms[i].length;
	}
	return 0;
}

size_t utf8_length(const char *text, size_t n)
{
	if ((uint8_t)*text < 0x80)
		return 1;
	return multibyte_length((const uint8_t *)text, n);
}

size_t utf8_valid_prefix(const char *text, size_t n)
{
	size_t i = 0;

	while (i < n) {
		size_t length = utf8_length(text + i, n - i);

		if (length == 0)
			break;
		i += length;
	}
	return i;
}

void utf8_append_repaired(struct buffer *to, const char *text, size_t n)
{
	for (;;) {
		size_t valid = utf8_valid_prefix(text, n);

		buffer_append(to, text, valid);
		if (valid == n)
			return;
		buffer_append_text(to, "\xef\xbf\xbd");
		text += valid + 1;
		n -= valid + 1;
	}
}
