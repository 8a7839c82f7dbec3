/* SPDX-License-Identifier: Apache-2.0 */
#include "filter.h"

#include <fnmatch.h>
#include <string.h>

enum { LABEL_MAX_SIZE = 1024 };

static bool list_matches(const struct rk_list *list, const char *name)
{
	for (size_t i = 0; i < list->n; i++) {
		if (fnmatch(list->items[i], name, 0) == 0)
			return true;
	}
	return false;
}

bool filter_takes(const struct filter *filter, const char *name)
{
	if (filter->include.n > 0 && !list_matches(&filter->include, name))
		return false;
	return !list_matches(&filter->exclude, name);
}

struct utf8_form {
	unsigned char mask, lead;
	size_t size;
	uint32_t least; /* anything below is an overlong form */
};

static const struct utf8_form utf8_forms[] = {
	{ 0x80, 0x00, 1, 0 },
	{ 0xe0, 0xc0, 2, 0x80 },
	{ 0xf0, 0xe0, 3, 0x800 },
	{ 0xf8, 0xf0, 4, 0x10000 },
};

/* The size of the character that text begins with, 0 where it is none. The NUL at
 * the end continues no character, so it is never passed. */
static size_t utf8_size(const unsigned char *text)
{
	for (size_t i = 0; i < RK_LEN(utf8_forms); i++) {
		const struct utf8_form *form = &utf8_forms[i];
		uint32_t code = text[0] & (unsigned char)~form->mask;

		if ((text[0] & form->mask) != form->lead)
			continue;
		for (size_t k = 1; k < form->size; k++) {
			if ((text[k] & 0xc0) != 0x80)
				return 0;
			code = code << 6 | (text[k] & 0x3f);
		}
		if (code < form->least || code > 0x10ffff ||
			(code >= 0xd800 && code <= 0xdfff))
			return 0;
		return form->size;
	}
	return 0;
}

bool label_fits(const char *value)
{
	const unsigned char *at = (const unsigned char *)value;

	if (strlen(value) > LABEL_MAX_SIZE)
		return false;
	while (*at) {
		size_t size = utf8_size(at);

		if (size == 0)
			return false;
		at += size;
	}
	return true;
}
