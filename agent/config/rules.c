/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include "base/text.h"

#include <stdbool.h>
#include <string.h>

enum {
	ID_MAX_SIZE = 64,
	LABEL_NAME_MAX_SIZE = 64,
	LABEL_VALUE_MAX_SIZE = 1024,
	PREFIX_MAX_SIZE = 32,
};

static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

const char *rule_id(const char *text)
{
	static const char why[] =
		"is no id: use 1 to 64 letters, digits, '_', '.' and '-', beginning "
		"with a letter or digit";
	size_t n = strlen(text);

	if (n == 0 || n > ID_MAX_SIZE || !is_letter_or_digit(text[0]))
		return why;
	for (size_t i = 1; i < n; i++) {
		if (!is_letter_or_digit(text[i]) && !strchr("_.-", text[i]))
			return why;
	}
	return NULL;
}

const char *rule_label_name(const char *text)
{
	if (text_is_name(text, LABEL_NAME_MAX_SIZE, "."))
		return NULL;
	return "is no label's name: use 1 to 64 of a-z, 0-9, '_' and '.', beginning with "
	       "a letter";
}

const char *rule_label_value(const char *text)
{
	if (strlen(text) > LABEL_VALUE_MAX_SIZE)
		return "is longer than 1024 bytes";
	for (const char *at = text; *at; at++) {
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			return "holds a control character";
	}
	return NULL;
}

const char *rule_name(const char *text)
{
	return *text ? rule_label_value(text) : "is empty";
}

const char *rule_prefix(const char *text)
{
	if (text_is_name(text, PREFIX_MAX_SIZE, "."))
		return NULL;
	return "begins no metric's name: use 1 to 32 of a-z, 0-9, '_' and '.', beginning "
	       "with a letter";
}
